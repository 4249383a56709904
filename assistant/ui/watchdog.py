"""Finds blocks of the main thread and logs where it stood."""

import logging
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from types import FrameType

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Block:
    """The main thread did not answer for `seconds`; `stack` is where it stood."""

    seconds: float
    cpu_seconds: float
    """Processor time it used itself meanwhile; little of it on a crowded machine."""
    stack: str


class Watchdog(QObject):
    """Asks the main thread for an answer again and again, from a thread of its own.

    Blocks of at least `limit_s` + `every_s` are always found.
    """

    _asked = Signal()

    def __init__(
        self, limit_s: float = 0.1, every_s: float = 0.1, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.blocks: list[Block] = []
        self._limit_s = limit_s
        self._every_s = every_s
        self._answered = threading.Event()
        self._stopped = threading.Event()
        self._main = threading.get_ident()
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._watch, name="hearth-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watching thread."""
        self._stopped.set()
        self._answered.set()
        self._thread.join(1.0)

    def _answer(self) -> None:
        self._answered.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._every_s):
            self._answered.clear()
            asked = time.monotonic()
            cpu = self._cpu()
            self._asked.emit()
            if self._answered.wait(self._limit_s):
                continue
            frame = sys._current_frames().get(self._main)  # noqa: SLF001 - the documented way
            stack = _describe(frame)
            self._answered.wait()
            if self._stopped.is_set():
                return
            block = Block(time.monotonic() - asked, self._cpu() - cpu, stack)
            self.blocks.append(block)
            _log.warning(
                "the main thread stood still for %.0f ms at\n%s", block.seconds * 1e3, stack
            )

    def _cpu(self) -> float:
        if not hasattr(time, "pthread_getcpuclockid"):
            return 0.0
        return time.clock_gettime(time.pthread_getcpuclockid(self._main))


def _describe(frame: FrameType | None) -> str:
    return "".join(traceback.format_stack(frame)) if frame is not None else "(unknown)"
