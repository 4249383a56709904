"""Which model is recommended for how much memory."""

import itertools
import os
import tomllib

import pytest

from assistant.services.guide.memory import total_memory_bytes
from assistant.services.guide.recommend import recommended
from assistant.settings.paths import resource_folder

LIST = resource_folder() / "recommended.toml"
GB = 1_000_000_000


@pytest.mark.parametrize(
    ("memory", "name"),
    [
        (0, "Qwen2.5 1.5B"),
        (4 * GB, "Qwen2.5 1.5B"),
        (8 * GB, "Qwen3 4B"),
        (16 * GB, "Qwen2.5 7B"),
        (32 * GB, "Qwen2.5 14B"),
        (512 * GB, "Qwen2.5 14B"),
    ],
)
def test_more_memory_bigger_model(memory: int, name: str) -> None:
    assert recommended(LIST, memory).name == name


def test_every_listed_model_fits_and_says_where_it_is_from() -> None:
    models = tomllib.loads(LIST.read_text(encoding="utf-8"))["model"]
    for each in models:
        assert each["file"].endswith(".gguf")
        assert each["repo"].count("/") == 1
        assert each["licence"] == "Apache-2.0"
        assert each["source"]
        assert each["memory_bytes"] == 0 or each["size_bytes"] * 2 < each["memory_bytes"]
    for smaller, bigger in itertools.pairwise(models):
        assert smaller["size_bytes"] < bigger["size_bytes"]
        assert smaller["memory_bytes"] < bigger["memory_bytes"]


def test_the_memory_of_this_computer_is_known() -> None:
    assert total_memory_bytes() > GB / 4


def test_a_system_that_does_not_tell_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str) -> int:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(os, "sysconf", refuse)
    assert total_memory_bytes() == 0
