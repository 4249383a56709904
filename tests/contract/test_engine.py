"""What every engine does, the fake one and the real one."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from assistant.domain.errors import (
    ContextExceededError,
    EngineRequestError,
    ModelFileError,
    ModelNotFoundError,
)
from assistant.domain.generation import (
    GenerationDone,
    GenerationEvent,
    GenerationOptions,
    PromptMessage,
    PromptRead,
    TextDelta,
)
from tests.contract.conftest import Engine

HELLO = [PromptMessage("user", "Tell me a story. سلام")]
GREEDY = GenerationOptions(temperature=0, max_tokens=12)


async def read(events: AsyncGenerator[GenerationEvent, None]) -> list[GenerationEvent]:
    async with aclosing(events):
        return [event async for event in events]


def text_of(events: list[GenerationEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def load(engine: Engine, n_ctx: int | None = None) -> list[float]:
    progress: list[float] = []
    await engine.client.load(engine.file(n_ctx=n_ctx), progress.append)
    return progress


async def test_load_tells_progress_and_facts(engine: Engine) -> None:
    progress: list[float] = []
    info = await engine.client.load(engine.file(), progress.append)
    assert progress == sorted(progress)
    assert all(0 <= step <= 1 for step in progress)
    assert info.n_ctx > 0
    assert info.n_ctx_train > 0
    assert info.has_chat_template
    assert info.description
    assert info.device


async def test_loading_twice_is_ready_at_once(engine: Engine) -> None:
    await load(engine)
    await load(engine)


async def test_a_chat_streams_and_ends_with_counts(engine: Engine) -> None:
    await load(engine)
    events = await read(engine.client.chat("tiny", HELLO, GREEDY))
    done = events[-1]
    assert isinstance(done, GenerationDone)
    assert done.finish_reason == "length"
    assert done.completion_tokens == 12
    assert done.prompt_tokens > 0
    assert done.predicted_per_second > 0
    assert done.seed is not None
    assert text_of(events)
    assert "\ufffd" not in text_of(events)


async def test_greedy_writes_the_same_twice_and_reports_the_prompt(engine: Engine) -> None:
    await load(engine)
    first = await read(engine.client.chat("tiny", HELLO, GREEDY))
    second = await read(engine.client.chat("tiny", HELLO, GREEDY))
    assert text_of(first) == text_of(second)
    reads = [event for event in first if isinstance(event, PromptRead)]
    assert all(0 <= each.processed <= each.total for each in reads)


async def test_raw_text_is_continued(engine: Engine) -> None:
    await load(engine)
    events = await read(engine.client.complete("tiny", "Once upon", GREEDY))
    assert text_of(events)
    assert isinstance(events[-1], GenerationDone)


async def test_a_seed_is_kept(engine: Engine) -> None:
    await load(engine)
    options = GenerationOptions(seed=7, max_tokens=3)
    done = (await read(engine.client.complete("tiny", "Once", options)))[-1]
    assert isinstance(done, GenerationDone)
    assert done.seed == 7


async def test_lone_surrogates_do_not_break_a_request(engine: Engine) -> None:
    await load(engine)
    odd = [PromptMessage("user", "half \ud83d character, whole \ud83d\ude00")]
    assert text_of(await read(engine.client.chat("tiny", odd, GREEDY)))


async def test_a_conversation_that_is_too_long_is_told_with_counts(engine: Engine) -> None:
    await load(engine, n_ctx=256)
    long = [PromptMessage("user", "many words " * 2000)]
    with pytest.raises(ContextExceededError) as caught:
        await read(engine.client.chat("tiny", long, GREEDY))
    assert caught.value.params["context_tokens"] == 256
    assert int(str(caught.value.params["prompt_tokens"])) > 256


async def test_an_option_out_of_range_is_refused(engine: Engine) -> None:
    await load(engine)
    with pytest.raises(EngineRequestError):
        await read(engine.client.chat("tiny", HELLO, GenerationOptions(temperature=-3)))


async def test_an_unknown_model_is_told(engine: Engine) -> None:
    with pytest.raises(ModelNotFoundError):
        await read(engine.client.chat("nobody", HELLO, GREEDY))


@pytest.mark.parametrize("content", [b"", b"<html>", b"version https://git-lfs.github.com/spec/v1"])
async def test_what_is_no_model_is_told(engine: Engine, content: bytes) -> None:
    file = engine.file("bad")
    file.path.write_bytes(content)
    with pytest.raises(ModelFileError):
        await engine.client.load(file, lambda _: None)


async def test_a_missing_file_is_told(engine: Engine) -> None:
    file = engine.file("gone")
    file.path.unlink()
    with pytest.raises(ModelFileError):
        await engine.client.load(file, lambda _: None)


async def test_unload_and_load_again(engine: Engine) -> None:
    await load(engine)
    await engine.client.unload("tiny")
    await engine.client.unload("tiny")
    with pytest.raises(ModelNotFoundError):
        await read(engine.client.chat("tiny", HELLO, GREEDY))
    await load(engine)
    assert text_of(await read(engine.client.chat("tiny", HELLO, GREEDY)))


async def test_closing_early_cancels_at_once_and_the_next_answer_comes(engine: Engine) -> None:
    await load(engine)
    for _ in range(5):
        events = engine.client.chat("tiny", HELLO, GenerationOptions(temperature=0))
        async with aclosing(events):
            async for event in events:
                if isinstance(event, TextDelta):
                    break
        began = time.monotonic()
        assert text_of(await read(engine.client.chat("tiny", HELLO, GREEDY)))
        assert time.monotonic() - began < 5


async def test_answers_run_in_parallel(engine: Engine) -> None:
    await load(engine)
    alone = text_of(await read(engine.client.chat("tiny", HELLO, GREEDY)))
    together = await asyncio.gather(
        *(read(engine.client.chat("tiny", HELLO, GREEDY)) for _ in range(4))
    )
    assert [text_of(events) for events in together] == [alone] * 4


async def test_stop_leaves_no_process(engine: Engine) -> None:
    await load(engine)
    began = time.monotonic()
    await engine.supervisor.stop()
    assert time.monotonic() - began < 10  # 2 s at most, and what a busy machine adds
