"""Server-sent events: bytes in, events out.

Source: WHATWG HTML Living Standard, section 9.2.6, "Interpreting an event stream".
"""

import re
from dataclasses import dataclass

from assistant.domain.errors import EngineFaultError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One event. `event` is empty where the server named none."""

    data: str
    event: str = ""


class SseReader:
    """Turns the bytes of an event stream into events, however they are cut into chunks.

    Lines may end in LF, CR or CRLF. Dead bytes become U+FFFD. An event that the stream's end
    cuts short is dropped, as the standard says; ids and retry times mean nothing here.
    """

    def __init__(self, max_event_bytes: int = 16 * 1024 * 1024) -> None:
        self._max_event_bytes = max_event_bytes
        self._held_bytes = 0
        self._line: list[bytes] = []
        self._after_cr = False
        self._first_line = True
        self._data: list[str] = []
        self._event = ""

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Take bytes, give the events that they complete.

        Raises:
            EngineFaultError: one event is larger than `max_event_bytes`.

        """
        if not chunk:
            return []
        if self._after_cr:
            chunk = chunk.removeprefix(b"\n")
        self._after_cr = chunk.endswith(b"\r")
        *ends, rest = _LINE_END.split(chunk)
        events: list[SseEvent] = []
        for end in ends:
            self._hold(end)
            event = self._take_line(b"".join(self._line))
            self._line.clear()
            if event is not None:
                events.append(event)
        self._hold(rest)
        return events

    def _hold(self, piece: bytes) -> None:
        self._held_bytes += len(piece)
        if self._held_bytes > self._max_event_bytes:
            raise EngineFaultError(detail="an event of its answer has no end")
        self._line.append(piece)

    def _take_line(self, line: bytes) -> SseEvent | None:
        if self._first_line:
            self._first_line = False
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if not line:
            return self._end_event()
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        return None

    def _end_event(self) -> SseEvent | None:
        event = SseEvent("\n".join(self._data), self._event) if self._data else None
        self._data.clear()
        self._event = ""
        self._held_bytes = 0
        return event
