"""The lists of `words.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

WORDS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)
