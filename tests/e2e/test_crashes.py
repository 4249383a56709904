"""Kills in mid-answer: nothing that was committed is lost, and nothing is left running."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.app import ROOT, App, gone, told
from tests.fixtures.tiny_gguf import make_tiny_gguf

pytestmark = [pytest.mark.engine, pytest.mark.keyring, pytest.mark.timeout(900)]

KILLS = 20
CHILDREN_LIVE_AT_MOST = 2.0


def hearth(env: dict[str, str], data: Path, *words: str) -> str:
    """What the command line prints."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--data-dir", str(data), *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_part_of_an_answer(app: App, number: int, length: int) -> None:
    def written() -> bool:
        answers = app.answers()
        return len(answers) > number and len(answers[number]) >= length

    app.wait(f"{length} characters of answer {number}", written)


def test_a_killed_worker_leaves_the_window_and_the_next_question_is_answered(
    start: Callable[..., App], tmp_path: Path
) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", slow=True, ends_after=60)
    app = start(str(model.path))
    app.wait_for_model("tiny")
    app.ask("First")
    app.click("Not now")
    wait_for_part_of_an_answer(app, 0, 20)
    app.worker().kill()
    app.wait_until_idle()
    assert app.do("shows", text="interrupted")
    kept = app.answers()[0]
    assert told(model.answer("", 60)).startswith(kept)
    assert len(kept) >= 20

    app.ask("Second")
    app.wait("the second answer", lambda: app.answers()[1:] == [told(model.answer("", 60))])
    app.quit()
    again = start()
    again.wait("the chat", lambda: "First" in again.do("rows", name="chats"))
    again.do("click_row", name="chats", text="First")
    again.wait("both answers", lambda: again.answers() == [kept, told(model.answer("", 60))])
    again.quit()


def test_killing_the_app_loses_no_committed_message_and_leaves_no_process(
    start: Callable[..., App], session: dict[str, str], tmp_path: Path
) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", slow=True)
    asked: list[str] = []
    for number in range(KILLS):
        app = start(*([str(model.path)] if number == 0 else []))
        app.wait_for_model("tiny")
        question = f"Question number {number}"
        app.ask(question)
        if number == 0:
            app.click("Not now")
        wait_for_part_of_an_answer(app, 0, 1 + 3 * number)
        asked.append(question)
        children = app.children()
        assert children
        app.kill()
        assert gone(children, CHILDREN_LIVE_AT_MOST) == []

    data = tmp_path / "data"
    chats = json.loads(hearth(session, data, "chat", "list", "--json"))
    titles = [chat["title"] for chat in chats]
    assert sorted(titles) == sorted(asked)
    for chat in chats:
        text = hearth(session, data, "chat", "export", chat["id"])
        assert chat["title"] in text
    report = json.loads(hearth(session, data, "doctor", "--json"))
    assert "failed" not in json.dumps(report)


def test_the_app_loads_no_llama_cpp(start: Callable[..., App], tmp_path: Path) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", ends_after=30)
    app = start(str(model.path))
    app.wait_for_model("tiny")
    app.ask("Anything")
    app.click("Not now")
    app.wait("the answer", lambda: app.answers() == [told(model.answer("", 30))])
    maps = app.do("maps")
    assert "hearth_engine/_native" in maps
    assert "libllama" not in maps
    assert "libggml" not in maps
    app.quit()


def test_a_quit_in_mid_answer_ends_everything_soon(
    start: Callable[..., App], tmp_path: Path
) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", slow=True)
    app = start(str(model.path))
    app.wait_for_model("tiny")
    app.ask("Anything")
    app.click("Not now")
    wait_for_part_of_an_answer(app, 0, 10)
    children = app.children()
    began = time.monotonic()
    app.quit()
    assert gone(children, CHILDREN_LIVE_AT_MOST) == []
    assert time.monotonic() - began < 30  # ten times what is promised: a guard, not the figure
