"""The event reader: the same events, however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.domain.errors import EngineFaultError
from assistant.engine_client.sse import SseEvent, SseReader


def read(*chunks: bytes) -> list[SseEvent]:
    reader = SseReader()
    return [event for chunk in chunks for event in reader.feed(chunk)]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(edges)]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"))),
    st.lists(st.sampled_from(["\n", "\r", "\r\n"]), min_size=1),
    st.lists(st.integers(min_value=0)),
)
@example(["سلام", "👩🏽‍🚀"], ["\r\n"], list(range(64)))
def test_any_cut_gives_the_same_events(texts: list[str], ends: list[str], cuts: list[int]) -> None:
    stream = ""
    for number, text in enumerate(texts):
        end = ends[number % len(ends)]
        stream += f"data: {text}{end}{end}"
    data = stream.encode()
    assert [event.data for event in read(data)] == texts
    assert read(*cut(data, cuts)) == read(data)


@given(st.binary(), st.lists(st.integers(min_value=0)))
def test_foreign_bytes_never_break_it(data: bytes, cuts: list[int]) -> None:
    assert read(*cut(data, cuts)) == read(data)


def test_fields_as_the_standard_says() -> None:
    stream = (
        b"\xef\xbb\xbf: a comment\n\nevent: tick\ndata:one\ndata:  two\nid: 3\nretry: 5\n\n"
        b"event: lost\n\ndata\n\ndata: never ended"
    )
    assert read(stream) == [SseEvent("one\n two", "tick"), SseEvent("")]


def test_dead_bytes_become_a_mark() -> None:
    assert read(b"data: a\xff\xd8b\n\n") == [SseEvent("a\ufffd\ufffdb")]


@pytest.mark.parametrize("flood", [b"x" * 100, b"data: x\n" * 20])
def test_an_endless_event_is_refused(flood: bytes) -> None:
    with pytest.raises(EngineFaultError):
        SseReader(max_event_bytes=64).feed(flood)


def test_a_long_stream_of_events_is_no_endless_event() -> None:
    reader = SseReader(max_event_bytes=64)
    assert sum(len(reader.feed(b": beat\ndata: x\n\n")) for _ in range(100)) == 100
