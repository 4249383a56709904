"""`hearth ask --save`: the question and its answer are in the chats afterwards."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fixtures.tiny_gguf import make_tiny_gguf
from tests.unit.cli.conftest import Run
from tests.unit.cli.test_chats import PASSPHRASE, make_history


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(make_tiny_gguf(tmp_path / "tiny.gguf").path)


@pytest.fixture
def plain(tmp_path: Path) -> None:
    asyncio.run(make_history(tmp_path / "data", None))


def saved(run: Run) -> list[dict[str, object]]:
    newest = json.loads(run("chat", "list", "--json").stdout)[0]
    values = json.loads(run("chat", "show", "--json", newest["id"]).stdout)
    messages: list[dict[str, object]] = values["messages"]
    return messages


@pytest.mark.usefixtures("plain")
def test_question_and_answer_are_kept(run: Run, model: str) -> None:
    result = run("ask", "--save", "--model", model, "-n", "4", "How is the sea?")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Once upon a time, \n", "")
    question, answer = saved(run)
    assert question["text"] == "How is the sea?"
    assert (answer["text"], answer["state"]) == ("Once upon a time, ", "done")


@pytest.mark.usefixtures("plain")
def test_a_death_in_mid_answer_is_told_and_what_came_is_kept(run: Run, model: str) -> None:
    result = run("ask", "--save", "--model", model, "!die")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: The engine stopped while it was answering.")
    _, answer = saved(run)
    assert (answer["text"], answer["state"]) == ("Once upon a time, there ", "interrupted")


def test_a_passphrase_is_asked_for(run: Run, model: str, tmp_path: Path) -> None:
    asyncio.run(make_history(tmp_path / "data", PASSPHRASE))
    words = ["ask", "--save", "--model", model, "-n", "1", "Hello"]
    assert run(*words, stdin=f"{PASSPHRASE}\n").stdout == "Once \n"
    refused = run(*words, stdin="")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_without_any_keyring_nothing_is_kept_in_the_clear(
    run: Run, model: str, tmp_path: Path
) -> None:
    result = run("ask", "--save", "--model", model, "-n", "1", "Hello")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: This computer offers no keyring")
    assert not (tmp_path / "data" / "history.db").exists()


def test_raw_can_not_be_saved(run: Run, model: str) -> None:
    assert run("ask", "--save", "--raw", "--model", model, "Hello").exit_code == 2
