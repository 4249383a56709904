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
from safetensors.numpy import load_file
from score import last_weights, right_answers
from shape import PLANS
from train import train
from vocabulary import load

RIGHT_ANSWERS = 0.3
"""Share that the quick plan reaches with room to spare; untrained weights reach none."""


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
    chance = random.Random(-1)
    talks = [conversation(chance, room=80) for _ in range(150)]
    answers = right_answers(last_weights(run), plan.shape, load(run / "tokenizer.json"), talks)
    right = float(np.mean(answers))
    minutes = (time.monotonic() - began) / 60
    print(json.dumps({"resumes": same, "right": round(right, 3), "minutes": round(minutes, 1)}))
    return 0 if same and right >= RIGHT_ANSWERS else 1


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
