"""Answers of the Guide: an article with its button, what its model writes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFileDialog

from assistant.domain.chat import AnswerStats, MessageState
from assistant.domain.events import ChatsChanged
from assistant.domain.guide import GuideAction, GuidePart
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.ui.chat import rows
from assistant.ui.guide.actions import ICONS, button_text
from assistant.ui.locales import Speech
from assistant.ui.session import Session
from assistant.ui.unlock.recovery import RecoveryDialog
from tests.ui.conftest import Desk
from tests.ui.fakes import GUIDE, STATS, marked
from tests.ui.guide_desk import answer, ask, click, help_button, open_stored, open_with_guide


@pytest.fixture
def session(desk: Desk) -> Session:
    return open_with_guide(desk)


# --- help -----------------------------------------------------------------------------------


def test_an_article_is_shown_with_its_button_and_no_numbers(desk: Desk, session: Session) -> None:
    button = help_button(desk, session, GuideAction.OPEN_MODELS)
    row = answer(session)
    assert row.view.toPlainText() == "Open Models."
    assert button.text() == "Open Models"
    assert row.stats.text() == "Guide"
    click(button)
    assert session.window.models.isVisible()


def test_a_screen_reader_says_the_article(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def announce(target: QObject, words: str) -> QAccessibleAnnouncementEvent:
        heard.append(words)
        return QAccessibleAnnouncementEvent(target, words)

    monkeypatch.setattr(rows, "QAccessibleAnnouncementEvent", announce)
    help_button(desk, session, GuideAction.OPEN_MODELS)
    assert heard == ["Answer: Open Models."]


def test_an_article_without_an_action_has_no_button(desk: Desk, session: Session) -> None:
    ask(desk, session, "What is Hearth?")
    desk.services.chat.say("Hearth is …", GuidePart.HELP, article="what-is-hearth", action="none")
    desk.until(lambda: not answer(session).streaming)
    assert answer(session).guide.button is None
    assert not answer(session).guide.isVisible()


def test_every_action_has_its_words_and_icon(speech: Speech) -> None:
    said = {action: button_text(action) for action in GuideAction}
    assert said.pop(GuideAction.NONE) == ""
    assert said == {
        GuideAction.OPEN_MODELS: "Open Models",
        GuideAction.ADD_MODEL: "Add a model",
        GuideAction.OPEN_GGUF: "Open a GGUF file…",
        GuideAction.OPEN_SETTINGS: "Open Settings",
        GuideAction.NEW_CHAT: "New chat",
        GuideAction.SEARCH_CHATS: "Search chats",
        GuideAction.RECOVERY_CODE: "Make a recovery code",
    }
    assert set(said) == set(ICONS)


def models_field(session: Session) -> bool:
    return session.window.models.add.field.hasFocus()


def file_dialog(session: Session) -> bool:
    found = session.window.findChildren(QFileDialog)
    for each in found:
        each.reject()
    return bool(found)


def settings(session: Session) -> bool:
    return session.window.preferences.isVisible()


def empty_chat(session: Session) -> bool:
    return session.chat.chat_id is None and session.window.chat.empty


def search(session: Session) -> bool:
    return session.window.sidebar.search.hasFocus()


def recovery(session: Session) -> bool:
    found = session.window.findChildren(RecoveryDialog)
    for each in found:
        each.reject()
    return bool(found)


@pytest.mark.parametrize(
    ("action", "done"),
    [
        (GuideAction.OPEN_MODELS, models_field),
        (GuideAction.ADD_MODEL, models_field),
        (GuideAction.OPEN_GGUF, file_dialog),
        (GuideAction.OPEN_SETTINGS, settings),
        (GuideAction.NEW_CHAT, empty_chat),
        (GuideAction.SEARCH_CHATS, search),
        (GuideAction.RECOVERY_CODE, recovery),
    ],
)
def test_the_button_does_what_it_says(
    desk: Desk, session: Session, action: GuideAction, done: Callable[[Session], bool]
) -> None:
    click(help_button(desk, session, action))
    desk.until(lambda: done(session))


def test_chats_without_a_lock_need_no_code(desk: Desk) -> None:
    session = open_with_guide(desk, VaultStatus(VaultState.OPEN, Protection.NONE))
    click(help_button(desk, session, GuideAction.RECOVERY_CODE))
    assert "not encrypted" in session.window.chat.notice.words
    assert not session.window.findChildren(RecoveryDialog)


def test_the_button_is_there_after_a_restart(desk: Desk) -> None:
    desk.services.library.built_in = GUIDE
    shown = open_stored(desk, GuidePart.HELP, article="add-model", action="add-model")
    desk.until(lambda: answer(shown).guide.button is not None)
    button = answer(shown).guide.button
    assert button is not None
    assert button.text() == "Add a model"


# --- what the model of the Guide writes -----------------------------------------------------


def test_a_decoded_answer_names_the_guide_and_its_numbers(desk: Desk, session: Session) -> None:
    desk.services.chat.provenance = marked(GuidePart.TALK)
    ask(desk, session, "Hello")
    desk.services.chat.write("Hello. ")
    desk.services.chat.finish(MessageState.DONE, stats=STATS)
    desk.until(lambda: not answer(session).streaming)
    assert answer(session).stats.text() == (
        "Guide · 41 tokens/s · first word after 0.3 s · 214 tokens · finished"
    )
    # It reads one message only: there is no conversation that fills a context.
    assert not session.window.chat.composer.ring.isVisible()


def test_a_model_s_own_answers_stay_as_they_were(desk: Desk, session: Session) -> None:
    ask(desk, session, "Hello")
    desk.services.chat.write("Hi")
    desk.services.chat.finish(stats=AnswerStats(completion_tokens=2, finish_reason="stop"))
    desk.until(lambda: not answer(session).streaming)
    assert answer(session).stats.text() == "2 tokens · finished"


def test_a_title_that_the_guide_found_is_shown(desk: Desk, session: Session) -> None:
    ask(desk, session, "Hello there, who are you")
    chats = desk.services.history.all
    desk.until(lambda: session.window.chat.header.title.text() == "Hello there, who are you")
    desk.services.history.all = [replace(chats[0], title="Saying hello")]
    desk.services.publish(ChatsChanged())
    desk.until(lambda: session.window.chat.header.title.text() == "Saying hello")
    listed = session.window.sidebar.chats.chat(chats[0].id)
    assert listed is not None
    assert listed.title == "Saying hello"
