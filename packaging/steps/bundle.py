"""The frozen one-folder build, and its smoke test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from steps.machine import ProblemError, Workspace, call


def make(work: Workspace) -> int:
    """Builds `dist/hearth` with PyInstaller and tries it."""
    dist = work.root / "dist"
    call(
        [
            str(work.python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
            "--distpath", str(dist), "--workpath", str(work.root / "build" / "pyinstaller"),
            str(work.root / "packaging" / "hearth.spec"),
        ],
        cwd=work.root,
    )  # fmt: skip
    folder = dist / "hearth"
    size = sum(path.stat().st_size for path in folder.rglob("*") if not path.is_symlink())
    print(f"Bundle: {folder.relative_to(work.root)}, {size / 2**20:.0f} MiB")
    smoke(work, folder)
    return 0


def smoke(work: Workspace, folder: Path) -> None:
    """App, parser and engine start from the bundle alone; it chats once, in its own folder."""
    with tempfile.TemporaryDirectory(prefix="hearth-smoke-") as place:
        elsewhere = Path(place)
        # Moved away: a path of this checkout that was baked in would show.
        moved = elsewhere / "hearth"
        shutil.copytree(folder, moved, symlinks=True)
        program = moved / ("hearth.exe" if sys.platform == "win32" else "hearth")
        model = elsewhere / "tiny.gguf"
        expected = make_model(work, model)
        data = elsewhere / "data"
        for words in (["--version"], ["parse", "--self-check"]):
            said(program, data, *words)
        report = said(program, data, "doctor", "--json")
        if '"missing"' in report:
            raise ProblemError(f"the bundle lacks something: {report}")
        ask = ["ask", "--raw", "--model", str(model), "--temperature", "0", "--max-tokens", "8"]
        answer = said(program, data, *ask, "Once").strip()
        if answer != expected:
            raise ProblemError(f"the bundle answered {answer!r}, not {expected!r}")
        said(program, data, "--smoke-test", str(model))
    print("Bundle: app, parser and engine start; it chatted once")


def make_model(work: Workspace, path: Path) -> str:
    """A tiny model; gives the text that it must write after `Once`."""
    code = (
        "import sys; from pathlib import Path; from tests.fixtures.tiny_gguf import make_tiny_gguf;"
        "print(make_tiny_gguf(Path(sys.argv[1])).answer('Once', 8))"
    )
    done = subprocess.run(
        [str(work.python), "-c", code, str(path)],
        cwd=str(work.root), capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return done.stdout.strip()


def clean_environment() -> dict[str, str]:
    """Nothing of this checkout, of Python or of Rust: what a user's machine has."""
    kept = {"HOME", "PATH", "LANG", "TMPDIR", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"}
    env = {key: value for key, value in os.environ.items() if key.upper() in kept}
    env["PATH"] = os.defpath
    env["QT_QPA_PLATFORM"] = "offscreen"
    return env


def said(program: Path, data: Path, *words: str) -> str:
    """What the bundled program prints; `ProblemError` where it fails."""
    done = subprocess.run(
        [str(program), "--data-dir", str(data), *words],
        env=clean_environment(), cwd=str(data.parent), timeout=120, check=False,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode != 0:
        raise ProblemError(f"the bundled `hearth {words[0]}` failed: {done.stderr.strip()[-800:]}")
    return done.stdout
