"""What a Hub's refusals and a line's failures mean to the user: each becomes one typed error."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ssl import SSLError
from typing import Final

import httpx2

from assistant.domain.errors import (
    CaptivePortalError,
    HearthError,
    HubAuthError,
    HubCertificateError,
    HubGatedError,
    HubNotFoundError,
    HubProxyError,
    HubRateLimitError,
    HubServerError,
    OfflineError,
)

DEFAULT_WAIT_S: Final = 30
MAX_WAIT_S: Final = 3600
_RATE_LIMIT_RESET: Final = re.compile(r";\s*t=(\d{1,6})")


def error_for_status(
    status: int, headers: Mapping[str, str], *, host: str, repo: str, what: str
) -> HearthError:
    """Say what an HTTP status of 400 and more means.

    The Hub says more than the status in `X-Error-Code`: `GatedRepo` comes with 401 as well as with
    403, and a repository that does not exist is a 401 to somebody without a token.
    """
    errors: dict[int | str, HearthError] = {
        "GatedRepo": HubGatedError(host=host, repo=repo),
        "RepoNotFound": HubNotFoundError(host=host, what=what),
        "RevisionNotFound": HubNotFoundError(host=host, what=what),
        "EntryNotFound": HubNotFoundError(host=host, what=what),
        HTTPStatus.UNAUTHORIZED: HubAuthError(host=host, repo=repo),
        HTTPStatus.FORBIDDEN: HubGatedError(host=host, repo=repo),
        HTTPStatus.NOT_FOUND: HubNotFoundError(host=host, what=what),
        HTTPStatus.GONE: HubNotFoundError(host=host, what=what),
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: HubProxyError(
            host=host, detail="it asks for a name and a password"
        ),
        HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED: CaptivePortalError(host=host),
        HTTPStatus.TOO_MANY_REQUESTS: HubRateLimitError(
            host=host, retry_after_s=retry_after_s(headers) or DEFAULT_WAIT_S
        ),
    }
    known = errors.get(headers.get("x-error-code", "")) or errors.get(status)
    return known or HubServerError(host=host, detail=f"HTTP {status}")


def error_for_failure(error: BaseException, *, host: str) -> HearthError:
    """Say why a request got no answer: name, line, proxy or certificate."""
    chain = list(_causes(error))
    if any(isinstance(cause, SSLError) for cause in chain):
        return HubCertificateError(host=host)
    if any(isinstance(cause, httpx2.ProxyError) for cause in chain):
        return HubProxyError(host=host, detail="it refused the connection")
    return OfflineError(host=host)


def is_web_page(headers: Mapping[str, str]) -> bool:
    """Whether an answer is HTML: never metadata and never a model."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml"}


def retry_after_s(headers: Mapping[str, str]) -> int | None:
    """Seconds to wait as the server asks, rounded up and capped at an hour; None without word.

    Reads `Retry-After` (seconds or a date, RFC 9110, 10.2.3) and the Hub's `RateLimit` (`t=`).
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), MAX_WAIT_S)
    reset = _RATE_LIMIT_RESET.search(headers.get("ratelimit", ""))
    if not text:
        return min(int(reset.group(1)), MAX_WAIT_S) if reset else None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(int(seconds) + 1, 0), MAX_WAIT_S)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
