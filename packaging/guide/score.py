"""How many answers a run gets right, on fresh conversations that it was not trained on.

An answer is right where every one of its tokens is the likeliest after those before it: what
decoding without chance would give.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from pathlib import Path

import jax
import jax.numpy as jnp
import network
import numpy as np
import vocabulary
from corpus.mixture import Conversation, conversation
from network import Weights
from safetensors.numpy import load_file
from shape import PLANS, Shape
from tokenizers import Tokenizer

_ROWS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plan", choices=sorted(PLANS), default="full")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--conversations", type=int, default=200)
    words = parser.parse_args()
    chance = random.Random(-1)
    talks = [conversation(chance, room=240) for _ in range(words.conversations)]
    tokenizer = vocabulary.load(words.run / "tokenizer.json")
    right = right_answers(last_weights(words.run), PLANS[words.plan].shape, tokenizer, talks)
    print(json.dumps({"answers": len(right), "right": round(float(np.mean(right)), 4)}))


def last_weights(run: Path) -> Weights:
    """The weights of a run's last checkpoint."""
    kept = load_file(run / "checkpoint.safetensors")
    parts = {name.removeprefix("weights/"): t for name, t in kept.items() if "weights/" in name}
    return {name: jnp.asarray(tensor) for name, tensor in parts.items()}


def right_answers(
    weights: Weights, shape: Shape, tokenizer: Tokenizer, talks: Iterable[Conversation]
) -> list[bool]:
    """Whether each answer of each conversation is the one that decoding would give."""
    return [all(answer) for answer in _hits(weights, shape, tokenizer, talks)]


def right_tokens(
    weights: Weights, shape: Shape, tokenizer: Tokenizer, talks: Iterable[Conversation]
) -> list[bool]:
    """Whether each token of each answer is the likeliest after those before it."""
    return [hit for answer in _hits(weights, shape, tokenizer, talks) for hit in answer]


def _hits(
    weights: Weights, shape: Shape, tokenizer: Tokenizer, talks: Iterable[Conversation]
) -> list[list[bool]]:
    encoded = [vocabulary.encode(tokenizer, talk) for talk in talks]
    length = -(-max(len(tokens) for tokens, _ in encoded) // 128) * 128
    best = jax.jit(lambda w, t, s: network.logits(w, t, s, shape).argmax(-1))
    hits: list[list[bool]] = []
    for start in range(0, len(encoded), _ROWS):
        part = encoded[start : start + _ROWS]
        tokens = np.zeros((_ROWS, length), np.int32)
        for row, (ids, _) in enumerate(part):
            tokens[row, : len(ids)] = ids
        guesses = np.asarray(best(weights, tokens, np.zeros_like(tokens)))
        for row, (ids, written) in enumerate(part):
            hits += _by_answer(guesses[row], ids, written)
    return hits


def _by_answer(guesses: np.ndarray, ids: list[int], written: list[bool]) -> list[list[bool]]:
    hits: list[list[bool]] = []
    for at in range(1, len(ids)):
        if not written[at]:
            continue
        if not written[at - 1]:
            hits.append([])
        hits[-1].append(bool(guesses[at - 1] == ids[at]))
    return hits


if __name__ == "__main__":
    main()
