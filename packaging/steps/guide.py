"""The Guide's own model: its trainer's environment, the full run, and a quick one for the tests."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from steps import python_env
from steps.machine import ProblemError, Workspace, call, digest, output

TRAINER = ("gguf", "jax", "safetensors", "tokenizers")
PASSAGE = "Passage: The barn was painted by Ida Marrel in 1932. Question: Who painted the barn?"
QUICK_SCORE = 0.3
"""Share of right answers that five minutes of training reach with room to spare."""


def train(work: Workspace, words: list[str]) -> int:
    """The full run, from its last checkpoint where there is one, into `resources/guide`.

    `--keep` is the folder of checkpoints; else it lies in the user's cache.
    """
    run = Path(words[1]).resolve() if words[:1] == ["--keep"] and words[1:] else _kept(work)
    trainer = _environment(work)
    _script(work, trainer, "train.py", "--plan", "full", "--out", str(run))
    _script(
        work, trainer, "export.py", "--plan", "full", "--run", str(run),
        "--out", str(work.root / "resources" / "guide"),
    )  # fmt: skip
    return 0


def rehearse(work: Workspace) -> int:
    """Train the quick plan, and see that it learns, that its files load and that it answers."""
    trainer = _environment(work)
    room = work.root / "packaging" / "guide"
    programs = ["train.py", "export.py", "score.py"]
    checked = call(
        [str(work.venv_bin("mypy")), "--strict", "--python-executable", str(trainer), *programs],
        cwd=room, check=False,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        run, out = Path(place) / "run", Path(place) / "out"
        for script, *words in (
            ("train.py", "--out", str(run)),
            ("export.py", "--run", str(run), "--out", str(out)),
        ):
            _script(work, trainer, script, "--plan", "quick", *words)
        score = [str(trainer), str(room / "score.py"), "--plan", "quick", "--run", str(run)]
        right = float(json.loads(output(score))["right"])
        print(f"The quick plan answers {right:.0%} right; {QUICK_SCORE:.0%} are asked.")
        ask = ["-m", "assistant", "ask", "--model", str(out / "guide.gguf"), PASSAGE]
        call([str(work.python), *ask], cwd=work.root)
    return checked or int(right < QUICK_SCORE)


def _environment(work: Workspace) -> Path:
    """The trainer's Python, with its own locked packages: the app never needs them."""
    lock = work.locks / "guide.txt"
    place = work.cache / "trainer" / digest(lock.read_bytes(), sys.version.encode())
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = place / "hearth-lock"
    if not stamp.exists():
        print("Setting up the trainer's environment ...", flush=True)
        call([sys.executable, "-m", "venv", "--clear", str(place)], cwd=work.root)
        python_env.install_locked(python, lock)
        stamp.write_text("whole\n")
    return python


def _script(work: Workspace, trainer: Path, name: str, *words: str) -> None:
    script = work.root / "packaging" / "guide" / name
    if call([str(trainer), str(script), *words], cwd=work.root, check=False):
        raise ProblemError(f"packaging/guide/{name} failed; its output above says why")


def _kept(work: Workspace) -> Path:
    return work.cache / "guide-run"
