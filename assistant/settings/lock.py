"""One app per data folder: a lock that ends with its process, however that ends."""

import asyncio
import errno
import json
import logging
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from assistant.domain.errors import AlreadyRunningError, HistoryDiskError
from assistant.settings import doorbell
from assistant.settings.durable import write_durably

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 3.0
"""A first app that has just started gets so long until it can answer a second one."""
_RETRY_S = 0.05

PATIENCE_S = 60.0
"""For another process that is opening the history: a keyring's prompt is within this."""

OnRaise = Callable[[Path | None], None]


class DataFolderLock:
    """The lock of one data folder.

    The system holds it (flock, or a locked byte on Windows), so a dead process leaves none
    behind. The process, the time of its start and the address of its doorbell are noted beside.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._note = path.with_suffix(".json")
        self._descriptor: int | None = None
        self._doorbell: doorbell.Doorbell | None = None
        self._on_raise: OnRaise | None = None
        self._waiting: deque[Path | None] = deque()

    @property
    def on_raise(self) -> OnRaise | None:
        """What is called, on another thread, when a second start asks for the window.

        It gets the file that is to be opened, or None. Requests from before it was set follow.
        """
        return self._on_raise

    @on_raise.setter
    def on_raise(self, callback: OnRaise | None) -> None:
        self._on_raise = callback
        self._hand_over()

    def acquire(self) -> None:
        """Take the lock and listen for second starts.

        Raises AlreadyRunningError where another process has it, HistoryDiskError where the
        folder can't be written.
        """
        descriptor = _open_lock(self._path)
        if descriptor is None:
            return
        try:
            free = _try_lock(descriptor)
        except HistoryDiskError:
            os.close(descriptor)
            raise
        if not free:
            os.close(descriptor)
            raise AlreadyRunningError(path=str(self._path.parent))
        self._descriptor = descriptor
        self._hang_doorbell()

    def ask_first(self, open_file: Path | None = None) -> bool:
        """Ask the app that has the lock to show its window, and to open a file.

        Tells whether it answered. Blocks for some seconds at most.
        """
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while True:
            if doorbell.ring(self._read_note(), open_file):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_RETRY_S)

    def release(self) -> None:
        """Give the lock back. Harmless when repeated."""
        if self._doorbell is not None:
            self._doorbell.close()
            self._doorbell = None
        if self._descriptor is not None:
            # The files stay: taking a lock's file away races with the next start.
            os.close(self._descriptor)
            self._descriptor = None

    def _hang_doorbell(self) -> None:
        try:
            self._doorbell = doorbell.Doorbell(self._path.parent, self._raise)
            note = {"pid": os.getpid(), "started": time.time(), **self._doorbell.address}
            write_durably(self._note, json.dumps(note).encode())
        except OSError as error:
            # The lock is what protects the chats; without the bell a second start only says so.
            log.warning("second starts can't raise this window: %s", error)

    def _raise(self, open_file: Path | None) -> None:
        # First in the list, then a look: one that comes while `on_raise` is set is not lost.
        self._waiting.append(open_file)
        self._hand_over()

    def _hand_over(self) -> None:
        """Give every request to the window. Called from both threads."""
        while (callback := self._on_raise) is not None:
            try:
                open_file = self._waiting.popleft()
            except IndexError:
                return
            callback(open_file)

    def _read_note(self) -> dict[str, object]:
        try:
            note = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


@asynccontextmanager
async def one_process(path: Path, patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
    """Keep other processes from doing the same thing meanwhile: making a history, above all.

    `path` is a file that is made for this. Raises HistoryDiskError where another process does
    not come to an end, or the folder can't be written; on a read-only disk there is no need.
    """
    descriptor = _open_lock(path)
    if descriptor is None:
        yield
        return
    deadline = time.monotonic() + patience_s
    try:
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise HistoryDiskError(detail="another Hearth is opening them")
            await asyncio.sleep(_RETRY_S)
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int | None:
    try:
        return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        if error.errno == errno.EROFS:
            # Nobody can write there, so nobody can be in anybody's way.
            log.warning("the data folder is on a read-only disk: no lock is taken")
            return None
        raise HistoryDiskError(detail=error.strerror or str(error)) from error


def _try_lock(descriptor: int) -> bool:
    """Tell whether the lock was free. It ends when the file is closed."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error
    return True
