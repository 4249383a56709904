"""huggingface-hub, held at arm's length: the one place that imports it.

Import this module only where a Hub is really asked (it costs time at start), and nowhere import
`huggingface_hub` itself: it reads its switches from the environment once, when it is imported.
"""

import os
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

import httpx2

from assistant.domain.errors import CaptivePortalError, HubServerError, OfflineError
from assistant.hub.answers import error_for_failure, error_for_status, is_web_page
from assistant.hub.endpoint import Endpoint

_SWITCHES: Final = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_EXPERIMENTAL_WARNING": "1",
    "HF_HUB_VERBOSITY": "critical",  # its warnings would print what a server sent
}
os.environ.update(_SWITCHES)

import huggingface_hub  # noqa: E402 - reads the switches above when it is imported
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled  # noqa: E402 - likewise

MAX_ANSWER_BYTES: Final = 64 << 20
"""The listing of a repository with 100,000 files has about 40 MB."""
_TOTAL_S: Final = 60.0
_STEP_S: Final = 15.0
_MAX_REDIRECTS: Final = 5
_LOOPBACK: Final = ("all://127.0.0.1", "all://localhost", "all://[::1]")

_asked: ContextVar[Endpoint] = ContextVar("asked")
"""The Hub that the running call may reach. Without one, huggingface-hub can send nothing."""


class _EndlessAnswerError(httpx2.TransportError):
    """The answer is too long, or takes too long."""


class _BoundedStream(httpx2.SyncByteStream):
    """A body that ends with an error where it gets too long, in bytes or in seconds."""

    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        left, end = MAX_ANSWER_BYTES, time.monotonic() + _TOTAL_S
        for chunk in self._inner:
            left -= len(chunk)
            if left < 0 or time.monotonic() > end:
                raise _EndlessAnswerError("the answer has no end")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def fetch_model_info(
    endpoint: Endpoint, repo: str, revision: str, token: str | None
) -> huggingface_hub.ModelInfo:
    """Ask the Hub for a repository with its files, their sizes and LFS hashes. Blocks.

    Nothing in the answer has been checked yet.

    Raises:
        HearthError: refused, unreachable, or an answer that makes no sense.

    """
    reset = _asked.set(endpoint)
    host = endpoint.host
    try:
        return _api(endpoint, token).model_info(
            repo, revision=None if revision == "main" else revision, files_metadata=True
        )
    except HfHubHTTPError as error:
        status, headers = error.response.status_code, error.response.headers
        what = repo if revision == "main" else f"{repo}@{revision}"
        raise error_for_status(status, headers, host=host, repo=repo, what=what) from error
    except (_EndlessAnswerError, httpx2.TooManyRedirects, httpx2.DecodingError) as error:
        raise HubServerError(host=host, detail="an answer that makes no sense") from error
    except OfflineModeIsEnabled as error:
        raise OfflineError(host=host) from error
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        raise error_for_failure(error, host=host) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise HubServerError(host=host, detail="an answer that makes no sense") from error
    finally:
        _asked.reset(reset)


def close_session() -> None:
    """Close the lines that are kept open; the next call opens new ones."""
    huggingface_hub.close_session()


def _api(endpoint: Endpoint, token: str | None) -> huggingface_hub.HfApi:
    return huggingface_hub.HfApi(endpoint=endpoint.url, token=token or False, library_name="hearth")


def _guard_request(request: httpx2.Request) -> None:
    """Before each hop: only where the endpoint allows, and the token only to its own host."""
    endpoint = _asked.get()
    if huggingface_hub.constants.HF_HUB_OFFLINE:
        raise OfflineError(host=endpoint.host)
    if not endpoint.allows(str(request.url)):
        raise HubServerError(host=endpoint.host, detail="a redirect to a place not allowed")
    if not endpoint.owns(str(request.url)):
        request.headers.pop("authorization", None)
    request.headers["accept-encoding"] = "identity"


def _guard_response(response: httpx2.Response) -> None:
    """After each hop: no web page for data, nothing compressed, nothing endless."""
    host = _asked.get().host
    if response.is_success and is_web_page(response.headers):
        raise CaptivePortalError(host=host)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise HubServerError(host=host, detail="a compressed answer that was not asked for")
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(response.stream)


def _make_client() -> httpx2.Client:
    return httpx2.Client(
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
        timeout=_STEP_S,
        # What stays on this computer passes no proxy: http there may carry the token.
        mounts=dict.fromkeys(_LOOPBACK),
        event_hooks={"request": [_guard_request], "response": [_guard_response]},
    )


huggingface_hub.set_client_factory(_make_client)
