"""The Guide's own model: its trainer's environment, the full run, and a quick one for the tests."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from steps import python_env
from steps.machine import ProblemError, Workspace, call, digest

TRAINER = ("gguf", "jax", "safetensors", "tokenizers")
PASSAGE = "Passage: The barn was painted by Ida Marrel in 1932. Question: Who painted the barn?"


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
    """Try the trainer in five minutes, and have the real engine answer with what it made."""
    trainer = _environment(work)
    room = work.root / "packaging" / "guide"
    checked = call(
        [
            str(work.venv_bin("mypy")), "--strict", "--python-executable", str(trainer),
            "train.py", "rehearse.py",
        ],
        cwd=room, check=False,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        _script(work, trainer, "rehearse.py", "--out", place)
        model = Path(place) / "model" / "guide.gguf"
        ask = ["-m", "assistant", "ask", "--max-tokens", "64", "--model", str(model), PASSAGE]
        call([str(work.python), *ask], cwd=work.root)
    return checked


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
