"""Trains the Guide's model: `python train.py --plan full --out FOLDER`.

The run goes on from the checkpoint in the folder where there is one, and ends with `weights`,
`tokenizer.json` and the log of its losses there. `export.py` makes the model files of them.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import jax
import jax.numpy as jnp
import network
import optimiser
import vocabulary
from batches import Batches
from network import Batch, Weights
from optimiser import Moments
from safetensors.numpy import load_file, save_file
from shape import PLANS, Plan

_AHEAD = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plan", choices=sorted(PLANS), default="full")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--until", type=int, help="end after so many steps in all")
    words = parser.parse_args()
    train(PLANS[words.plan], words.out, words.until)


def train(plan: Plan, folder: Path, until: int | None = None) -> None:
    """Run the plan to its end, from the last checkpoint in the folder or from nothing."""
    last = min(plan.steps, until or plan.steps)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer_file = folder / "tokenizer.json"
    if not tokenizer_file.exists():
        vocabulary.learn(plan.shape.vocabulary, plan.seed).save(str(tokenizer_file))
    step, weights, moments = _begin(plan, folder)
    advance = jax.jit(partial(_advance, plan), donate_argnums=(0, 1))
    began = time.monotonic()
    total = 0.0
    with (folder / "losses.jsonl").open("a", encoding="utf-8") as log:
        for batch in _prepared(plan, tokenizer_file, range(step, last)):
            weights, moments, loss = advance(weights, moments, batch, jnp.float32(step + 1))
            step += 1
            total += float(loss)
            if step % 50 == 0:
                line = {"step": step, "loss": round(total / 50, 4)}
                line["seconds"] = round(time.monotonic() - began, 1)
                print(json.dumps(line), file=log, flush=True)
                print(json.dumps(line), flush=True)
                total = 0.0
            if step % plan.checkpoint_every == 0 or step == last:
                _save(folder, step, weights, moments)


def _advance(
    plan: Plan, weights: Weights, moments: Moments, batch: Batch, step: jax.Array
) -> tuple[Weights, Moments, jax.Array]:
    of_loss = jax.value_and_grad(network.loss, has_aux=True)
    (_, loss), gradients = of_loss(weights, batch, plan.shape)
    steps, shares = zip(*plan.rates, (plan.steps + 1, 0.0), strict=True)
    share = jnp.interp(step, jnp.array(steps), jnp.array(shares))
    rates = plan.matrix_rate * share, plan.other_rate * share
    weights, moments = optimiser.update(weights, gradients, moments, step, rates)
    return weights, moments, loss


def _begin(plan: Plan, folder: Path) -> tuple[int, Weights, Moments]:
    kept = folder / "checkpoint.safetensors"
    if not kept.exists():
        weights = network.first_weights(plan.shape, plan.seed)
        return 0, weights, optimiser.begin(weights)
    parts: dict[str, Weights] = {"weights": {}, "first": {}, "second": {}}
    tensors = load_file(kept)
    step = int(tensors.pop("step")[0])
    for name, tensor in tensors.items():
        part, _, rest = name.partition("/")
        parts[part][rest] = jnp.asarray(tensor)
    return step, parts["weights"], Moments(parts["first"], parts["second"])


def _save(folder: Path, step: int, weights: Weights, moments: Moments) -> None:
    """Write the checkpoint beside the old one first: a run that is ended keeps a whole one."""
    parts = {"weights": weights, "first": moments.first, "second": moments.second}
    tensors = {
        f"{part}/{n}": jax.device_get(t) for part, ts in parts.items() for n, t in ts.items()
    }
    tensors["step"] = jax.device_get(jnp.asarray([step], jnp.int32))
    fresh = folder / "checkpoint.new"
    save_file(tensors, fresh)
    os.replace(fresh, folder / "checkpoint.safetensors")


def _prepared(plan: Plan, tokenizer_file: Path, steps: range) -> Iterator[Batch]:
    """Batches in order, made by another process some steps ahead."""
    make = partial(_make, plan, tokenizer_file)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        waiting: list[Future[Batch]] = []
        for number in steps:
            while len(waiting) < _AHEAD and number + len(waiting) < steps.stop:
                waiting.append(pool.submit(make, number + len(waiting)))
            yield waiting.pop(0).result()


_MAKERS: dict[Path, Batches] = {}


def _make(plan: Plan, tokenizer_file: Path, step: int) -> Batch:
    if tokenizer_file not in _MAKERS:
        _MAKERS[tokenizer_file] = Batches(plan, vocabulary.load(tokenizer_file))
    return _MAKERS[tokenizer_file].batch(step)


if __name__ == "__main__":
    main()
