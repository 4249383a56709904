"""The bytes of a download: every fault of a line, a server and a disk."""

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import httpx2
import pytest

from assistant.domain.errors import (
    CaptivePortalError,
    ChecksumError,
    DiskFullError,
    DiskWriteError,
    DownloadInterruptedError,
    HearthError,
    HubAuthError,
    HubGatedError,
    HubNotFoundError,
    HubProxyError,
    HubRateLimitError,
    HubServerError,
    KeyringLockedError,
    OfflineError,
    SizeMismatchError,
)
from assistant.domain.llm import DownloadState
from assistant.hub import metadata
from assistant.hub import transfer as transfer_module
from assistant.hub.partial import PartialFile, Wanted
from assistant.hub.transfer import SpeedWatch, Transfer
from tests.fakes.hub_server import (
    GATED,
    Drop,
    Endless,
    FakeHub,
    Fault,
    Gzip,
    Hold,
    Html,
    IgnoreRange,
    Raw,
    RedirectTo,
    Serve,
    Status,
    WrongRange,
)
from tests.unit.hub.downloading import FILE, MIB, REPO, Bench, VirtualTime, content

DATA = content(3 * MIB + 17)
TOKEN = "hf_secret"


async def failure_of(bench: Bench, wanted: Wanted) -> HearthError:
    with pytest.raises(HearthError) as caught:
        await bench.fetch(wanted)
    assert not bench.layout.snapshot(wanted.place).exists()
    return caught.value


async def test_a_file_arrives_in_the_cache_layout(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    path = await bench.fetch(wanted)
    folder = bench.root / "models--org--Tiny-GGUF"
    assert path == folder / "snapshots" / wanted.commit / FILE
    assert path.read_bytes() == DATA
    assert path.readlink() == Path(f"../../blobs/{wanted.sha256}")
    assert (folder / "refs" / "main").read_text() == wanted.commit
    assert bench.leftovers() == []


async def test_huggingface_hub_finds_the_file(bench: Bench) -> None:
    metadata.close_session()  # it was imported there first, with its switches set
    hub_library = import_module("huggingface_hub")
    wanted = bench.wanted(DATA)
    path = await bench.fetch(wanted)
    found = hub_library.try_to_load_from_cache(REPO, FILE, cache_dir=bench.root)
    assert found == str(path)


async def test_a_file_that_is_here_is_not_fetched_again(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    await bench.fetch(wanted)
    bench.hub.requests.clear()
    newer = Wanted(wanted.endpoint, REPO, "b" * 40, "renamed.gguf", len(DATA), wanted.sha256)
    assert (await bench.fetch(newer)).read_bytes() == DATA
    assert bench.hub.requests == []


async def test_the_token_goes_to_the_hub_only(bench: Bench) -> None:
    bench.token = TOKEN
    await bench.fetch(bench.wanted(DATA))
    assert bench.hub.tokens_seen_by("hub") == {f"Bearer {TOKEN}"}
    assert bench.hub.tokens_seen_by("cdn") == set()


@pytest.mark.parametrize("other", ["https://huggingface.co", "http://127.0.0.1:1"])
async def test_the_token_of_another_hub_is_not_sent(bench: Bench, other: str) -> None:
    bench.token, bench.endpoint = TOKEN, other
    await bench.fetch(bench.wanted(DATA))
    assert bench.hub.tokens_seen_by("hub") == set()


async def test_a_token_that_breaks_the_header_is_refused(bench: Bench) -> None:
    bench.token = "hf_x\r\nX-Evil: 1"
    assert isinstance(await failure_of(bench, bench.wanted(DATA)), HubAuthError)
    assert bench.hub.requests == []


async def test_without_a_keyring_public_files_are_still_to_be_had(bench: Bench) -> None:
    async def locked() -> str | None:
        raise KeyringLockedError

    wanted = bench.wanted(DATA)
    transfer = Transfer(bench.layout, bench.partial_folder, locked, lambda: bench.hub.url)
    assert (await transfer.fetch(wanted, "main", lambda *_: None)).read_bytes() == DATA


async def test_the_same_bytes_for_two_repositories_at_once(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.repos["org/copy"] = replace(bench.hub.repos[REPO], name="org/copy")
    both = [wanted, replace(wanted, repo="org/copy")]
    for path in await asyncio.gather(*(bench.fetch(one) for one in both)):
        assert path.read_bytes() == DATA
    assert bench.leftovers() == []


async def test_no_token_in_what_is_written(bench: Bench) -> None:
    bench.token = TOKEN
    bench.hub.on_file(Drop(MIB))
    wanted = bench.wanted(DATA)
    bench.hub.on_resolve(RedirectTo(f"{bench.hub.cdn_url}/repos/{wanted.sha256}"), Status(404))
    await failure_of(bench, wanted)
    for path in bench.partial_folder.iterdir():
        assert TOKEN.encode() not in path.read_bytes()


async def test_resumes_where_the_line_dropped(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Drop(MIB + 5), Drop(MIB))
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    starts = [request.range_start for request in bench.hub.file_requests()]
    assert starts == [0, MIB + 5, 2 * MIB + 5]
    assert bench.hub.cdn_bytes == len(DATA)
    etag = f'"{wanted.sha256}"'
    assert [r.headers.get("if-range") for r in bench.hub.file_requests()] == [None, etag, etag]


async def test_a_hundred_drops_in_a_row(bench: Bench) -> None:
    data = content(404_000)
    wanted = bench.wanted(data)
    bench.hub.on_file(*[Drop(4000)] * 100)
    assert (await bench.fetch(wanted)).read_bytes() == data
    assert bench.hub.cdn_bytes == len(data)
    assert set(bench.time.naps) == {0.5}


@pytest.mark.parametrize("after", [0, 1, 3, 65_536, len(DATA) - 1])
async def test_a_drop_at_any_byte(bench: Bench, after: int) -> None:
    bench.hub.on_file(Drop(after))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA


async def test_a_reset_line(bench: Bench) -> None:
    bench.hub.on_file(Drop(MIB, reset=True), Drop(MIB, reset=True))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA


async def test_waits_longer_and_longer_then_says_so_and_keeps_what_came(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Drop(MIB))
    bench.hub.always("file", Drop(0))
    assert isinstance(await failure_of(bench, wanted), DownloadInterruptedError)
    assert bench.time.naps == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert bench.part_size(wanted) == MIB
    bench.hub.always("file", None)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.file_requests()[-1].range_start == MIB


async def test_nobody_there(tmp_path: Path) -> None:
    with FakeHub() as gone:
        bench = Bench(tmp_path, gone)
        wanted = bench.wanted(DATA)
    assert isinstance(await failure_of(bench, wanted), OfflineError)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Status(401), HubAuthError),
        (GATED, HubGatedError),
        (Status(403), HubGatedError),
        (Status(404), HubNotFoundError),
        (Status(407), HubProxyError),
        (Status(400), HubServerError),
        (Html(), CaptivePortalError),
        (Gzip(), HubServerError),
        (RedirectTo("http://example.com/x"), HubServerError),
        (RedirectTo("https://user:pw@127.0.0.1/x"), HubServerError),
        (RedirectTo("file:///etc/passwd"), HubServerError),
        (RedirectTo(""), HubServerError),
        (Raw(b"x", {"Location": "http://127.0.0.1:1/\x7f"}, 302), HubServerError),
    ],
    ids=lambda value: repr(value)[:50],
)
async def test_final_refusals_are_not_repeated(
    bench: Bench, fault: Fault, expected: type[HearthError]
) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_resolve(*[fault] * 7)
    assert type(await failure_of(bench, wanted)) is expected
    assert bench.time.naps == []
    assert bench.part_size(wanted) == 0


@pytest.mark.parametrize("where", ["resolve", "file"])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_passing_refusals_are(bench: Bench, status: int, where: str) -> None:
    queue = bench.hub.on_resolve if where == "resolve" else bench.hub.on_file
    queue(Status(status), Status(status))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA
    assert bench.time.naps == [1, 2]


async def test_waits_as_long_as_the_server_asks(bench: Bench) -> None:
    bench.hub.on_resolve(Status(429, {"Retry-After": "77"}))
    await bench.fetch(bench.wanted(DATA))
    assert bench.time.naps == [77]


async def test_a_server_that_asks_for_an_hour_is_not_waited_for(bench: Bench) -> None:
    bench.hub.on_resolve(Status(429, {"Retry-After": "3000"}))
    error = await failure_of(bench, bench.wanted(DATA))
    assert isinstance(error, HubRateLimitError)
    assert error.params["retry_after_s"] == 3000


async def test_a_server_that_stays_broken(bench: Bench) -> None:
    bench.hub.always("resolve", Status(503))
    assert isinstance(await failure_of(bench, bench.wanted(DATA)), HubServerError)


async def test_an_expired_address_is_signed_anew(bench: Bench) -> None:
    bench.hub.on_file(Drop(MIB), Status(403))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA


async def test_another_file_at_the_retry_starts_again(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Drop(MIB), Serve(content(len(DATA), seed=9)))
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert [r.range_start for r in bench.hub.file_requests()] == [0, MIB, 0]


async def test_a_mixture_of_two_files_is_never_taken(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    other = content(len(DATA), seed=9)
    bench.hub.on_file(Drop(MIB), Serve(other, etag='"x"', honour_if_range=False))
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.file_requests()[-1].range_start == 0


async def test_a_wrong_hash_is_tried_once_more_then_kept_aside(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    other = content(len(DATA), seed=9)
    bench.hub.always("file", Serve(other))
    error = await failure_of(bench, wanted)
    assert isinstance(error, ChecksumError)
    assert len(bench.hub.file_requests()) == 2
    assert bench.leftovers() == [f"{wanted.key}.bad", f"{wanted.key}.json"]
    evidence = bench.partial_folder / f"{wanted.key}.bad"
    assert evidence.read_bytes() == other
    arrived = hashlib.sha256(other).hexdigest()
    assert arrived in evidence.with_suffix(".json").read_text()
    bench.hub.always("file", None)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.leftovers() == []


@pytest.mark.parametrize(
    "fault",
    [
        Serve(DATA[:-5]),
        Serve(DATA + b"more"),
        Serve(b""),
        Endless(),
    ],
    ids=["short", "long", "empty", "endless"],
)
async def test_a_wrong_size_is_never_taken(bench: Bench, fault: Fault) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.always("file", fault)
    assert isinstance(await failure_of(bench, wanted), SizeMismatchError)
    assert bench.part_size(wanted) <= len(DATA)


async def test_a_file_that_got_shorter_between_two_attempts(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    etag = f'"{wanted.sha256}"'
    bench.hub.on_file(Drop(2 * MIB), Serve(DATA[:MIB], etag=etag))
    assert isinstance(await failure_of(bench, wanted), SizeMismatchError)


async def test_a_server_without_ranges(bench: Bench) -> None:
    bench.hub.on_file(Drop(2 * MIB), IgnoreRange())
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA


async def test_a_server_without_ranges_that_drops_for_ever(bench: Bench) -> None:
    bench.hub.on_file(Drop(2 * MIB))
    bench.hub.always("file", Raw(DATA[:MIB], {"Content-Length": str(len(DATA))}))
    assert isinstance(await failure_of(bench, bench.wanted(DATA)), DownloadInterruptedError)


async def test_a_wrong_range_is_refused_and_asked_again(bench: Bench) -> None:
    bench.hub.on_file(Drop(MIB), WrongRange())
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA
    assert [r.range_start for r in bench.hub.file_requests()] == [0, MIB, MIB]


async def test_a_server_that_cannot_count_is_asked_for_the_whole(bench: Bench) -> None:
    bench.hub.on_file(Drop(MIB), WrongRange(), WrongRange())
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA
    assert bench.hub.file_requests()[-1].range_start == 0


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Range": "nonsense"}, {"Content-Range": f"bytes 0-9/{len(DATA)}"}]
)
async def test_a_206_without_a_proper_range(bench: Bench, headers: dict[str, str]) -> None:
    bench.hub.on_file(Drop(MIB), Raw(b"x" * 10, headers, 206))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA


async def test_a_compressed_body_is_refused(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    body = gzip.compress(DATA)
    bench.hub.on_file(Raw(body, {"Content-Encoding": "gzip", "Content-Length": str(len(body))}))
    assert isinstance(await failure_of(bench, wanted), HubServerError)
    assert bench.part_size(wanted) == 0


async def test_a_weak_etag_is_not_sent_back(bench: Bench) -> None:
    bench.hub.on_file(Raw(DATA[:MIB], {"ETag": 'W/"x"', "Content-Length": str(len(DATA))}))
    assert (await bench.fetch(bench.wanted(DATA))).read_bytes() == DATA
    assert "if-range" not in bench.hub.file_requests()[-1].headers


async def test_a_file_without_a_stated_hash_is_named_by_its_own(bench: Bench) -> None:
    wanted = bench.wanted(DATA, sha256=None)
    bench.hub.on_file(Drop(MIB))
    path = await bench.fetch(wanted)
    assert path.resolve().name == hashlib.sha256(DATA).hexdigest()


async def test_without_hash_and_etag_nothing_is_resumed(bench: Bench) -> None:
    wanted = bench.wanted(DATA, sha256=None)
    bench.partial_folder.mkdir(parents=True)
    (bench.partial_folder / f"{wanted.key}.part").write_bytes(b"other" * 100)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.file_requests()[0].range_start == 0


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"etag": 7}', b'{"etag": "a\\r\\nX: y"}'])
async def test_a_damaged_note_harms_nothing(bench: Bench, note: bytes) -> None:
    wanted = bench.wanted(DATA)
    bench.partial_folder.mkdir(parents=True)
    (bench.partial_folder / f"{wanted.key}.part").write_bytes(DATA[:MIB])
    (bench.partial_folder / f"{wanted.key}.json").write_bytes(note)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.cdn_bytes == len(DATA) - MIB


async def test_a_part_that_is_too_long_or_rotten_is_fetched_again(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.partial_folder.mkdir(parents=True)
    part = bench.partial_folder / f"{wanted.key}.part"
    part.write_bytes(DATA + b"more")
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    bench.layout.remove(bench.layout.snapshot(wanted.place))
    part.write_bytes(b"\0" * MIB)
    assert (await bench.fetch(wanted)).read_bytes() == DATA


async def test_a_whole_part_asks_for_nothing(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.partial_folder.mkdir(parents=True)
    (bench.partial_folder / f"{wanted.key}.part").write_bytes(DATA)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.requests == []


async def test_progress_grows_to_the_whole_and_says_when_it_checks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.hub.partial._HASH_STEP", 100_000)
    bench.time.tick = 1.0
    wanted = bench.wanted(DATA)
    bench.partial_folder.mkdir(parents=True)
    (bench.partial_folder / f"{wanted.key}.part").write_bytes(DATA[:MIB])
    await bench.fetch(wanted)
    received = [count for count, _ in bench.told]
    assert received == sorted(received)
    assert received[-1] == len(DATA)
    checking = [count for count, state in bench.told if state is DownloadState.VERIFYING]
    assert checking == list(range(100_000, MIB, 100_000))


async def test_progress_comes_at_most_ten_times_a_second(bench: Bench) -> None:
    await bench.fetch(bench.wanted(content(16 * MIB)))
    assert bench.time.now == 0, "no time passes here"
    assert len(bench.told) == 2, "the first word and the last"
    assert bench.told[-1] == (16 * MIB, DownloadState.RUNNING)


async def test_cancelling_keeps_what_arrived(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Hold(MIB))
    task = await bench.start(wanted, until=MIB)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.part_size(wanted) == MIB
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.file_requests()[-1].range_start == MIB


async def test_a_silent_line_is_opened_again_three_times(bench: Bench) -> None:
    bench.time.read_timeout_s = 0.05
    wanted = bench.wanted(DATA)
    bench.hub.always("file", Hold(0))
    assert isinstance(await failure_of(bench, wanted), DownloadInterruptedError)
    assert len(bench.hub.file_requests()) == 1 + transfer_module.MAX_SLOW_ATTEMPTS


class Dribble(httpx2.AsyncByteStream):
    """One byte every two seconds of virtual time."""

    def __init__(self, time: VirtualTime, data: bytes) -> None:
        self._time = time
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for index in range(len(self._data)):
            self._time.now += 2
            yield self._data[index : index + 1]


async def test_a_dribbling_server_is_left_after_a_minute(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    seen: list[int] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        start = int(request.headers.get("range", "bytes=0-")[6:-1])
        seen.append(start)
        headers = {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"}
        stream = Dribble(bench.time, DATA[start:])
        return httpx2.Response(206 if start else 200, headers=headers, stream=stream)

    def client(_: float) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(answer))

    async def no_token() -> str | None:
        return None

    timing = bench.time.timing()
    transfer = Transfer(
        bench.layout, bench.partial_folder, no_token, lambda: "", timing=timing, client=client
    )
    with pytest.raises(DownloadInterruptedError):
        await transfer.fetch(wanted, "main", lambda *_: None)
    assert seen == [0, 30, 60, 90]
    assert bench.part_size(wanted) == 120


def test_a_slow_but_steady_line_is_left_alone() -> None:
    time = VirtualTime()
    watch = SpeedWatch(lambda: time.now)
    for _ in range(200):
        time.now += 1
        assert not watch.is_too_slow(1024)


async def test_a_full_disk_is_said_and_what_arrived_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = bench.wanted(DATA)
    write = PartialFile.write

    def fail_after_a_mebibyte(self: PartialFile, data: bytes | bytearray) -> None:
        if self.size >= MIB:
            raise OSError(28, "No space left on device")
        write(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(PartialFile, "write", fail_after_a_mebibyte)
        error = await failure_of(bench, wanted)
    assert isinstance(error, DiskFullError)
    assert error.params["needed_bytes"] == len(DATA) - bench.part_size(wanted)
    assert MIB <= bench.part_size(wanted) < 2 * MIB
    assert (await bench.fetch(wanted)).read_bytes() == DATA


async def test_a_device_that_is_really_full(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.partial_folder.mkdir(parents=True)
    (bench.partial_folder / f"{wanted.key}.part").symlink_to("/dev/full")
    assert isinstance(await failure_of(bench, wanted), DiskFullError)


async def test_a_folder_that_cannot_be_written(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.root.mkdir()
    bench.partial_folder.write_text("a file in the way")
    error = await failure_of(bench, wanted)
    assert isinstance(error, DiskWriteError)
    assert error.message


async def test_the_user_deletes_the_part_in_mid_download(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Hold(MIB))
    task = await bench.start(wanted, until=MIB)
    (bench.partial_folder / f"{wanted.key}.part").unlink()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await bench.fetch(wanted)).read_bytes() == DATA


async def test_where_links_cannot_be_made_the_file_itself_is_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    wanted = bench.wanted(DATA)
    path = await bench.fetch(wanted)
    assert not path.is_symlink()
    assert path.read_bytes() == DATA
    bench.layout.remove(path)
    assert list(bench.root.rglob("*.gguf")) == []
    assert list(bench.root.rglob("blobs/*")) == []
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = await bench.fetch(wanted)
    assert path.read_bytes() == DATA
    assert list(bench.root.rglob("blobs/*")) == []
