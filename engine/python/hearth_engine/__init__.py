"""Hearth's engine: the checker of model files, and the program that runs them."""

import sys
from pathlib import Path

from hearth_engine._native import GgufError, GgufReport, check_gguf, sample_id

__all__ = ["GgufError", "GgufReport", "check_gguf", "program", "sample_id"]


def program() -> Path:
    """The program `hearth-engine`, which lies in this package beside its libraries.

    Raises:
        FileNotFoundError: it was not put there, or was taken away.

    """
    name = "hearth-engine.exe" if sys.platform == "win32" else "hearth-engine"
    path = Path(__file__).resolve().parent / "bin" / name
    if not path.is_file():
        raise FileNotFoundError(
            f"The engine is missing at {path}. Install Hearth again; in a clone of its"
            " repository, run `python3 packaging/dev.py build`."
        )
    return path
