"""The queue of downloads, on a real transfer from the fake Hub."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.domain.errors import (
    DiskFullError,
    DiskWriteError,
    DownloadNotFoundError,
    NoGgufError,
)
from assistant.domain.events import DownloadChanged, Event, ModelsChanged
from assistant.domain.llm import Download, DownloadState, HubRepo
from assistant.hub.catalogue import HubCatalogue
from assistant.hub.layout import CacheLayout
from assistant.hub.transfer import Transfer
from assistant.services.downloads import DownloadService
from assistant.services.speed import SpeedMeter
from tests.fakes.hub_server import GATED, Drop, FakeHub, Hold, Serve, Status
from tests.unit.hub.downloading import FILE, MIB, REPO, VirtualTime, content

DATA = content(3 * MIB)
PARTS = {f"big-Q4_K_M-{n:05d}-of-00003.gguf": content(MIB, seed=n) for n in (1, 2, 3)}
PLENTY = 1 << 50


class Desk:
    """A download service with what it tells."""

    def __init__(self, root: Path, hub: FakeHub, free: int = PLENTY) -> None:
        self.root = root
        self.hub = hub
        self.events: list[Event] = []
        self.time = VirtualTime(tick=0.2)
        self.free = free
        self.changed = asyncio.Event()
        layout = CacheLayout(root)
        catalogue = HubCatalogue(lambda: hub.url, self._token)
        self.transfer = Transfer(
            layout, root / ".partial", self._token, lambda: hub.url, timing=self.time.timing()
        )
        self.service = DownloadService(
            catalogue,
            self.transfer,
            root / ".partial",
            self._publish,
            clock=self.time.clock,
            free=lambda _: self.free,
        )

    async def _token(self) -> str | None:
        return None

    def _publish(self, event: Event) -> None:
        self.events.append(event)
        self.changed.set()

    async def look_up(self, text: str = REPO) -> HubRepo:
        return await self.service.look_up(text)

    async def start(self, text: str = REPO) -> str:
        repo = await self.look_up(text)
        return (await self.service.start(repo, repo.files[0])).id

    async def until(self, download_id: str, *states: DownloadState, received: int = 0) -> Download:
        """Wait until a download was told to be in one of the states, with so many bytes."""
        async with asyncio.timeout(30):
            while True:
                self.changed.clear()
                for event in reversed(self.events):
                    if isinstance(event, DownloadChanged) and event.download.id == download_id:
                        shown = event.download
                        if shown.state in states and shown.received_bytes >= received:
                            return shown
                        break
                await self.changed.wait()

    def states(self, download_id: str) -> list[DownloadState]:
        told = [
            event.download.state
            for event in self.events
            if isinstance(event, DownloadChanged) and event.download.id == download_id
        ]
        return [state for i, state in enumerate(told) if i == 0 or told[i - 1] != state]

    def models(self) -> list[str]:
        return sorted(path.name for path in self.root.rglob("snapshots/*/*"))

    def left(self) -> list[str]:
        return sorted(path.name for path in (self.root / ".partial").glob("*"))


@pytest.fixture
async def desk(hub: FakeHub, tmp_path: Path) -> AsyncIterator[Desk]:
    hub.add_repo(REPO, {FILE: DATA})
    made = Desk(tmp_path / "models", hub)
    yield made
    await made.service.close()


async def test_downloads_a_model_and_says_each_step(desk: Desk) -> None:
    download = await desk.start()
    done = await desk.until(download, DownloadState.DONE)
    assert desk.states(download) == [
        DownloadState.QUEUED,
        DownloadState.RUNNING,
        DownloadState.DONE,
    ]
    assert (done.received_bytes, done.total_bytes) == (len(DATA), len(DATA))
    assert (done.repo, done.file, done.error_code) == (REPO, FILE, "")
    assert isinstance(desk.events[-1], ModelsChanged)
    assert desk.models() == [FILE]
    assert desk.left() == []
    assert any(
        event.download.bytes_per_second > 0
        for event in desk.events
        if isinstance(event, DownloadChanged)
    )


async def test_look_up_fails_as_the_catalogue_does(desk: Desk) -> None:
    desk.hub.add_repo("org/empty", {"README.md": b"x"})
    with pytest.raises(NoGgufError):
        await desk.look_up("org/empty")


async def test_two_at_a_time_the_third_waits(desk: Desk) -> None:
    desk.hub.add_repo(REPO, {f"m{n}-Q8_0.gguf": content(MIB, seed=n) for n in (1, 2, 3)})
    desk.hub.on_file(Hold(1000), Hold(1000))
    repo = await desk.look_up()
    ids = [(await desk.service.start(repo, file)).id for file in repo.files]
    for download in ids[:2]:
        await desk.until(download, DownloadState.RUNNING, received=1000)
    assert desk.states(ids[2]) == [DownloadState.QUEUED]
    await desk.service.cancel(ids[0])
    await desk.until(ids[2], DownloadState.DONE)


async def test_pause_and_resume(desk: Desk) -> None:
    desk.hub.on_file(Hold(MIB))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB)
    await desk.service.pause(download)
    [shown] = desk.service.downloads()
    assert (shown.state, shown.bytes_per_second) == (DownloadState.PAUSED, 0.0)
    await desk.service.pause(download)
    await desk.service.resume(download)
    await desk.until(download, DownloadState.DONE)
    assert desk.hub.file_requests()[-1].range_start == MIB


async def test_two_starts_at_once_are_one_download(desk: Desk) -> None:
    repo = await desk.look_up()
    first, second = await asyncio.gather(
        desk.service.start(repo, repo.files[0]), desk.service.start(repo, repo.files[0])
    )
    assert first.id == second.id
    await desk.until(first.id, DownloadState.DONE)
    tasks = [task.get_name() for task in asyncio.all_tasks()]
    assert not [name for name in tasks if name.startswith("download ")]
    assert desk.states(first.id).count(DownloadState.QUEUED) == 1


async def test_starting_again_joins_what_is_under_way(desk: Desk) -> None:
    desk.hub.on_file(Hold(MIB))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB)
    assert await desk.start() == download
    assert len(desk.hub.file_requests()) == 1
    await desk.service.pause(download)
    assert await desk.start() == download
    await desk.until(download, DownloadState.DONE)


async def test_cancel_leaves_nothing(desk: Desk) -> None:
    desk.hub.on_file(Hold(MIB))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB)
    await desk.service.cancel(download)
    assert desk.states(download)[-1] is DownloadState.CANCELLED
    assert desk.service.downloads() == []
    assert desk.left() == []
    assert desk.models() == []


async def test_cancelling_one_that_is_done_keeps_the_model(desk: Desk) -> None:
    download = await desk.start()
    await desk.until(download, DownloadState.DONE)
    await desk.service.cancel(download)
    assert desk.models() == [FILE]


async def test_a_disk_that_fails_is_said_and_nothing_is_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    desk.hub.on_file(Hold(MIB))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB)
    with monkeypatch.context() as patch:
        patch.setattr("assistant.hub.partial.PartialFile.forget", refuse)
        with pytest.raises(DiskWriteError):
            await desk.service.cancel(download)
    [shown] = desk.service.downloads()
    assert shown.state is DownloadState.PAUSED
    for name in ("save_record", "read_records"):
        with monkeypatch.context() as patch:
            patch.setattr(f"assistant.services.downloads.{name}", refuse)
            with pytest.raises(DiskWriteError):
                await (desk.start() if name == "save_record" else desk.service.restore())
    await desk.service.cancel(download)
    assert desk.left() == []


async def test_an_unknown_download(desk: Desk) -> None:
    for call in (desk.service.pause, desk.service.resume, desk.service.cancel):
        with pytest.raises(DownloadNotFoundError):
            await call("nonsense")


async def test_a_split_model_is_one_download(desk: Desk) -> None:
    desk.hub.add_repo(REPO, PARTS)
    download = await desk.start()
    done = await desk.until(download, DownloadState.DONE)
    assert (done.file, done.total_bytes) == ("big-Q4_K_M.gguf", 3 * MIB)
    assert desk.models() == sorted(PARTS)


async def test_cancelling_a_split_model_takes_its_whole_parts_too(desk: Desk) -> None:
    desk.hub.add_repo(REPO, PARTS)
    desk.hub.on_file(Serve(PARTS["big-Q4_K_M-00001-of-00003.gguf"]), Hold(1000))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB + 1000)
    assert len(desk.models()) == 1
    await desk.service.cancel(download)
    assert desk.models() == []
    assert list(desk.root.rglob("blobs/*")) == []


async def test_after_a_restart_it_is_there_paused_and_goes_on(desk: Desk) -> None:
    desk.hub.add_repo(REPO, PARTS)
    desk.hub.on_file(Serve(PARTS["big-Q4_K_M-00001-of-00003.gguf"]), Hold(1000))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB + 1000)
    await desk.service.close()

    later = Desk(desk.root, desk.hub)
    await later.service.restore()
    [shown] = later.service.downloads()
    assert (shown.id, shown.state) == (download, DownloadState.PAUSED)
    assert shown.received_bytes == MIB + 1000
    assert shown.total_bytes == 3 * MIB
    requests = len(desk.hub.requests)
    await later.service.restore()
    assert len(later.service.downloads()) == 1
    assert len(desk.hub.requests) == requests, "nothing starts by itself"
    await later.service.resume(download)
    await later.until(download, DownloadState.DONE)
    assert later.left() == []


async def test_the_queue_survives_a_restart_too(desk: Desk) -> None:
    desk.hub.add_repo(REPO, {f"m{n}-Q8_0.gguf": content(MIB, seed=n) for n in (1, 2, 3)})
    desk.hub.on_file(Hold(1000), Hold(1000))
    repo = await desk.look_up()
    for file in repo.files:
        await desk.service.start(repo, file)
    await desk.service.close()
    later = Desk(desk.root, desk.hub)
    await later.service.restore()
    assert [shown.file for shown in later.service.downloads()] == [f.name for f in repo.files]


async def test_orphans_are_shown_or_swept(desk: Desk) -> None:
    desk.hub.on_file(Hold(MIB))
    download = await desk.start()
    await desk.until(download, DownloadState.RUNNING, received=MIB)
    await desk.service.close()
    folder = desk.root / ".partial"
    for record in folder.glob("*.download"):
        record.unlink()
    (folder / f"{'a' * 64}.part").write_bytes(b"x")
    (folder / f"{'b' * 64}.json").write_text("{}")
    (folder / f"{'c' * 64}.lock").touch()
    (folder / "d.download").write_text('{"file": "../x", "revision": "main", "files": []}')
    later = Desk(desk.root, desk.hub)
    await later.service.restore()
    [shown] = later.service.downloads()
    assert (shown.file, shown.received_bytes) == (FILE, MIB)
    assert [name for name in later.left() if name[0] in "abc" and len(set(name)) < 9] == []
    await later.service.resume(shown.id)
    await later.until(shown.id, DownloadState.DONE)


@pytest.mark.parametrize("note", [b"", b"[]", b'{"files": 7}', b"\xff", b"[" * 100_000])
async def test_a_damaged_record_harms_nothing(desk: Desk, note: bytes) -> None:
    folder = desk.root / ".partial"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.download").write_bytes(note)
    await desk.service.restore()
    assert desk.service.downloads() == []
    await desk.until(await desk.start(), DownloadState.DONE)


async def test_no_room_is_said_before_anything_begins(desk: Desk) -> None:
    desk.free = len(DATA) + (1 << 30)
    repo = await desk.look_up()
    with pytest.raises(DiskFullError) as caught:
        await desk.service.start(repo, repo.files[0])
    assert caught.value.params["needed_bytes"] == len(DATA) + len(DATA) // 20 + (1 << 30)
    assert caught.value.params["available"] == "1.08 GB"
    assert desk.service.downloads() == []
    assert desk.hub.file_requests() == []
    desk.free = PLENTY
    await desk.until(await desk.start(), DownloadState.DONE)


async def test_room_that_others_will_fill_does_not_count(desk: Desk) -> None:
    desk.hub.add_repo(REPO, {f"m{n}-Q8_0.gguf": content(MIB, seed=n) for n in (1, 2)})
    desk.hub.on_file(Hold(0))
    desk.free = (1 << 30) + MIB + MIB // 2
    repo = await desk.look_up()
    await desk.service.start(repo, repo.files[0])
    with pytest.raises(DiskFullError):
        await desk.service.start(repo, repo.files[1])


async def test_what_waiting_heals_is_paused_with_its_reason(desk: Desk) -> None:
    desk.hub.on_file(Drop(MIB))
    desk.hub.always("file", Status(503))
    download = await desk.start()
    shown = await desk.until(download, DownloadState.PAUSED)
    assert shown.error_code == "hub_server"
    assert dict(shown.error_params)["detail"] == "HTTP 503"
    assert shown.received_bytes == MIB
    desk.hub.always("file", None)
    await desk.service.resume(download)
    done = await desk.until(download, DownloadState.DONE)
    assert done.error_code == ""


async def test_what_waiting_does_not_heal_has_failed(desk: Desk) -> None:
    desk.hub.on_resolve(GATED)
    download = await desk.start()
    shown = await desk.until(download, DownloadState.FAILED)
    assert shown.error_code == "hub_gated"
    await desk.service.resume(download)
    await desk.until(download, DownloadState.DONE)


async def test_a_wrong_checksum_is_still_known_after_a_restart(desk: Desk) -> None:
    desk.hub.always("file", Serve(content(len(DATA), seed=5)))
    download = await desk.start()
    await desk.until(download, DownloadState.FAILED)
    later = Desk(desk.root, desk.hub)
    await later.service.restore()
    [shown] = later.service.downloads()
    assert (shown.state, shown.error_code) == (DownloadState.FAILED, "checksum")
    desk.hub.always("file", None)
    await later.service.resume(download)
    await later.until(download, DownloadState.DONE)
    assert later.left() == []


async def test_a_bug_is_not_swallowed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[object] = []
    seen = asyncio.Event()

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        caught.append(context["exception"])
        seen.set()

    asyncio.get_running_loop().set_exception_handler(handle)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.transfer, "fetch", broken)
    download = await desk.start()
    await asyncio.wait_for(seen.wait(), 30)
    assert isinstance(caught[0], ZeroDivisionError)
    assert desk.states(download)[-1] is DownloadState.FAILED


def test_speed_is_an_average_over_seconds() -> None:
    time = VirtualTime()
    meter = SpeedMeter(time.clock)
    assert meter.add(0) == 0
    for second in range(1, 11):
        time.now = second
        speed = meter.add(second * 1000)
    assert speed == pytest.approx(1000)
    assert meter.add(5) == 0, "a fresh start after a wrong checksum"
    shown = Download("i", "r", "f", DownloadState.RUNNING, 10_000, 4000, 1000.0)
    assert shown.seconds_left == pytest.approx(6)
