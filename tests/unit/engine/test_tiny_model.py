"""The real engine says, word by word, what the tiny models were made to say."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import hearth_engine
import pytest

from assistant.domain.events import Event
from assistant.domain.generation import GenerationOptions, ModelFile, TextDelta
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from tests.fixtures.tiny_gguf import TinyModel, make_tiny_gguf

pytestmark = pytest.mark.engine


@pytest.fixture
async def client() -> AsyncIterator[EngineClient]:
    events: list[Event] = []
    supervisor = EngineSupervisor([str(hearth_engine.program())], events.append)
    yield await supervisor.start()
    await supervisor.stop()


async def told(
    client: EngineClient, model: TinyModel, prompt: str, options: GenerationOptions
) -> str:
    await client.load(ModelFile(model.name, model.path), lambda _: None)
    text = ""
    async with aclosing(client.complete(model.name, prompt, options)) as stream:
        async for event in stream:
            if isinstance(event, TextDelta):
                text += event.text
    return text.rstrip("\ufffd")


@pytest.mark.parametrize(
    ("how", "max_tokens"),
    [
        ({}, 500),
        ({"ends_after": 150}, None),
        ({"split": 3}, 60),
        ({"add_bos": True}, 60),
        ({"chat_template": None}, 60),
        ({"slow": True}, 20),
    ],
    ids=["more than a lap", "to its end", "split", "bos", "no template", "slow"],
)
async def test_greedy_text_is_the_expected_text(
    client: EngineClient, tmp_path: Path, how: dict[str, Any], max_tokens: int | None
) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", **how)
    options = GenerationOptions(temperature=0.0, max_tokens=max_tokens)
    for prompt in ("Tell me", "chapter 7"):
        assert await told(client, model, prompt, options) == model.answer(prompt, max_tokens)


async def test_sampling_keeps_to_the_text_while_the_gap_is_wide(
    client: EngineClient, tmp_path: Path
) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf")
    options = GenerationOptions(temperature=0.8, max_tokens=200, seed=5)
    assert await told(client, model, "x", options) == model.answer("x", 200)
    vague = make_tiny_gguf(tmp_path / "vague.gguf", gap=0.2, name="vague")
    assert await told(client, vague, "x", options) != vague.answer("x", 200)
