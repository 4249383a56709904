"""The virtual environment: locked dependencies, and this clone's two packages."""

from __future__ import annotations

import sys
from pathlib import Path

from steps.machine import Workspace, call, digest, output


def install_locked(python: Path, lock: Path, *more: str) -> None:
    """Installs what a lock file names, and nothing whose hash it does not hold."""
    call(
        [
            str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "-r", str(lock), *more,
        ],
        cwd=lock.parent,
    )  # fmt: skip


def prepare(work: Workspace) -> None:
    """Makes `.venv` with the locked dependencies; quick when nothing changed."""
    lock = work.locks / "dev.txt"
    wanted = digest(lock.read_bytes(), sys.version.encode(), str(work.root).encode())
    stamp = work.venv / "hearth-lock"
    if not (stamp.exists() and stamp.read_text() == wanted and work.python.exists()):
        print("Setting up .venv ...", flush=True)
        call([sys.executable, "-m", "venv", "--clear", str(work.venv)], cwd=work.root)
        install_locked(work.python, lock)
        call(
            [
                str(work.python), "-m", "pip", "install", "--quiet", "--no-deps",
                "--disable-pip-version-check", "--no-build-isolation", "-e", str(work.root),
            ],
            cwd=work.root,
        )  # fmt: skip
        link_engine_package(work)
        stamp.write_text(wanted)


def link_engine_package(work: Workspace) -> None:
    """Lets the environment import `hearth_engine` from where the engine is staged."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(output([str(work.python), "-c", code]).strip())
    (packages / "hearth_engine.pth").write_text(f"{work.engine / 'python'}\n")


def prepare_oracle(work: Workspace) -> None:
    """Builds llama-cpp-python, the engine's oracle, once for this user."""
    lock = work.locks / "oracle.txt"
    place = oracle_folder(work)
    if not place.exists():
        print("Building llama-cpp-python, the oracle (some minutes) ...", flush=True)
        unfinished = place.with_suffix(".new")
        install_locked(work.python, lock, "--target", str(unfinished))
        unfinished.rename(place)


def oracle_folder(work: Workspace) -> Path:
    """Where the oracle's packages lie: outside `.venv`, which must never import them by chance."""
    lock = work.locks / "oracle.txt"
    return work.cache / "oracle" / digest(lock.read_bytes(), sys.version.encode())


def compile_translations(work: Workspace) -> None:
    """Makes each `.qm` that is older than its `.ts`."""
    for source in sorted((work.root / "resources" / "translations").glob("*.ts")):
        compiled = source.with_suffix(".qm")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        call(
            [str(work.venv_bin("pyside6-lrelease")), "-silent", str(source), "-qm", str(compiled)],
            cwd=work.root,
        )
