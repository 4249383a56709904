"""Linters, tests, benchmarks and pictures."""

from __future__ import annotations

import os
import shutil
from typing import Sequence

from steps import engine, python_env
from steps.machine import Workspace, call

PYTHON_ROOMS = ("assistant", "tests", "packaging", "engine/python")
BENCHMARKS = ("engine_speed", "window_speed", "guide")
SCREEN = "-screen 0 1600x1000x24"


def lint(work: Workspace) -> int:
    """Every check that runs nothing; all of them speak, then the first failure counts."""
    tool = work.venv_bin
    results = [
        call([str(tool("ruff")), "format", "--check", *PYTHON_ROOMS], cwd=work.root, check=False),
        call([str(tool("ruff")), "check", *PYTHON_ROOMS], cwd=work.root, check=False),
        call([str(tool("mypy"))], cwd=work.root, check=False),
        call([str(tool("lint-imports"))], cwd=work.root, check=False),
        file_sizes(work),
        engine.format_code(work, check=True),
        engine.clippy(work),
    ]
    return next((code for code in results if code), 0)


def fix(work: Workspace) -> int:
    """What formatters and linters can mend."""
    tool = work.venv_bin
    call([str(tool("ruff")), "check", "--fix", *PYTHON_ROOMS], cwd=work.root, check=False)
    call([str(tool("ruff")), "format", *PYTHON_ROOMS], cwd=work.root, check=False)
    return engine.format_code(work, check=False)


def file_sizes(work: Workspace) -> int:
    """A file over 600 lines holds more than one room."""
    too_long = []
    for room in (*PYTHON_ROOMS, "engine/crates"):
        for path in sorted((work.root / room).rglob("*")):
            if path.suffix in {".py", ".pyi", ".rs", ".cpp", ".h"}:
                lines = path.read_text(encoding="utf-8").count("\n")
                if lines > 600:
                    too_long.append(f"{path.relative_to(work.root)}: {lines} lines, at most 600")
    print("\n".join(too_long) or "File sizes: fine")
    return 1 if too_long else 0


def cargo_tests(work: Workspace) -> int:
    """The Rust suites."""
    return engine.run_tests(work)


def with_display(work: Workspace, command: Sequence[str], env: dict[str, str]) -> int:
    """Runs a command under a display of its own where there is X."""
    if shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", "-s", SCREEN, *command]
    return call(command, cwd=work.root, env=env, check=False)


def pytest(work: Workspace, words: Sequence[str]) -> int:
    """The Python suites; benchmarks are apart."""
    command = [str(work.python), "-m", "pytest", "--ignore=tests/benchmarks", *words]
    return with_display(work, command, test_environment())


def test_environment() -> dict[str, str]:
    """The tests' environment: no display of the user's own, no network settings of a Hub."""
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HEARTH_"))
    }
    env["QT_QPA_PLATFORM"] = "xcb" if shutil.which("xvfb-run") else "offscreen"
    env["LC_ALL"] = "C.UTF-8"
    return env


def oracle(work: Workspace, words: Sequence[str]) -> int:
    """The engine against llama-cpp-python on the same file."""
    env = test_environment()
    env["HEARTH_ORACLE"] = str(python_env.oracle_folder(work))
    return call(
        [str(work.python), "-m", "pytest", "-s", "tests/e2e/oracle.py", *words],
        cwd=work.root, env=env, check=False,
    )  # fmt: skip


def bench(work: Workspace, words: Sequence[str]) -> int:
    """Benchmarks print their figures and compare with a peer or a limit in the same run.

    A word that names one (`guide`) runs that one alone.
    """
    named = [f"tests/benchmarks/test_{word}.py" for word in words if word in BENCHMARKS]
    others = [word for word in words if word not in BENCHMARKS]
    what = named or ["tests/benchmarks"]
    command = [str(work.python), "-m", "pytest", "-s", *what, *others]
    return with_display(work, command, test_environment())


def screenshots(work: Workspace, words: Sequence[str]) -> int:
    """Pictures of the real app, for the README."""
    script = work.root / "packaging" / "screenshots.py"
    return with_display(work, [str(work.python), str(script), *words], test_environment())
