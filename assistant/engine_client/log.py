"""What the engine writes to its standard error, into our log, in bounds."""

import asyncio
import json
import logging
import time
from collections.abc import Callable

_LOGGER = logging.getLogger("hearth.engine")
_READ_BYTES = 16 * 1024
_MAX_LINE_BYTES = 4 * 1024
_MAX_LINES_PER_MINUTE = 600
_LEVELS = {
    "TRACE": logging.DEBUG,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.WARNING,  # the engine's fault; ours begins where we don't cope with it
}


class EngineLog:
    """Reads a pipe of the engine to its end, so that the engine never waits for us.

    Long lines are cut and a flood of lines is counted, not kept: a log can't fill a disk.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute_began = clock()
        self._lines_in_minute = 0
        self._dropped = 0
        self._last_line = ""

    def last_line(self) -> str:
        """The last line that was written: often the reason of an end."""
        return self._last_line

    async def drain(self, pipe: asyncio.StreamReader) -> None:
        """Read until the pipe ends."""
        rest = b""
        while chunk := await pipe.read(_READ_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._take(line)
            rest = rest[:_MAX_LINE_BYTES]
        if rest:
            self._take(rest)

    def _take(self, line: bytes) -> None:
        text = line[:_MAX_LINE_BYTES].decode("utf-8", "replace").strip()
        if not text:
            return
        level, self._last_line = _level_and_text(text)
        if not self._may_log():
            self._dropped += 1
            return
        _LOGGER.log(level, "%s", self._last_line)

    def _may_log(self) -> bool:
        now = self._clock()
        if now - self._minute_began >= 60:
            if self._dropped:
                _LOGGER.warning("%d lines of the engine were left out", self._dropped)
            self._minute_began, self._lines_in_minute, self._dropped = now, 0, 0
        self._lines_in_minute += 1
        return self._lines_in_minute <= _MAX_LINES_PER_MINUTE


def _level_and_text(line: str) -> tuple[int, str]:
    """Read a line of tracing's JSON; anything else (llama.cpp, the loader) stays as it is."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return logging.INFO, line
    if not isinstance(entry, dict):
        return logging.INFO, line
    fields = entry.get("fields")
    message = fields.get("message") if isinstance(fields, dict) else None
    level = _LEVELS.get(str(entry.get("level")), logging.INFO)
    return level, message if isinstance(message, str) else line
