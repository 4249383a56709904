"""The engine against llama-cpp-python: the same greedy tokens from the same file.

Not collected by a plain test run: `dev.py test --oracle` builds the oracle first and names its
folder in HEARTH_ORACLE. More files may be named in HEARTH_ORACLE_MODELS, separated as in PATH.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

import hearth_engine
import pytest

from assistant.domain.generation import GenerationEvent, GenerationOptions, ModelFile, TextDelta
from assistant.engine_client.supervisor import EngineSupervisor
from tests.fixtures.tiny_gguf import make_tiny_gguf

PROMPTS = ("Once upon a time, there was a", "سلام", "你好，世界", "1 2 3", "The end of chapter 7")
MAX_TOKENS = 64
# Token by token: create_completion drops what it can't decode at the end.
ORACLE = """
import itertools, json, sys
from llama_cpp import Llama
model = Llama(sys.argv[1], n_ctx=512, n_threads=2, verbose=False, seed=1)
for prompt in json.loads(sys.argv[2]):
    tokens = model.tokenize(prompt.encode(), add_bos=True, special=True)
    written = model.generate(tokens, temp=0)
    written = itertools.takewhile(lambda token: token != model.token_eos(), written)
    said = list(itertools.islice(written, int(sys.argv[3])))
    text = model.detokenize(said, prev_tokens=tokens).decode(errors="replace")
    print(json.dumps([text, len(tokens)]))
"""


def oracle_says(model: Path) -> list[tuple[str, int]]:
    done = subprocess.run(
        [sys.executable, "-c", ORACLE, str(model), json.dumps(PROMPTS), str(MAX_TOKENS)],
        env={**os.environ, "PYTHONPATH": os.environ["HEARTH_ORACLE"]},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return [(text, n) for text, n in map(json.loads, done.stdout.splitlines())]


async def hearth_says(model: Path) -> list[tuple[str, int]]:
    supervisor = EngineSupervisor([str(hearth_engine.program())], lambda _: None)
    try:
        client = await supervisor.start()
        await client.load(ModelFile("m", model, n_ctx=512), lambda _: None)
        return [await one(client.complete("m", prompt, options())) for prompt in PROMPTS]
    finally:
        await supervisor.stop()


def options() -> GenerationOptions:
    return GenerationOptions(temperature=0, max_tokens=MAX_TOKENS)


async def one(stream: AsyncGenerator[GenerationEvent, None]) -> tuple[str, int]:
    text, prompt_tokens = "", 0
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                text += event.text
            prompt_tokens = getattr(event, "prompt_tokens", prompt_tokens)
    return text, prompt_tokens


def models(folder: Path) -> Sequence[Path]:
    named = os.environ.get("HEARTH_ORACLE_MODELS", "")
    tiny = make_tiny_gguf(folder / "tiny.gguf").path
    return [tiny, *(Path(name) for name in named.split(os.pathsep) if name)]


@pytest.mark.timeout(600)
def test_the_same_greedy_tokens(tmp_path: Path) -> None:
    for model in models(tmp_path):
        expected, got = oracle_says(model), asyncio.run(hearth_says(model))
        for prompt, theirs, ours in zip(PROMPTS, expected, got, strict=True):
            # A character that max_tokens cut off is no difference.
            same = theirs[0].rstrip("\ufffd") == ours[0].rstrip("\ufffd")
            print(f"{model.name}: {prompt!r}: {'same' if same else 'DIFFERENT'}: {ours[0][:60]!r}")
            assert same, (theirs, ours)
            assert theirs[1] == ours[1]
