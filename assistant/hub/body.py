"""One request for the bytes of a file: where it may go, and what the answer has to look like."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urljoin

import httpx2

from assistant import __version__
from assistant.domain.errors import (
    CaptivePortalError,
    HearthError,
    HubServerError,
    SizeMismatchError,
)
from assistant.hub.answers import error_for_status, is_web_page, retry_after_s
from assistant.hub.endpoint import Endpoint
from assistant.hub.partial import Wanted

_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WORTH_RETRYING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
_CONTENT_RANGE: Final = re.compile(r"bytes (?:(\d{1,15})-(\d{1,15})|\*)/(\d{1,15}|\*)")
_LOOPBACK: Final = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class RetryError(Exception):
    """Worth another try; `error` is what to say if none helps."""

    def __init__(self, error: HearthError, wait_s: int | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait_s = wait_s
        """Seconds that the server asked for."""


class WrongRangeError(RetryError):
    """The server sent another part of the file than was asked for."""


def make_client(read_timeout_s: float) -> httpx2.AsyncClient:
    """A client for file bodies: redirects are followed by hand, nothing is decompressed."""
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(15.0, read=read_timeout_s),
        # What stays on this computer passes no proxy: http there may carry the token.
        mounts=dict.fromkeys(_LOOPBACK),
        headers={"User-Agent": f"hearth/{__version__}", "Accept-Encoding": "identity"},
    )


@asynccontextmanager
async def open_body(
    client: httpx2.AsyncClient, wanted: Wanted, token: str | None, offset: int, etag: str | None
) -> AsyncIterator[httpx2.Response]:
    """Ask for a file from a byte on. The answer is 200 (from the first byte), 206 or an error.

    Raises:
        RetryError: a refusal that may pass: 429, 5xx, a range that was not asked for.
        HearthError: a final refusal, a web page, a compressed body, a wrong size.

    """
    response = await _follow(client, wanted, token, _range_headers(offset, etag))
    try:
        _check(response, wanted, offset)
        yield response
    finally:
        await response.aclose()


async def _follow(
    client: httpx2.AsyncClient, wanted: Wanted, token: str | None, headers: Mapping[str, str]
) -> httpx2.Response:
    endpoint = Endpoint.parse(wanted.endpoint)
    url = f"{endpoint.url}/{wanted.repo}/resolve/{wanted.commit}/{quote(wanted.path)}"
    for _ in range(_MAX_REDIRECTS + 1):
        own = {"Authorization": f"Bearer {token}"} if token and endpoint.owns(url) else {}
        try:
            request = client.build_request("GET", url, headers={**headers, **own})
        except httpx2.InvalidURL as error:
            raise HubServerError(host=endpoint.host, detail="a redirect to nowhere") from error
        response = await client.send(request, stream=True, follow_redirects=False)
        if response.status_code not in _REDIRECTS:
            return response
        await response.aclose()
        url = urljoin(url, response.headers.get("location", ""))
        if not endpoint.allows(url):
            raise HubServerError(host=endpoint.host, detail="a redirect to a place not allowed")
    raise HubServerError(host=endpoint.host, detail="too many redirects")


def _range_headers(offset: int, etag: str | None) -> dict[str, str]:
    if offset == 0:
        return {}
    condition = {"If-Range": etag} if etag else {}
    return {"Range": f"bytes={offset}-", **condition}


def _check(response: httpx2.Response, wanted: Wanted, offset: int) -> None:
    host = wanted.host
    status, headers = response.status_code, response.headers
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        _check_size(headers.get("content-range", ""), wanted, host)
        raise WrongRangeError(HubServerError(host=host, detail="HTTP 416"))
    if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise _refusal(response, wanted, host)
    if is_web_page(headers):
        raise CaptivePortalError(host=host)
    if headers.get("content-encoding", "identity") != "identity":
        raise HubServerError(host=host, detail="a compressed body that was not asked for")
    start = 0
    if status == HTTPStatus.PARTIAL_CONTENT:
        start = offset
        _check_range(headers.get("content-range", ""), wanted, offset, host)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and start + int(length[:18]) != wanted.size_bytes:
        raise _wrong_size(wanted, host, start + int(length[:18]))


def _refusal(response: httpx2.Response, wanted: Wanted, host: str) -> Exception:
    status, headers = response.status_code, response.headers
    endpoint = Endpoint.parse(wanted.endpoint)
    what = f"{wanted.repo}/{wanted.path}"
    if not endpoint.owns(str(response.url)) and status in {401, 403, 404, 410}:
        # The Hub let us pass; the address that it signed has run out, or its CDN is behind.
        return RetryError(HubServerError(host=host, detail=f"HTTP {status}"))
    error = error_for_status(status, headers, host=host, repo=wanted.repo, what=what)
    if status in _WORTH_RETRYING:
        return RetryError(error, retry_after_s(headers))
    return error


def _check_range(text: str, wanted: Wanted, offset: int, host: str) -> None:
    _check_size(text, wanted, host)
    found = _CONTENT_RANGE.fullmatch(text)
    if found is None or found[1] is None or int(found[1]) != offset:
        raise WrongRangeError(HubServerError(host=host, detail="another part than asked for"))


def _check_size(text: str, wanted: Wanted, host: str) -> None:
    """Compare the whole size in a `Content-Range` with the listing (RFC 9110, 14.4)."""
    found = _CONTENT_RANGE.fullmatch(text)
    if found is not None and found[3] != "*" and int(found[3]) != wanted.size_bytes:
        raise _wrong_size(wanted, host, int(found[3]))


def _wrong_size(wanted: Wanted, host: str, actual: int) -> SizeMismatchError:
    return SizeMismatchError(name=wanted.path, host=host, actual=actual, expected=wanted.size_bytes)
