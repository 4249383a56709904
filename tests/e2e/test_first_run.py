"""From nothing to a chat that is still there the next day, on the real app."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.app import App
from tests.fakes.hub_server import Drop, FakeHub
from tests.fixtures.tiny_gguf import make_tiny_gguf

pytestmark = [pytest.mark.engine, pytest.mark.keyring, pytest.mark.timeout(300)]

REPO = "org/tiny-GGUF"
FILE = "tiny-Q8_0.gguf"


def test_add_a_model_chat_stop_and_come_back(
    start: Callable[..., App], hub: FakeHub, tmp_path: Path
) -> None:
    model = make_tiny_gguf(tmp_path / FILE, slow=True)
    hub.add_repo(REPO, {FILE: model.path.read_bytes()})
    hub.on_file(Drop(after=1_000_000), Drop(after=500_000))

    app = start(HF_ENDPOINT=hub.url)
    app.click("Add model")
    app.type("repository", REPO)
    app.click("findFiles")
    app.wait("the file list", lambda: app.do("shows", text=FILE))
    download = app.wait("Download", lambda: download_button(app))
    app.click(download)
    app.wait_for_model("tiny-Q8_0")
    assert len([seen for seen in hub.file_requests() if seen.range_start]) >= 2

    app.ask("Tell me a story")
    app.click("Not now")
    app.wait("some of the answer", lambda: len(app.answers()[0]) > 20)
    app.do("key", name="input", key="Escape")
    app.wait_until_idle()
    kept = app.answers()[0]
    assert len(kept) < 800
    app.quit()

    again = start()
    again.wait("the chat in the list", lambda: "Tell me a story" in again.do("rows", name="chats"))
    again.do("click_row", name="chats", text="Tell me a story")
    again.wait("the answer", lambda: again.answers() == [kept])
    assert again.do("shows", text="stopped by you")
    again.quit()


def download_button(app: App) -> str | None:
    return next(
        (w["says"] for w in app.do("widgets") if w["says"].startswith(f"Download {FILE}")), None
    )
