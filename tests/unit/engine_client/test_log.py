"""The engine's standard error in our log: readable, bounded, never blocking."""

import asyncio
import logging

import pytest

from assistant.engine_client.log import EngineLog
from tests.fakes.clock import FakeClock


async def drained(data: bytes, log: EngineLog) -> None:
    pipe = asyncio.StreamReader()
    pipe.feed_data(data)
    pipe.feed_eof()
    await log.drain(pipe)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="hearth.engine")


async def test_lines_of_tracing_keep_their_level(caplog: pytest.LogCaptureFixture) -> None:
    lines = (
        b'{"level":"DEBUG","fields":{"message":"detail"}}\n'
        b'{"level":"ERROR","fields":{"message":"broken"}}\n'
        b"llama.cpp says this\n[1]\n{}\n\n\xff\xfe no end"
    )
    await drained(lines, EngineLog())
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("DEBUG", "detail"),
        ("WARNING", "broken"),
        ("INFO", "llama.cpp says this"),
        ("INFO", "[1]"),
        ("INFO", "{}"),
        ("INFO", "\ufffd\ufffd no end"),
    ]


async def test_a_flood_is_counted_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    log = EngineLog(clock.now)
    await drained(b"line\n" * 5000, log)
    assert len(caplog.records) == 600
    await clock.advance(61)
    await drained(b"later\n", log)
    assert [record.getMessage() for record in caplog.records[600:]] == [
        "4400 lines of the engine were left out",
        "later",
    ]


async def test_a_line_without_end_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    await drained(b"x" * 1_000_000 + b"\nnext\n", EngineLog())
    assert [len(record.getMessage()) for record in caplog.records] == [4096, 4]
    assert caplog.records[1].getMessage() == "next"
