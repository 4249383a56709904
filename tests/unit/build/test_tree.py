"""The tree: what may stand at its top, and what may never be in it."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOP = {
    "assistant",
    "engine",
    "resources",
    "tests",
    "packaging",
    "pyproject.toml",
    "README.md",
    "LICENSE",
}


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def test_the_top_level_is_fixed() -> None:
    top = {name.split("/")[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_packaging_never_becomes_a_package() -> None:
    assert not list((ROOT / "packaging").glob("__init__.py"))


def test_no_path_of_a_developers_machine() -> None:
    path = re.compile(r"(?<![\w.~-])/(work|root|home|Users)/[A-Za-z._-]")
    for name in tracked():
        if name.endswith((".png", ".ico", ".gguf", ".safetensors")) or name == "LICENSE":
            continue
        if name == "tests/unit/build/test_tree.py":
            continue
        found = path.findall((ROOT / name).read_text(encoding="utf-8"))
        assert found == [], name
