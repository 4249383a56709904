"""The command line with the fake engine in the real one's place."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from keyring.backends import fail

from assistant.cli.context import CliContext
from assistant.cli.root import hearth

FAKE = Path(__file__).resolve().parents[2] / "fakes" / "engine.py"

Run = Callable[..., Result]


def fake_engine() -> list[str]:
    return [sys.executable, str(FAKE)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*words: str, stdin: str | None = None) -> Result:
        context = CliContext(
            data_dir=tmp_path / "data", engine_command=fake_engine, resources=tmp_path / "resources"
        )
        assert isinstance(hearth, click.Group)
        return CliRunner().invoke(hearth, words, obj=context, input=stdin, catch_exceptions=False)

    return run


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring of whoever runs the tests is not touched."""
    monkeypatch.setattr("keyring.get_keyring", fail.Keyring)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF")
    return path
