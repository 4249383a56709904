"""Ids that sort by the time of creation (UUID version 7, RFC 9562 section 5.7)."""

import secrets
import uuid
from collections.abc import Callable

_COUNTER_BITS = 12
_RANDOM_BITS = 62
_VERSION = 7
_VARIANT = 0b10


class IdMaker:
    """Makes ids that always grow, even where the clock goes back.

    `clock` gives milliseconds since 1970. `newest` is the greatest id in use: order follows the
    ids, so a new one must come after it whatever the clock says.
    """

    def __init__(self, clock: Callable[[], int], newest: str | None = None) -> None:
        self._clock = clock
        self._last = _moment(uuid.UUID(newest)) if newest else 0

    def next(self) -> str:
        """Give a new id as text."""
        now = self._clock() << _COUNTER_BITS
        # The 12 bits after the time are a counter (RFC 9562 section 6.2, method 1).
        self._last = max(now, self._last + 1)
        milliseconds, counter = divmod(self._last, 1 << _COUNTER_BITS)
        number = milliseconds << 80 | _VERSION << 76 | counter << 64
        number |= _VARIANT << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        return str(uuid.UUID(int=number))


def _moment(value: uuid.UUID) -> int:
    milliseconds = value.int >> 80
    counter = (value.int >> 64) & ((1 << _COUNTER_BITS) - 1)
    return milliseconds << _COUNTER_BITS | counter
