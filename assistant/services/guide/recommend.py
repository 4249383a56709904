"""Which model suits this computer."""

from pathlib import Path

from assistant.domain.guide import Recommendation
from assistant.services.guide.articles import read_toml


def recommended(path: Path, memory_bytes: int) -> Recommendation:
    """Give the biggest listed model whose need of memory is met; the smallest where none is.

    `path` is `recommended.toml`: models from small to big.
    """
    models = read_toml(path)["model"]
    fitting = [each for each in models if each["memory_bytes"] <= memory_bytes]
    chosen = fitting[-1] if fitting else models[0]
    return Recommendation(chosen["name"], chosen["repo"], chosen["file"], chosen["size_bytes"])
