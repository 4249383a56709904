"""What the Guide gets right, on questions that were written before it (`tests/benchmarks/guide`).

Each part by itself: help articles by search, passages and small talk by the model through the
real engine, requests that are out of its depth.
"""

import json
import re
import time
import tomllib
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import hearth_engine
import pytest

from assistant.domain.generation import (
    GenerationDone,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    TextDelta,
)
from assistant.domain.guide import GuidePart
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from assistant.services.guide.decoding import answer_options
from assistant.services.guide.language import LANGUAGES
from assistant.services.guide.service import GuideService
from assistant.settings.paths import resource_folder

PASSAGE = "Passage: The barn was painted by Ida Marrel in 1932. Question: Who painted the barn?"
NOT_SAID = "The text does not say."


def questions(name: str) -> list[dict[str, Any]]:
    path = Path(__file__).parent / "guide" / f"{name}.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    return found


@pytest.fixture
def guide() -> GuideService:
    return GuideService(resource_folder(), lambda: "en")


def report(what: str, right: list[bool], wanted: float, **more: object) -> bool:
    """Print a score; gives whether it is as wanted."""
    share = sum(right) / len(right)
    line = {"what": what, "right": f"{sum(right)} of {len(right)}", "share": round(share, 3)}
    print(json.dumps(line | {"wanted": wanted} | more, ensure_ascii=False))
    return share >= wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_help(language: str) -> None:
    """The right article first, in the language asked; few questions taken for something else."""
    guide = GuideService(resource_folder(), lambda: language)
    right: list[bool] = []
    lost = 0
    began = time.perf_counter()
    for question in questions("help"):
        reply = guide.reply(question[language])
        article = reply.article
        lost += reply.part is GuidePart.BEYOND
        right.append(
            article is not None
            and article.id == question["article"]
            and article.language == language
        )
    each = (time.perf_counter() - began) / len(right) * 1000
    asked = len(right)
    more = {"lost": f"{lost} of {asked}", "ms_each": round(each, 1)}
    assert report(f"help, {language}", right, 0.95, **more)
    assert lost <= 0.03 * asked


async def test_time_to_the_first_answers() -> None:
    """From nothing read and nothing loaded: an article, and a passage's answer."""
    began = time.perf_counter()
    guide = GuideService(resource_folder(), lambda: "en")
    help_reply = guide.reply("How do I add a model?")
    article = time.perf_counter() - began
    reply = guide.reply(PASSAGE)
    began = time.perf_counter()
    async with model() as client:
        text, _ = await ask(client, reply.prompt)
        passage = time.perf_counter() - began
    assert help_reply.part is GuidePart.HELP
    assert text
    times = {"article_s": round(article, 2), "engine_and_passage_s": round(passage, 2)}
    print(json.dumps({"what": "first answers"} | times))


def test_beyond(guide: GuideService) -> None:
    """Requests for a real model are recognised."""
    right = [guide.reply(one["text"]).part is GuidePart.BEYOND for one in questions("beyond")]
    assert report("out of depth", right, 0.95)


@pytest.mark.timeout(1200)
async def test_passages(guide: GuideService) -> None:
    """Exact spans; what the text does not say."""
    spans: list[bool] = []
    unsaid: list[bool] = []
    seconds: list[float] = []
    async with model() as client:
        for one in questions("passages"):
            reply = guide.reply(f"Passage: {one['passage']}\nQuestion: {one['question']}")
            began = time.perf_counter()
            text, _ = await ask(client, reply.prompt)
            seconds.append(time.perf_counter() - began)
            if one["answer"]:
                wanted = [one["answer"], *one.get("accept", ())]
                spans.append(plain(text) in {plain(span) for span in wanted})
            else:
                unsaid.append(plain(text) == plain(NOT_SAID))
    seconds.sort()
    found = report("passages, exact span", spans, 0.70, median_s=round(seconds[50], 2))
    refused = report("passages, not said", unsaid, 0.80, slowest_s=round(seconds[-1], 2))
    assert found
    assert refused


@pytest.mark.timeout(600)
async def test_small_talk(guide: GuideService) -> None:
    """Small talk ends by itself in fewer than 60 tokens, and is taken for small talk."""
    ended: list[bool] = []
    taken = 0
    async with model() as client:
        for one in questions("small_talk"):
            taken += guide.reply(one["text"]).part is GuidePart.TALK
            text, done = await ask(client, one["text"])
            ended.append(
                bool(text) and done.finish_reason == "stop" and done.completion_tokens < 60
            )
    assert report("small talk ends", ended, 1.0, taken_for_small_talk=f"{taken} of {len(ended)}")


def plain(text: str) -> str:
    """Text as SQuAD's scorer compares it: no case, no marks, no articles."""
    words = re.sub(r"[^\w\s]", "", text.lower()).split()
    return " ".join(word for word in words if word not in {"a", "an", "the"})


@asynccontextmanager
async def model() -> AsyncIterator[EngineClient]:
    supervisor = EngineSupervisor([str(hearth_engine.program())], lambda _: None)
    try:
        client = await supervisor.start()
        file = ModelFile("guide", resource_folder() / "guide" / "guide.gguf")
        await client.load(file, lambda _: None)
        yield client
    finally:
        await supervisor.stop()


async def ask(client: EngineClient, prompt: str) -> tuple[str, GenerationDone]:
    options = answer_options(GenerationOptions())
    text, done = "", None
    async with aclosing(client.chat("guide", [PromptMessage("user", prompt)], options)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text += event.text
            elif isinstance(event, GenerationDone):
                done = event
    assert done is not None
    return text.strip(), done
