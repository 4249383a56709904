"""The window before a keyring that is locked, empty, or has lost its entry."""

import json
from pathlib import Path

import pytest

from tests.e2e.app import App, told
from tests.e2e.keyring_session import keyring_session
from tests.fixtures.tiny_gguf import TinyModel, make_tiny_gguf

pytestmark = [pytest.mark.engine, pytest.mark.keyring, pytest.mark.timeout(300)]

QUESTION = "What did Mina hear?"


@pytest.fixture
def model(tmp_path: Path) -> TinyModel:
    return make_tiny_gguf(tmp_path / "tiny.gguf", ends_after=30)


def chat_and_keep_the_code(home: Path, data: Path, model: TinyModel) -> str:
    """A first run in an unlocked session, with a recovery code made before the first message."""
    with keyring_session(home) as env, App(data, str(model.path), env=env) as app:
        app.wait_for_model("tiny")
        app.ask(QUESTION)
        app.click("makeRecoveryCode")
        code = str(app.wait("the code", lambda: app.read("code").strip()))
        with pytest.raises(LookupError):  # no message is stored before the code is kept
            app.do("rows", name="chats")
        app.click("I have kept it")
        app.wait("the answer", lambda: app.answers() == [told(model.answer("", 30))])
        app.quit()
    return code


def the_chat_is_there(app: App, model: TinyModel) -> None:
    app.wait("the chat", lambda: QUESTION in app.do("rows", name="chats"))
    app.do("click_row", name="chats", text=QUESTION)
    app.wait("the answer", lambda: app.answers() == [told(model.answer("", 30))])


def forget_the_entry(home: Path) -> None:
    for keyring in (home / "share" / "keyrings").glob("*.keyring"):
        keyring.unlink()


def test_without_its_keyring_entry_the_recovery_code_gets_every_chat_back(
    tmp_path: Path, model: TinyModel
) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    code = chat_and_keep_the_code(home, data, model)
    before = (data / "history.db").read_bytes()
    forget_the_entry(home)
    with keyring_session(home) as env:
        with App(data, env=env) as app:
            app.type("recoveryCode", "0000-0000")
            app.click("Open with recovery code")
            app.wait("a refusal", lambda: app.do("shows", text="recovery code does not open"))
            assert (data / "history.db").read_bytes() == before
            app.do("clear", name="recoveryCode")
            app.type("recoveryCode", code.lower())
            app.click("Open with recovery code")
            the_chat_is_there(app, model)
            app.quit()
        with App(data, env=env) as app:
            the_chat_is_there(app, model)
            app.quit()


def test_a_locked_keyring_changes_nothing_and_is_tried_again(
    tmp_path: Path, model: TinyModel
) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    chat_and_keep_the_code(home, data, model)
    key = (data / "key.json").read_bytes()
    with keyring_session(home, "locked") as env, App(data, env=env) as app:
        app.wait_for("Try the keyring again")
        assert app.do("shows", text="The keyring is locked.")
        app.quit()
    assert (data / "key.json").read_bytes() == key
    with keyring_session(home) as env, App(data, env=env) as app:
        the_chat_is_there(app, model)
        app.quit()


def test_without_a_collection_a_passphrase_locks_the_chats(
    tmp_path: Path, model: TinyModel
) -> None:
    data = tmp_path / "data"
    words = "correct horse battery staple"
    with keyring_session(tmp_path / "home", "locked") as env:
        with App(data, str(model.path), env=env) as app:
            app.type("Passphrase", words)
            app.type("Passphrase again", words)
            app.click("unlock")
            app.wait_for_model("tiny")
            assert app.do("shows", text="Encrypted")
            app.ask(QUESTION)
            app.click("Not now")
            app.wait("the answer", lambda: app.answers() == [told(model.answer("", 30))])
            app.quit()
        assert json.loads((data / "key.json").read_bytes())["protection"] == "passphrase"
        assert not (data / "history.db").read_bytes().startswith(b"SQLite format 3")
        with App(data, env=env) as app:
            app.type("Passphrase", "wrong words")
            app.click("unlock")
            app.wait("a refusal", lambda: app.do("shows", text="does not open your chats"))
            app.do("clear", name="Passphrase")
            app.type("Passphrase", words)
            app.click("unlock")
            the_chat_is_there(app, model)
            app.quit()


def test_a_second_start_raises_the_first_window(tmp_path: Path, model: TinyModel) -> None:
    data = tmp_path / "data"
    with (
        keyring_session(tmp_path / "home") as env,
        App(data, str(model.path), env=env) as first,
    ):
        first.wait_for_model("tiny")
        with App(data, env=env) as second:
            assert second.process.wait(60) == 0, second.log()
        assert first.do("enabled", name="input")
        first.quit()
