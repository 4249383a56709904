"""Our own transfer of a file's bytes: resumes, checks, and gives a file its name only when right.

huggingface-hub no longer resumes and never compares the SHA-256, so it does not move bytes here.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import httpx2

from assistant.domain.errors import (
    ChecksumError,
    DownloadInterruptedError,
    HearthError,
    HubCertificateError,
    HubProxyError,
    SizeMismatchError,
)
from assistant.domain.llm import DownloadState
from assistant.hub.answers import error_for_failure
from assistant.hub.body import RetryError, WrongRangeError, make_client, open_body
from assistant.hub.disk import disk_error
from assistant.hub.endpoint import Endpoint, TokenSource, read_token
from assistant.hub.layout import CacheLayout
from assistant.hub.partial import PartialFile, Wanted

_P = ParamSpec("_P")
_T = TypeVar("_T")

BUFFER_BYTES: Final = 512 * 1024
"""Written at once; the most that a killed process has to fetch again."""
MAX_VAIN_ATTEMPTS: Final = 8
"""Attempts in a row that bring not one new byte."""
MAX_SLOW_ATTEMPTS: Final = 3
_SLOW_WINDOW_S: Final = 60.0
_SLOW_BYTES_PER_S: Final = 1024
_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0
_LONGEST_OBEYED_WAIT_S: Final = 300
_LOCK_WAIT_S: Final = 0.5
_PROGRESS_STEP_S: Final = 0.1

Progress = Callable[[int, DownloadState], None]
"""Called with the bytes that are here, at most 10 times a second; and whether they are arriving
(`RUNNING`) or being read again to be checked (`VERIFYING`)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Time, for tests to take over."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    """0 to 1: how much of the second half of a wait is waited."""
    read_timeout_s: float = _SLOW_WINDOW_S


class SpeedWatch:
    """Notices a line that is open but brings less than 1 KiB/s for a minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = clock()
        self._bytes = 0

    def is_too_slow(self, received: int) -> bool:
        """Count bytes; True where the minute that they end was too slow."""
        self._bytes += received
        elapsed = self._clock() - self._since
        if elapsed < _SLOW_WINDOW_S:
            return False
        slow = self._bytes < elapsed * _SLOW_BYTES_PER_S
        self._since, self._bytes = self._clock(), 0
        return slow


@dataclass(slots=True)
class _Run:
    """How one fetch is going: what decides whether another attempt makes sense."""

    wanted: Wanted
    partial: PartialFile
    watch_progress: Progress
    best: int = 0
    vain: int = 0
    slow: int = 0
    wrong_ranges: int = 0
    wrong_hashes: list[str] = field(default_factory=list)
    told_at: float = float("-inf")


class _TooSlowError(Exception):
    """Less than 1 KiB/s for a minute."""


class Transfer:
    """Fetches files into a cache layout. One object serves any number of fetches at once.

    `endpoint` gives the Hub's address in the settings: the token is for that one only.
    """

    def __init__(
        self,
        layout: CacheLayout,
        partial_folder: Path,
        token: TokenSource,
        endpoint: Callable[[], str],
        *,
        timing: Timing | None = None,
        client: Callable[[float], httpx2.AsyncClient] = make_client,
    ) -> None:
        self._layout = layout
        self._folder = partial_folder
        self._token = token
        self._endpoint = endpoint
        self._timing = timing or Timing()
        self._client = client

    async def fetch(self, wanted: Wanted, revision: str, progress: Progress) -> Path:
        """Bring a file here, whole and right; gives its path in the snapshot.

        Cancelling the task stops it at once. Whatever arrived stays in the partial folder and
        is used by the next fetch of the same file, in this process or another one.

        Raises:
            HearthError: it can't be had now, or not at all; what arrived is kept.

        """
        partial = PartialFile(self._folder, wanted)
        run = _Run(wanted, partial, progress)
        try:
            return await self._fetch_locked(run, revision)
        except OSError as error:
            left = wanted.size_bytes - partial.size
            raise disk_error(error, self._folder, left, wanted.size_bytes) from error
        finally:
            await _in_thread(partial.close)

    def size_here(self, wanted: Wanted) -> int:
        """Bytes of a file that are on this disk already."""
        if wanted.sha256 and self._layout.holds(wanted.repo, wanted.sha256, wanted.size_bytes):
            return wanted.size_bytes
        return min(PartialFile(self._folder, wanted).size_on_disk(), wanted.size_bytes)

    def has_evidence(self, wanted: Wanted) -> bool:
        """Whether this file came twice with a wrong hash, and was set aside."""
        return PartialFile(self._folder, wanted).evidence.exists()

    def is_here(self, wanted: Wanted) -> bool:
        """Whether the whole file lies in its snapshot."""
        try:
            return self._layout.snapshot(wanted.place).stat().st_size == wanted.size_bytes
        except OSError:
            return False

    async def take_back(self, wanted: Wanted) -> None:
        """Delete a file that is whole, but of a model that will not be."""
        await _in_thread(self._layout.remove, self._layout.snapshot(wanted.place))

    async def forget(self, wanted: Wanted) -> None:
        """Delete what arrived of a file that nobody wants any more.

        A file that another process is fetching is left to it.
        """
        partial = PartialFile(self._folder, wanted)
        if not await _in_thread(partial.try_lock):
            return
        try:
            await _in_thread(partial.forget)
        finally:
            await _in_thread(partial.close)

    # --- one fetch --------------------------------------------------------------------------

    async def _fetch_locked(self, run: _Run, revision: str) -> Path:
        wanted, partial = run.wanted, run.partial
        while not await _in_thread(partial.try_lock):
            run.watch_progress(self.size_here(wanted), DownloadState.RUNNING)
            await self._timing.sleep(_LOCK_WAIT_S)
        known = wanted.sha256
        if known and self._layout.holds(wanted.repo, known, wanted.size_bytes):
            await _in_thread(partial.forget)
        else:
            partial.evidence.unlink(missing_ok=True)
            await self._open(run)
            known = await self._fetch_right(run)
            await _in_thread(self._layout.add, partial.path, known, wanted.place)
        path = await _in_thread(self._layout.link, known, wanted.place, revision)
        await _in_thread(partial.note.unlink, missing_ok=True)
        run.watch_progress(wanted.size_bytes, DownloadState.RUNNING)
        return path

    async def _open(self, run: _Run) -> None:
        partial = run.partial
        await _in_thread(partial.open)
        while await _in_thread(partial.hash_step):
            self._tell(run, DownloadState.VERIFYING)
        run.best = partial.size

    async def _fetch_right(self, run: _Run) -> str:
        """Fetch until the hash is right; after a wrong one, once more from the first byte."""
        wanted, partial = run.wanted, run.partial
        while True:
            await self._fetch_whole(run)
            digest = await _in_thread(partial.finish)
            if wanted.sha256 in {None, digest}:
                return digest
            if run.wrong_hashes:
                await _in_thread(partial.keep_as_evidence, digest)
                host = wanted.host
                raise ChecksumError(name=wanted.path, host=host)
            run.wrong_hashes.append(digest)
            run.best = 0
            await _in_thread(partial.open)
            await _in_thread(partial.restart)

    async def _fetch_whole(self, run: _Run) -> None:
        wanted = run.wanted
        token = await self._token_for(wanted)
        async with self._client(self._timing.read_timeout_s) as client:
            while run.partial.size < wanted.size_bytes:
                try:
                    await self._attempt(client, run, token)
                except (RetryError, _TooSlowError, httpx2.TransportError) as error:
                    await self._wait_after(run, error)

    async def _token_for(self, wanted: Wanted) -> str | None:
        """The token is for the Hub in the settings, not for one that an old download is from."""
        endpoint = Endpoint.parse(wanted.endpoint)
        if not endpoint.owns(self._endpoint()):
            return None
        return await read_token(self._token, endpoint, wanted.repo)

    async def _attempt(self, client: httpx2.AsyncClient, run: _Run, token: str | None) -> None:
        partial, wanted = run.partial, run.wanted
        async with AsyncExitStack() as stack:
            opening = open_body(client, wanted, token, partial.size, partial.etag)
            response = await stack.enter_async_context(opening)
            if response.status_code == httpx2.codes.OK:
                if partial.size:
                    await _in_thread(partial.restart)
                await _in_thread(partial.set_etag, response.headers.get("etag"))
            await self._receive(response, run)
        if partial.size < wanted.size_bytes:
            raise RetryError(DownloadInterruptedError(name=wanted.path))

    async def _receive(self, response: httpx2.Response, run: _Run) -> None:
        watch = SpeedWatch(self._timing.clock)
        waiting = bytearray()
        try:
            async for chunk in response.aiter_raw():
                self._check_length(run, len(waiting) + len(chunk))
                waiting += chunk
                if len(waiting) >= BUFFER_BYTES:
                    await self._write(run, waiting)
                self._tell(run, DownloadState.RUNNING, len(waiting))
                if watch.is_too_slow(len(chunk)):
                    raise _TooSlowError
        finally:
            await self._write(run, waiting)

    async def _write(self, run: _Run, waiting: bytearray) -> None:
        if waiting:
            data = bytes(waiting)
            waiting.clear()
            await _in_thread(run.partial.write, data)

    def _check_length(self, run: _Run, unwritten: int) -> None:
        actual, expected = run.partial.size + unwritten, run.wanted.size_bytes
        if actual > expected:
            host = run.wanted.host
            raise SizeMismatchError(
                name=run.wanted.path, host=host, actual=actual, expected=expected
            )

    # --- between attempts -------------------------------------------------------------------

    async def _wait_after(self, run: _Run, error: Exception) -> None:
        """Wait before the next attempt.

        Raises:
            HearthError: enough attempts; the reason of the last one.

        """
        partial = run.partial
        if partial.size == run.wanted.size_bytes:
            return
        progressed = partial.size > run.best
        run.best = max(run.best, partial.size)
        run.vain = 0 if progressed else run.vain + 1
        is_slow = isinstance(error, _TooSlowError | httpx2.ReadTimeout)
        run.slow = run.slow + 1 if is_slow else 0
        reason = _last_word(error, run.wanted)
        hopeless = isinstance(reason, HubCertificateError | HubProxyError)
        if hopeless or run.vain >= MAX_VAIN_ATTEMPTS or run.slow > MAX_SLOW_ATTEMPTS:
            raise reason from error
        if isinstance(error, WrongRangeError):
            run.wrong_ranges += 1
            if run.wrong_ranges > 1:  # this server can't count: ask for the whole file instead
                await _in_thread(partial.restart)
        asked = error.wait_s if isinstance(error, RetryError) else None
        if asked is not None and asked > _LONGEST_OBEYED_WAIT_S:
            raise reason from error
        wait = min(_FIRST_WAIT_S * 2**run.vain, _LONGEST_WAIT_S)
        wait *= 0.5 + 0.5 * self._timing.jitter()
        await self._timing.sleep(max(wait, asked or 0))

    def _tell(self, run: _Run, state: DownloadState, unwritten: int = 0) -> None:
        now = self._timing.clock()
        if now - run.told_at >= _PROGRESS_STEP_S:
            run.told_at = now
            run.watch_progress(run.partial.size + unwritten, state)


def _last_word(error: Exception, wanted: Wanted) -> HearthError:
    """Say why, when no further attempt is made."""
    if isinstance(error, RetryError):
        return error.error
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return error_for_failure(error, host=wanted.host)
    return DownloadInterruptedError(name=wanted.path)


async def _in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run disk work beside the event loop.

    A cancelled task waits for the work that is under way before it goes: a file is never closed
    while a thread still writes it.
    """
    work = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()
        raise
