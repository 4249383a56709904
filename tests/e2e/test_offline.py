"""Without any network everything works but the Hub, which says so in one sentence."""

import os
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
