"""A clock that stands still until a test moves it."""

import asyncio
import heapq
import itertools


class FakeClock:
    """`now` and `sleep` for whoever takes a clock; `advance` lets time pass."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        alarm = asyncio.Event()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), alarm))
        await alarm.wait()

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking each sleeper at its own moment."""
        end = self._now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, alarm = heapq.heappop(self._sleepers)
            alarm.set()
            await settle()
        self._now = end
        await settle()


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(50):
        await asyncio.sleep(0)
