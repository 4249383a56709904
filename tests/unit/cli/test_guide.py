"""`hearth ask` and `hearth models` while no model is installed: the Guide."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from assistant.cli.guide import how_to_get, plain
from assistant.domain.guide import Recommendation
from assistant.settings.paths import resource_folder
from tests.fixtures.tiny_gguf import make_tiny_gguf
from tests.unit.cli.conftest import Run
from tests.unit.cli.test_chats import make_history

TEXT = "The mill at Brenwick was built by Tomas Hale in 1743."


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """Hearth's own resources, with a tiny model as the Guide's."""
    resources = tmp_path / "resources"
    (resources / "guide").mkdir(parents=True)
    shutil.copytree(resource_folder() / "help", resources / "help")
    shutil.copy(resource_folder() / "recommended.toml", resources)
    return make_tiny_gguf(resources / "guide" / "guide.gguf").path


@pytest.mark.usefixtures("guide")
def test_help_is_printed_without_any_model(run: Run) -> None:
    result = run("ask", "What is Hearth?")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Hearth" in result.stdout
    assert "**" not in run("ask", "How do I add a model?").stdout


@pytest.mark.usefixtures("guide")
def test_help_comes_in_the_language_of_the_question(run: Run) -> None:
    assert "مدل" in run("ask", "چطور مدل دانلود کنم؟").stdout


@pytest.mark.usefixtures("guide")
def test_beyond_its_depth_it_tells_the_command_that_helps(run: Run) -> None:
    result = run("ask", "Write an email to my landlord.")
    assert result.exit_code == 0
    assert "kept" not in result.stdout
    first, command = result.stderr.splitlines()
    assert first.startswith("hint: ")
    assert "at 50 Mbit/s" in first
    words = command.split()
    assert words[:3] == ["hearth", "models", "pull"]
    assert len(words) == 5


@pytest.mark.usefixtures("guide")
def test_small_talk_and_passages_are_decoded(run: Run) -> None:
    assert run("ask", "-n", "3", "hello").stdout == "Once upon a \n"
    result = run("ask", "-n", "2", f"Passage: {TEXT} Question: Who built the mill?")
    assert (result.exit_code, result.stdout) == (0, "Once upon \n")


@pytest.mark.usefixtures("guide")
def test_its_answers_always_end_soon(run: Run) -> None:
    assert len(run("ask", "-n", "5000", "hello").stdout.split()) == 64


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("words", [["--model", "guide"], ["--model", "Guide"], ["--raw"]])
def test_its_model_can_be_asked_straight(run: Run, words: list[str]) -> None:
    result = run("ask", *words, "-n", "2", "How do I add a model?")
    assert (result.exit_code, result.stdout) == (0, "Once upon \n")


def test_without_its_file_there_is_no_model(run: Run) -> None:
    result = run("ask", "What is Hearth?")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: No model is installed yet.")


@pytest.mark.usefixtures("guide")
def test_hidden_it_answers_no_more_until_it_is_shown(run: Run) -> None:
    assert "is shown" in run("models", "guide").stderr
    hidden = run("models", "guide", "--hide")
    assert (hidden.exit_code, "is hidden" in hidden.stderr) == (0, True)
    assert run("ask", "What is Hearth?").exit_code == 2
    assert run("ask", "--model", "guide", "Hello").exit_code == 2
    assert run("models", "list").stdout == ""
    run("models", "guide", "--show")
    assert run("ask", "What is Hearth?").exit_code == 0


def test_a_guide_that_is_missing_cant_be_shown(run: Run) -> None:
    assert "missing" in run("models", "guide", "--show").stderr


def test_it_is_listed_as_built_in_and_only_hidden_by_rm(run: Run, guide: Path) -> None:
    assert run("models", "list").stdout.split()[0] == "Guide"
    assert "built in" in run("models", "list").stdout
    [listed] = json.loads(run("models", "list", "--json").stdout)
    assert (listed["name"], listed["built_in"], listed["owned"]) == ("Guide", True, False)
    assert "is hidden" in run("models", "rm", "guide").stderr
    assert guide.exists()
    assert run("models", "list").stdout == ""


@pytest.mark.usefixtures("guide")
def test_nothing_is_written_by_a_question(run: Run, tmp_path: Path) -> None:
    run("ask", "What is Hearth?")
    run("ask", "-n", "1", "hello")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("guide")
def test_its_answers_can_be_kept(run: Run, tmp_path: Path) -> None:
    asyncio.run(make_history(tmp_path / "data", None))
    helped = run("ask", "--save", "How do I add a model?")
    assert (helped.exit_code, helped.stderr) == (0, "")
    assert "**" not in helped.stdout
    beyond = run("ask", "--save", "Write an email to my landlord.")
    assert "kept" in beyond.stdout
    assert "hearth models pull" in beyond.stderr
    talked = run("ask", "--save", "-n", "2", "hello")
    assert (talked.exit_code, talked.stdout) == (0, "Once upon \n")
    chats = json.loads(run("chat", "list", "--json").stdout)
    titles = [chat["title"] for chat in chats[:3]]
    assert "How do I add a model?" not in titles
    assert "Write an email to my landlord." in titles


def test_articles_lose_the_marks_of_bold_words() -> None:
    assert plain("Open **Models**, then **Add model**.") == "Open Models, then Add model."


@pytest.mark.parametrize(("size", "minutes"), [(1, 1), (2_500_000_000, 7), (9_000_000_000, 24)])
def test_the_time_is_that_of_a_line_of_50_mbit(size: int, minutes: int) -> None:
    assert f"about {minutes} min at 50 Mbit/s" in how_to_get(Recommendation("n", "o/r", "f", size))
