"""How fast something goes: bytes per second over the last few seconds."""

from collections import deque
from collections.abc import Callable
from typing import Final

_WINDOW_S: Final = 5.0
_SHORTEST_S: Final = 0.5


class SpeedMeter:
    """Averages over five seconds: calm enough to read, quick enough to believe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def restart(self) -> None:
        """Forget what was; the next bytes are the first."""
        self._seen.clear()

    def add(self, total_bytes: int) -> float:
        """Tell how many bytes there are now; gives bytes per second, 0 until that is known."""
        now = self._clock()
        if self._seen and total_bytes < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, total_bytes))
        while len(self._seen) > 2 and self._seen[1][0] <= now - _WINDOW_S:
            self._seen.popleft()
        then, before = self._seen[0]
        return (total_bytes - before) / (now - then) if now - then >= _SHORTEST_S else 0.0
