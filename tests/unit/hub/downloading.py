"""Helpers of the tests that move bytes: virtual time, one wanted file, one transfer."""

import asyncio
import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.llm import DownloadState
from assistant.hub.layout import CacheLayout
from assistant.hub.partial import Wanted
from assistant.hub.transfer import Timing, Transfer
from tests.fakes.hub_server import FakeHub

REPO = "org/Tiny-GGUF"
FILE = "tiny-Q8_0.gguf"
MIB = 1 << 20


def content(size: int, seed: int = 1) -> bytes:
    return b"GGUF" + random.Random(seed).randbytes(size - 4)


@dataclass
class VirtualTime:
    """Time that passes only when somebody sleeps."""

    now: float = 0.0
    naps: list[float] = field(default_factory=list)
    read_timeout_s: float = 30.0
    tick: float = 0.0
    """Seconds that pass with each look at the clock."""

    def timing(self) -> Timing:
        return Timing(self.clock, self.sleep, lambda: 1.0, self.read_timeout_s)

    def clock(self) -> float:
        self.now += self.tick
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Bench:
    """One data folder with one transfer into it."""

    root: Path
    hub: FakeHub
    time: VirtualTime = field(default_factory=VirtualTime)
    token: str | None = None
    endpoint: str = ""
    """The Hub in the settings; empty: the one that the file comes from."""
    told: list[tuple[int, DownloadState]] = field(default_factory=list)
    goal: int | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def layout(self) -> CacheLayout:
        return CacheLayout(self.root)

    @property
    def partial_folder(self) -> Path:
        return self.root / ".partial"

    def wanted(self, data: bytes, *, sha256: str | None = "", size: int | None = None) -> Wanted:
        """Put a file on the Hub; gives what a look-up would say of it."""
        repo = self.hub.add_repo(REPO, {FILE: data})
        digest = hashlib.sha256(data).hexdigest() if sha256 == "" else sha256
        return Wanted(self.hub.url, REPO, repo.commit, FILE, size or len(data), digest)

    async def fetch(self, wanted: Wanted) -> Path:
        async def give() -> str | None:
            return self.token

        transfer = Transfer(
            self.layout,
            self.partial_folder,
            give,
            lambda: self.endpoint or self.hub.url,
            timing=self.time.timing(),
        )
        return await transfer.fetch(wanted, "main", self._tell)

    async def start(self, wanted: Wanted, until: int) -> asyncio.Task[Path]:
        """Begin to fetch; return when so many bytes are here."""
        self.time.tick = 1.0  # every chunk is told
        self.goal, self.reached = until, asyncio.Event()
        task = asyncio.create_task(self.fetch(wanted))
        await asyncio.wait_for(self.reached.wait(), 30)
        return task

    def _tell(self, received: int, state: DownloadState) -> None:
        self.told.append((received, state))
        if self.goal is not None and received >= self.goal:
            self.reached.set()

    def part_size(self, wanted: Wanted) -> int:
        path = self.partial_folder / f"{wanted.key}.part"
        return path.stat().st_size if path.exists() else 0

    def leftovers(self) -> list[str]:
        if not self.partial_folder.exists():
            return []
        return sorted(path.name for path in self.partial_folder.iterdir())
