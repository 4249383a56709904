"""Writing to a terminal: answers as they grow, and how far something is."""

import re
import sys
from typing import TextIO

# A model's words must not drive the terminal: everything that ECMA-48 calls control, but for
# tab and line feed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Make text harmless where the standard output is a terminal; a file gets it as it is."""
    return _CONTROL.sub("\ufffd", text) if sys.stdout.isatty() else text


class AnswerPrinter:
    """Prints an answer as it grows. On a terminal, control characters are shown as U+FFFD."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._safe = self._stream.isatty()
        self._ends_line = True

    def add(self, text: str) -> None:
        """Print more of it at once."""
        if not text:
            return
        self._ends_line = text.endswith("\n")
        self._stream.write(_CONTROL.sub("\ufffd", text) if self._safe else text)
        self._stream.flush()

    def end(self) -> None:
        """End the last line."""
        if not self._ends_line:
            self._ends_line = True
            self._stream.write("\n")
            self._stream.flush()


class ProgressLine:
    """One line on the standard error that is written over; silent where that is no terminal."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._shows = self._stream.isatty()
        self._last = ""

    def update(self, fraction: float, detail: str = "") -> None:
        """Show 0 to 1 as percent."""
        self._write(f"{self._label} {fraction:4.0%} {detail}".rstrip())

    def clear(self) -> None:
        """Take the line away."""
        if self._last:
            self._write("")

    def _write(self, line: str) -> None:
        if not self._shows or line == self._last:
            return
        self._last = line
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()
