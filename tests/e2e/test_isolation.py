"""A model that kills its process takes nothing with it."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import hearth_engine
import pytest

from assistant.domain.errors import HearthError
from assistant.domain.events import Event
from assistant.domain.generation import GenerationOptions, ModelFile, TextDelta
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from tests.fixtures.bad_gguf import aborts_llama_cpp
from tests.fixtures.tiny_gguf import make_tiny_gguf

ROUNDS = 20
TOKENS = 400
PROMPT = "Tell me a story"


@pytest.mark.engine
@pytest.mark.timeout(600)
async def test_a_file_that_aborts_llama_cpp_leaves_another_models_answer_alone(
    tmp_path: Path,
) -> None:
    good = make_tiny_gguf(tmp_path / "good.gguf")
    bad = tmp_path / "bad.gguf"
    aborts_llama_cpp(bad)
    events: list[Event] = []
    supervisor = EngineSupervisor([str(hearth_engine.program())], events.append)
    client = await supervisor.start()
    try:
        await client.load(ModelFile("good", good.path), lambda _: None)
        for _ in range(ROUNDS):
            text, failure = await asyncio.gather(
                answer(client), fail_to_load(client, ModelFile("bad", bad))
            )
            assert text == good.answer(PROMPT, TOKENS)
            assert failure.code == "load_crashed"
    finally:
        await supervisor.stop()


async def answer(client: EngineClient) -> str:
    options = GenerationOptions(temperature=0, max_tokens=TOKENS)
    text = ""
    async with aclosing(client.complete("good", PROMPT, options)) as stream:
        async for event in stream:
            if isinstance(event, TextDelta):
                text += event.text
    return text.rstrip("\ufffd")


async def fail_to_load(client: EngineClient, model: ModelFile) -> HearthError:
    with pytest.raises(HearthError) as caught:
        await client.load(model, lambda _: None)
    return caught.value
