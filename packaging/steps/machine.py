"""What this machine has, what it lacks, and where our caches lie."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Mapping, Sequence

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
OLDEST_RUST = (1, 92)

# What Qt's xcb and offscreen platforms load at run time.
RUN_PACKAGES = (
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libxkbcommon0",
)
# A display, a keyring and the design's fonts, so that tests and pictures are the same everywhere.
TEST_PACKAGES = (
    "dbus",
    "fonts-inter",
    "fonts-jetbrains-mono",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "fonts-noto-core",
    "gnome-keyring",
    "libglib2.0-bin",
    "xauth",
    "xvfb",
)


class ProblemError(Exception):
    """Something is missing; the text says what, and the one line that brings it."""


class Workspace:
    """The folders of this clone and of the user's cache."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.locks = root / "packaging" / "locks"
        self.engine = root / "engine"
        self.staged_engine = root / "engine" / "python" / "hearth_engine"

    @property
    def cache(self) -> Path:
        """The user's cache: a path inside the clone would re-run the C++ build in each clone."""
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return base / "hearth-build"

    def venv_bin(self, name: str) -> Path:
        """A program of the virtual environment."""
        if sys.platform == "win32":
            return self.venv / "Scripts" / f"{name}.exe"
        return self.venv / "bin" / name

    @property
    def python(self) -> Path:
        """The virtual environment's Python."""
        return self.venv_bin("python")


def digest(*parts: bytes) -> str:
    """A short name for what decides a cached result."""
    state = hashlib.sha256()
    for part in parts:
        state.update(len(part).to_bytes(8, "little") + part)
    return state.hexdigest()[:16]


def call(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    check: bool = True,
) -> int:
    """Runs a program in the open; a failure that must not be is a `ProblemError`."""
    code = subprocess.call(list(command), cwd=str(cwd), env=dict(env) if env else None)
    if check and code != 0:
        raise ProblemError(f"`{' '.join(map(str, command[:4]))} ...` ended with exit code {code}")
    return code


def output(command: Sequence[str]) -> str:
    """What a program prints; empty where it can't be run."""
    try:
        done = subprocess.run(list(command), capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def use_new_python(script: str) -> None:
    """Goes on under a Python that Hearth runs on, if the present one is too old or too new."""
    if OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        return
    for minor in range(OLDEST_PYTHON[1], NEWEST_PYTHON[1] + 1):
        other = shutil.which(f"python3.{minor}")
        if other and output([other, "-c", "import venv, ensurepip; print(1)"]):
            os.execv(other, [other, script, *sys.argv[1:]])
    raise ProblemError(
        f"Python {platform.python_version()} runs this, but Hearth needs 3.11 to 3.14.\n"
        + bring("python3.11 python3.11-venv")
    )


def bring(packages: str) -> str:
    """The line that installs packages on a Debian-like system."""
    return f"  bring it with: sudo apt-get install -y {packages}"


def version_of(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)", text)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def check_compilers() -> None:
    """Raises `ProblemError` where Rust, a C++ compiler or Python's venv is missing."""
    if sys.platform != "win32" and not shutil.which("c++"):
        raise ProblemError("there is no C++ compiler.\n" + bring("build-essential"))
    if not shutil.which("cargo"):
        raise ProblemError(
            "Rust is missing.\n  bring it with: curl https://sh.rustup.rs -sSf | sh -s -- -y"
        )
    found = output(["rustc", "--version"])
    if version_of(found) < OLDEST_RUST:
        raise ProblemError(
            f"Hearth's engine needs Rust {OLDEST_RUST[0]}.{OLDEST_RUST[1]}, here is"
            f" {found.strip() or 'none that runs'}.\n  bring it with: rustup update stable"
        )
    if not output([sys.executable, "-c", "import venv, ensurepip; print(1)"]):
        raise ProblemError("Python's venv is missing.\n" + bring("python3-venv"))


def install_system_packages(names: Sequence[str]) -> None:
    """Installs missing Debian packages where it may, else says the line."""
    if not shutil.which("dpkg-query"):
        return
    missing = [name for name in names if not is_installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise ProblemError("some system libraries are missing.\n" + bring(" ".join(missing)))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    here = Path.cwd()
    if call(install, cwd=here, env=env, check=False) != 0:
        call(["apt-get", "update", "-q"], cwd=here, env=env)
        call(install, cwd=here, env=env)


def is_installed(name: str) -> bool:
    # Ubuntu 24.04 gave some libraries the suffix t64 and lets the new ones provide the old names.
    for candidate in (name, f"{name}t64"):
        state = output(["dpkg-query", "-W", "-f", "${Status}", candidate])
        if state.startswith("install ok installed"):
            return True
    return False
