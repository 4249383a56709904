"""Tries the trainer in minutes: `python rehearse.py --out FOLDER`.

A run that is ended and begun again must come to the same weights as one that was not; the quick
plan must learn. The quick model's files are left in the folder.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from corpus.mixture import conversation
from export import export
from network import Weights, first_weights
from safetensors.numpy import load_file
from score import last_weights, right_tokens
from shape import PLANS
from train import train
from vocabulary import load

GAIN = 0.2
"""How much more of its answers' tokens the quick plan gets right than its first weights do."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    folder: Path = parser.parse_args().out
    began = time.monotonic()
    same = resumes(folder / "glance")
    plan, run = PLANS["quick"], folder / "quick"
    train(plan, run)
    (folder / "model").mkdir()
    export(plan.shape, run, folder / "model")
    tokenizer = load(run / "tokenizer.json")
    chance = random.Random(-1)
    talks = [conversation(chance, room=80) for _ in range(200)]

    def right(weights: Weights) -> float:
        return round(float(np.mean(right_tokens(weights, plan.shape, tokenizer, talks))), 3)

    before, after = right(first_weights(plan.shape, plan.seed)), right(last_weights(run))
    minutes = (time.monotonic() - began) / 60
    found = {"resumes": same, "before": before, "after": after, "minutes": round(minutes, 1)}
    print(json.dumps(found))
    return 0 if same and after >= before + GAIN else 1


def resumes(folder: Path) -> bool:
    """Whether a run in two parts ends with the weights of a run in one."""
    plan = PLANS["glance"]
    whole, parts = folder / "whole", folder / "parts"
    train(plan, whole)
    parts.mkdir()
    shutil.copy(whole / "tokenizer.json", parts)
    train(plan, parts, until=3)
    train(plan, parts)
    one, other = (load_file(run / "checkpoint.safetensors") for run in (whole, parts))
    return all(np.array_equal(one[name], other[name]) for name in one)


if __name__ == "__main__":
    sys.exit(main())
