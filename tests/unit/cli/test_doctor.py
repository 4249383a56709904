"""`hearth doctor`: what it finds, and that it finds what is broken."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.context import CliContext
from assistant.cli.root import hearth
from tests.unit.cli.conftest import Run


def checks(output: str) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in json.loads(output)}


def test_all_is_told(run: Run, tmp_path: Path) -> None:
    result = run("doctor", "--json")
    assert result.exit_code == 0
    found = checks(result.stdout)
    assert set(found) == {"Versions", "Engine", "Data folder", "Settings", "Chats", "Keyring"}
    assert found["Engine"]["state"] == "ok"
    assert "version 0.1.0" in str(found["Engine"]["text"])
    assert not (tmp_path / "data").exists()


def test_for_people_each_check_is_a_line(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    assert any(line.startswith("[ok]      Engine: ") for line in result.stdout.splitlines())


def test_a_model_is_really_run(run: Run, gguf: Path) -> None:
    found = checks(run("doctor", "--json", "--model", str(gguf)).stdout)
    assert "fake 260K F32 on CPU (fake)" in str(found["Engine"]["text"])


def test_a_broken_engine_fails_it(tmp_path: Path) -> None:
    context = CliContext(tmp_path / "data", lambda: [str(tmp_path / "none")])
    result = CliRunner().invoke(hearth, ["doctor", "--json"], obj=context)
    assert result.exit_code == 1
    assert checks(result.stdout)["Engine"]["state"] == "failed"


def test_settings_that_can_not_be_read_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text("{")
    assert checks(run("doctor", "--json").stdout)["Settings"]["state"] == "warning"


def test_chats_without_their_key_file_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.db").write_bytes(bytes(range(256)) * 16)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "key.json" in str(checks(result.stdout)["Chats"]["text"])


@pytest.mark.parametrize("where", ["before", "after"])
def test_the_data_folder_may_stand_before_and_after(tmp_path: Path, where: str, run: Run) -> None:
    option = ["--data-dir", str(tmp_path / "chosen")]
    words = [*option, "doctor", "--json"] if where == "before" else ["doctor", "--json", *option]
    assert str(tmp_path / "chosen") in str(checks(run(*words).stdout)["Data folder"]["text"])
