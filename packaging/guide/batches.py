"""Batches of tokens: fresh text for every step, the same for the same seed and step."""

from __future__ import annotations

import random

import numpy as np
from corpus.mixture import conversation
from network import Batch
from shape import Plan, Stage
from tokenizers import Tokenizer
from vocabulary import encode

_OF_THE_QUESTION = 0.3
"""How much a counted token of the user's weighs; each of the assistant's weighs 1."""

_COUNTED = 3
"""One token in so many is counted: all of the assistant's first, then some of the user's."""


class Batches:
    """Makes the batch of any step of a plan."""

    def __init__(self, plan: Plan, tokenizer: Tokenizer) -> None:
        self._plan = plan
        self._tokenizer = tokenizer

    def batch(self, step: int) -> Batch:
        """The batch of one step, counted from 0."""
        chance = random.Random(self._plan.seed * 1_000_003 + step)
        stage = stage_of(self._plan, step)
        rows = [self._row(chance, stage) for _ in range(stage.rows)]
        return Batch(*(np.stack(part) for part in zip(*rows, strict=True)))

    def _row(self, chance: random.Random, stage: Stage) -> Batch:
        """Fill one row with conversations; what does not fit at its end stays empty."""
        length = stage.length + 1
        tokens = np.zeros(length, np.int32)
        segments = np.full(length, -1, np.int32)
        answers = np.zeros(length, bool)
        at = number = misses = 0
        while at < length and misses < 4:
            talk = conversation(chance, min(stage.room, length - at), stage.copied)
            ids, written = encode(self._tokenizer, talk)
            if len(ids) > length - at:
                misses += 1
                continue
            end = at + len(ids)
            tokens[at:end] = ids
            segments[at:end] = number
            answers[at:end] = written
            at, number = end, number + 1
        return Batch(tokens, segments, *_counted(chance, segments, answers))


def _counted(
    chance: random.Random, segments: np.ndarray, answers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the places of a row that the loss counts, and what each weighs."""
    room = len(segments) // _COUNTED
    inner = np.flatnonzero((segments[1:] == segments[:-1]) & (segments[1:] >= 0)) + 1
    places = [int(place) for place in inner if answers[place]][:room]
    others = [int(place) for place in inner if not answers[place]]
    others = chance.sample(others, min(room - len(places), len(others)))
    weights = [1.0] * len(places) + [_OF_THE_QUESTION] * len(others)
    empty = room - len(weights)
    chosen = np.array(places + others + [1] * empty, np.int32)
    return chosen, np.array(weights + [0.0] * empty, np.float32)


def stage_of(plan: Plan, step: int) -> Stage:
    """The stage that a step belongs to."""
    for stage in plan.stages:
        if step < stage.steps:
            return stage
        step -= stage.steps
    raise IndexError(step)
