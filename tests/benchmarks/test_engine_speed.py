"""Decode and prefill through the whole engine, beside llama-cpp-python on the same file.

Rounds are interleaved and medians compared; CPU pressure is printed, since a busy neighbour
halves two-thread decoding. The peer runs where `dev.py test --oracle` has built it.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path

import hearth_engine
import pytest

from assistant.domain.generation import GenerationDone, GenerationOptions, ModelFile
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from tests.fixtures.tiny_gguf import make_tiny_gguf

ROUNDS = 5
PROMPT_BYTES = 512
TOKENS = 64
PEER = """
import sys, time
from llama_cpp import Llama
model = Llama(sys.argv[1], n_ctx=2048, n_threads=2, n_batch=512, verbose=False)
prompt = model.tokenize(sys.argv[2].encode(), add_bos=True, special=True)
for _ in sys.stdin:
    model.reset()
    start = time.perf_counter()
    stream = model.generate(prompt, temp=0)
    next(stream)
    first = time.perf_counter()
    for _ in range(int(sys.argv[3]) - 1):
        next(stream)
    end = time.perf_counter()
    print(len(prompt) / (first - start), (int(sys.argv[3]) - 1) / (end - first), flush=True)
"""


def pressure() -> str:
    path = Path("/proc/pressure/cpu")
    return path.read_text().split()[1] if path.exists() else "unknown"


@pytest.mark.timeout(1200)
def test_decode_and_prefill(tmp_path: Path) -> None:
    named = os.environ.get("HEARTH_BENCH_MODEL")
    model = Path(named) if named else make_tiny_gguf(tmp_path / "slow.gguf", slow=True).path
    prompt = "a story " * (PROMPT_BYTES // 8)
    peer = start_peer(model, prompt)
    try:
        ours, theirs = asyncio.run(rounds(model, prompt, peer))
    finally:
        if peer is not None:
            peer.communicate("")
    report("prefill", [pair[0] for pair in ours], [pair[0] for pair in theirs])
    report("decode", [pair[1] for pair in ours], [pair[1] for pair in theirs])


def start_peer(model: Path, prompt: str) -> "subprocess.Popen[str] | None":
    places = sorted((Path.home() / ".cache" / "hearth-build" / "oracle").glob("*/llama_cpp"))
    if not places:
        print("llama-cpp-python is not built here: no ratio")
        return None
    return subprocess.Popen(
        [sys.executable, "-c", PEER, str(model), prompt, str(TOKENS)],
        env={**os.environ, "PYTHONPATH": str(places[-1].parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def rounds(
    model: Path, prompt: str, peer: "subprocess.Popen[str] | None"
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    supervisor = EngineSupervisor([str(hearth_engine.program())], lambda _: None)
    try:
        client = await supervisor.start()
        await client.load(ModelFile("m", model, n_ctx=2048), lambda _: None)
        await one(client, prompt)
        for number in range(ROUNDS):
            # A different first character each time: nothing comes from the KV cache.
            ours.append(await one(client, f"{number}{prompt[1:]}"))
            if peer is not None:
                theirs.append(await asyncio.to_thread(ask_peer, peer))
    finally:
        await supervisor.stop()
    return ours, theirs


def ask_peer(peer: "subprocess.Popen[str]") -> tuple[float, float]:
    assert peer.stdin is not None
    assert peer.stdout is not None
    peer.stdin.write("\n")
    peer.stdin.flush()
    prefill, decode = map(float, peer.stdout.readline().split())
    return prefill, decode


async def one(client: EngineClient, prompt: str) -> tuple[float, float]:
    """Prompt tokens per second, tokens per second."""
    options = GenerationOptions(temperature=0, max_tokens=TOKENS)
    done: GenerationDone | None = None
    async with aclosing(client.complete("m", prompt, options)) as events:
        async for event in events:
            if isinstance(event, GenerationDone):
                done = event
    assert done is not None
    assert done.cached_tokens == 0
    return done.prompt_per_second, done.predicted_per_second


def report(what: str, ours: list[float], theirs: list[float]) -> None:
    mine = statistics.median(ours)
    line = {"what": what, "hearth": round(mine, 1), "cpu_pressure": pressure()}
    if theirs:
        peer = statistics.median(theirs)
        line |= {"llama_cpp_python": round(peer, 1), "ratio": round(mine / peer, 3)}
    print(json.dumps(line))
    assert mine > 0
