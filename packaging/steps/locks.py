"""Lock files: names, versions and hashes, and never the address of a package source."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from steps.guide import TRAINER
from steps.machine import Workspace, call

BUILD_TOOLS = ("cmake", "libclang", "ninja")
ORACLE = ("llama-cpp-python",)
# The editable install of this clone is made without build isolation.
EDITABLE = ("editables", "hatchling")
OURS = "hearth-engine"


def lock(work: Workspace) -> int:
    """Resolves every lock file anew from pyproject.toml and the lists above."""
    if sys.version_info < (3, 11):  # already so, by `use_new_python`
        return 1
    import tomllib

    project = tomllib.loads((work.root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [name for name in project["project"]["dependencies"] if name != OURS]
    wanted += project["dependency-groups"]["dev"]
    resolve(work, "dev", [*wanted, *EDITABLE])
    resolve(work, "build-tools", BUILD_TOOLS)
    resolve(work, "oracle", ORACLE)
    resolve(work, "guide", TRAINER)
    return 0


def resolve(work: Workspace, name: str, wanted: list[str] | tuple[str, ...]) -> None:
    """Writes one lock file, for every platform and Python that Hearth runs on."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "wanted.in"
        source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        call(
            [
                str(work.python), "-m", "uv", "pip", "compile", "--quiet", "--universal",
                "--python-version", "3.11", "--generate-hashes", "--no-header",
                "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", str(source),
                "-o", str(work.locks / f"{name}.txt"),
            ],
            cwd=work.root,
        )  # fmt: skip
