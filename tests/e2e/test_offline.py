"""Without any network everything works but the Hub, which says so in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.app import App, told
from tests.fixtures.tiny_gguf import make_tiny_gguf

pytestmark = [
    pytest.mark.engine,
    pytest.mark.keyring,
    pytest.mark.network_namespace,
    pytest.mark.timeout(300),
]
# A network namespace of its own: not even the loopback interface is up. Who is not root needs a
# user namespace for that.
ALONE = ("unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]))


def test_chats_without_a_network(tmp_path: Path, session: dict[str, str]) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", ends_after=40)
    data = tmp_path / "data"
    with App(data, str(model.path), env=session, prefix=ALONE) as app:
        app.wait_for_model("tiny")
        app.ask("Is anyone there?")
        app.click("Not now")
        app.wait("the answer", lambda: app.answers() == [told(model.answer("", 40))])
        app.click("Models")
        app.type("repository", "org/model-GGUF")
        app.click("findFiles")
        app.wait("one sentence", lambda: app.do("shows", text="huggingface.co can't be reached."))
        app.quit()
    with App(data, env=session, prefix=ALONE) as again:
        again.wait("the chat", lambda: "Is anyone there?" in again.do("rows", name="chats"))
        again.do("click_row", name="chats", text="Is anyone there?")
        again.wait("the answer", lambda: again.answers() == [told(model.answer("", 40))])
        again.quit()


def test_the_guide_answers_without_a_network(tmp_path: Path, session: dict[str, str]) -> None:
    with App(tmp_path / "data", env=session, prefix=ALONE) as app:
        app.wait_for("Model Guide, built in")
        app.ask("How do I add a model?")
        app.click("Not now")
        app.wait("the article", lambda: "owner/name" in app.read("Answer"))
        app.click("guideAction")
        app.wait("the cursor in the field", lambda: app.do("has_cursor", name="repository"))
        app.quit()


def test_the_command_line_answers_with_nothing_downloaded(tmp_path: Path) -> None:
    words = ["ask", "--data-dir", str(tmp_path / "data"), "What is Hearth?"]
    asked = subprocess.run(
        [*ALONE, sys.executable, "-m", "assistant", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.startswith("Hearth is ")
