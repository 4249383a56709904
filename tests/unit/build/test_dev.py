"""The one door for commands: what it says on a machine that lacks something, and what it builds."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DEV = ROOT / "packaging" / "dev.py"
SCRIPTS = sorted([DEV, *(ROOT / "packaging" / "steps").glob("*.py")])


def run_dev(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEV), *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_parses_on_python_3_8(script: Path) -> None:
    ast.parse(script.read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_needs_the_standard_library_only(script: Path) -> None:
    known = set(sys.stdlib_module_names) | {"steps"}
    for node in ast.walk(ast.parse(script.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert {name.split(".")[0] for name in names} <= known


@pytest.mark.skipif(sys.platform == "win32", reason="PATH works otherwise there")
@pytest.mark.parametrize(
    ("present", "said"),
    [
        ((), "no C++ compiler.\n  bring it with: sudo apt-get install -y build-essential"),
        (("c++",), "Rust is missing.\n  bring it with: "),
        (("c++", "cargo", "rustc-1.70"), "needs Rust 1.92, here is rustc 1.70.0"),
    ],
)
def test_names_the_missing_piece_and_the_line_that_brings_it(
    tmp_path: Path, present: tuple[str, ...], said: str
) -> None:
    for name in present:
        tool, _, version = name.partition("-")
        path = tmp_path / tool
        path.write_text(f"#!/bin/sh\necho {tool} {version}.0\n")
        path.chmod(0o755)
    done = run_dev("build", env={"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_lock_files_hold_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "packaging" / "locks").glob("*.txt"))
    assert locks
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text
        assert "--index" not in text
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[A-Za-z0-9._-]+==\S+", entry), entry
            assert "--hash=sha256:" in entry


def test_ci_calls_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec python3 packaging/dev.py test"]


@pytest.mark.engine
@pytest.mark.timeout(900)
def test_a_second_clone_compiles_no_cpp(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    (clone / ".venv").symlink_to(ROOT / ".venv")
    code = (
        "import sys; sys.path.insert(0, 'packaging')\n"
        "from pathlib import Path\n"
        "from steps import engine\n"
        "from steps.machine import Workspace\n"
        "work = Workspace(Path.cwd())\n"
        "target = engine.target_folder(work)\n"
        "made = lambda: {(str(p), p.stat().st_mtime_ns) for e in ('o', 'a', 'so')"
        " for p in target.glob(f'**/*.{e}') if 'lib_native' not in p.name}\n"
        "before = made()\n"
        "engine.build(work)\n"
        "print('NEW', sorted(made() - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clone,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "NEW []"
    assert (clone / "engine/python/hearth_engine/bin/hearth-engine").exists()
