"""The commands by which a bundle proves itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.tiny_gguf import make_tiny_gguf
from tests.unit.cli.conftest import FAKE

ROOT = FAKE.parents[2]


def hearth(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_the_parser_child_reads_its_standard_input() -> None:
    done = hearth("parse", stdin="One.\n\nسلام\n".encode())
    assert done.returncode == 0
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["One.", "سلام"]


def test_the_parser_checks_itself() -> None:
    assert hearth("parse", "--self-check").returncode == 0


def test_help_does_not_name_what_people_have_no_use_for() -> None:
    out = hearth("--help").stdout.decode()
    assert "parse" not in out
    assert "smoke" not in out


@pytest.mark.engine
def test_the_window_asks_once_and_closes(tmp_path: Path) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", ends_after=12)
    done = hearth("--data-dir", str(tmp_path / "data"), "--smoke-test", str(model.path))
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("A lamp stood")
