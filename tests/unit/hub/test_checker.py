import sys
from pathlib import Path
from types import ModuleType

import pytest

from assistant.domain.errors import EngineUnavailableError, ModelFileError, ModelPartMissingError
from assistant.hub.checker import EngineChecker


class GgufError(Exception):
    def __init__(self, missing: str | None = None, count: int | None = None) -> None:
        super().__init__()
        self.reason, self.missing, self.count = "it is cut off", missing, count


@pytest.fixture
def native(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("hearth_engine")
    monkeypatch.setattr(module, "GgufError", GgufError, raising=False)
    monkeypatch.setitem(sys.modules, "hearth_engine", module)
    return module


def refuse(native: ModuleType, error: Exception) -> None:
    def check(path: Path) -> str:
        raise error

    native.__dict__.update(check_gguf=check, sample_id=check)


def test_a_reason_becomes_a_sentence(native: ModuleType) -> None:
    refuse(native, GgufError())
    for call in (EngineChecker().check, EngineChecker().sample_id):
        with pytest.raises(ModelFileError) as caught:
            call(Path("/x/m.gguf"))
        assert caught.value.message == "“m.gguf” can't be used as a model: it is cut off."


def test_a_missing_part_is_named(native: ModuleType) -> None:
    refuse(native, GgufError("m-00002-of-00002.gguf", 2))
    with pytest.raises(ModelPartMissingError) as caught:
        EngineChecker().check(Path("m-00001-of-00002.gguf"))
    assert caught.value.params["count"] == 2


def test_a_bug_stays_a_bug(native: ModuleType) -> None:
    refuse(native, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        EngineChecker().check(Path("m.gguf"))


def test_without_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hearth_engine", None)
    with pytest.raises(EngineUnavailableError):
        EngineChecker().check(Path("m.gguf"))


@pytest.mark.engine
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGUF",
        b"<!DOCTYPE html><html></html>",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        bytes(range(256)) * 64,
    ],
)
def test_the_real_checker_refuses_in_plain_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelFileError) as caught:
        EngineChecker().check(path)
    assert caught.value.params["detail"]
