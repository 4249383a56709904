"""Whatever a server does, in whatever order: never a wrong file, and a good server heals it."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.errors import HearthError
from tests.fakes.hub_server import (
    GATED,
    Drop,
    FakeHub,
    Fault,
    Gzip,
    Html,
    IgnoreRange,
    Raw,
    RedirectTo,
    Serve,
    Status,
    WrongRange,
)
from tests.unit.hub.downloading import Bench, content

DATA = content(5000)
SIZE = st.integers(0, len(DATA))
ETAG = st.sampled_from([None, '"x"', 'W/"x"', "x", '"../../x"'])
RANGES = st.sampled_from(
    ["", "bytes 0-4999/5000", "bytes 7-4999/5000", "bytes 5-1/5000", "bytes */5000", "bytes 0-1/*"]
)


def lie(body: bytes, content_range: str, status: int) -> Fault:
    return Raw(body, {"Content-Range": content_range, "ETag": '"x"'}, status)


FAULTS: st.SearchStrategy[Fault] = st.one_of(
    SIZE.map(Drop),
    st.builds(Serve, SIZE.map(lambda size: DATA[:size]), ETAG, st.booleans()),
    st.builds(Serve, st.integers(1, 3).map(lambda seed: content(len(DATA), seed + 1)), ETAG),
    st.builds(
        lie, st.binary(max_size=100) | st.just(DATA), RANGES, st.sampled_from([200, 206, 416])
    ),
    st.sampled_from([IgnoreRange(), WrongRange(), Gzip(), Html(), GATED]),
    st.sampled_from([302, 401, 403, 404, 416, 429, 500, 503]).map(Status),
    st.sampled_from(["http://example.com/", "", "//", "/../..", "x:y"]).map(RedirectTo),
)


async def fetch_twice(root: Path, faults: list[Fault], *, has_hash: bool) -> None:
    with FakeHub() as hub:
        bench = Bench(root, hub)
        wanted = bench.wanted(DATA, sha256="" if has_hash else None)
        hub.on_file(*faults)
        try:
            path = await bench.fetch(wanted)
        except HearthError:
            assert not bench.layout.snapshot(wanted.place).exists()
            hub.behave()
            path = await bench.fetch(wanted)
        if has_hash:
            assert path.read_bytes() == DATA
        assert path.stat().st_size == len(DATA)
        assert bench.leftovers() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(FAULTS, max_size=6))
def test_never_a_wrong_file(faults: list[Fault]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fetch_twice(Path(folder), faults, has_hash=True))


@settings(max_examples=20, deadline=None)
@given(st.lists(FAULTS, max_size=4))
def test_without_a_stated_hash_never_a_wrong_size(faults: list[Fault]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fetch_twice(Path(folder), faults, has_hash=False))
