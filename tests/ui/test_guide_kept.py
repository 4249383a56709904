"""Questions that were out of the Guide's depth are answered when there is a model."""

import asyncio
from pathlib import Path

import pytest

from assistant.domain.chat import Role
from assistant.domain.errors import EngineCrashedError, OfflineError
from assistant.domain.events import ModelsChanged
from assistant.domain.guide import GuidePart
from assistant.domain.llm import DownloadState, LoadState
from assistant.settings.table import LAST_MODEL
from assistant.ui.chat.rows import AnswerRow
from assistant.ui.session import Session
from tests.ui.conftest import Desk, shown_text
from tests.ui.fakes import GUIDE, QWEN, RECOMMENDED, chat, marked, message
from tests.ui.guide_desk import (
    BEYOND,
    answer,
    card,
    click,
    open_stored,
    open_with_guide,
)


@pytest.fixture
def session(desk: Desk) -> Session:
    return open_with_guide(desk)


# --- out of depth ---------------------------------------------------------------------------


def test_the_download_is_followed_in_the_row_and_the_question_answered(
    desk: Desk, session: Session
) -> None:
    services = desk.services
    shown = card(desk, session)
    click(shown.download)
    desk.until(lambda: shown.row is not None)
    assert services.downloads.calls[-2:] == [
        ("look_up", RECOMMENDED.repo),
        ("start", RECOMMENDED.file),
    ]
    assert not shown.download.isVisible()
    row = shown.row
    assert row is not None
    services.downloads.change("download-0", received_bytes=1_250_000_000)
    desk.until(lambda: "50 %" in row.words.text())
    click(row.toggle)
    desk.until(lambda: "paused" in row.words.text())
    click(row.toggle)
    desk.until(lambda: services.downloads.all["download-0"].state == DownloadState.RUNNING)
    services.library.installed = [QWEN]
    services.downloads.change("download-0", state=DownloadState.DONE)
    desk.until(lambda: services.chat.kept_asked == 1)
    assert services.chat.model == QWEN
    desk.until(lambda: answer(session).streaming)
    services.chat.write("Dear landlord")
    desk.until(lambda: "Dear landlord" in answer(session).view.toPlainText())
    services.chat.finish()
    desk.until(lambda: not answer(session).streaming)
    assert len(session.window.chat.conversation.rows) == 2
    assert answer(session).guide.card is None
    assert "41 tokens/s" in answer(session).stats.text()
    assert BEYOND not in answer(session).view.toPlainText()


def test_until_the_model_is_loaded_the_row_says_so(desk: Desk, session: Session) -> None:
    services = desk.services
    shown = card(desk, session)
    services.chat.fail_load = OfflineError(host="x")  # whatever: it does not load
    services.library.installed = [QWEN]
    services.publish(ModelsChanged())
    desk.until(lambda: "answered once it is loaded" in shown_text(shown))
    assert not shown.download.isVisible()
    assert services.chat.kept_asked == 0
    services.chat.fail_load = None
    session.models.use(QWEN)
    desk.until(lambda: services.chat.kept_asked == 1)


def test_at_the_next_start_with_a_model_the_question_is_answered(desk: Desk) -> None:
    services = desk.services
    services.library.built_in = GUIDE
    services.library.installed = [QWEN]
    services.settings.values[LAST_MODEL.key] = QWEN.id
    session = open_stored(desk, GuidePart.BEYOND)
    desk.until(lambda: services.chat.kept_asked == 1)
    assert session.window.chat.header.pill.state == LoadState.READY
    desk.until(lambda: answer(session).streaming)


def test_a_model_that_came_by_another_way_answers_too(desk: Desk) -> None:
    """It was never in use: nothing is loaded at the start, but a question waits for it."""
    desk.services.library.installed = [QWEN]
    desk.open()
    desk.until(lambda: desk.services.chat.kept_asked == 1)


def test_a_file_opened_at_the_start_is_what_answers(desk: Desk) -> None:
    """The list comes late: no other model is loaded for the questions meanwhile."""
    services = desk.services
    services.library.installed = [QWEN]
    gate = services.library.slow = asyncio.Event()
    session = desk.open(file=Path("/models/given.gguf"))
    desk.until(lambda: services.chat.kept_asked == 1)
    desk.open_gate(gate)
    desk.until(lambda: "on your mind" in shown_text(session.window.chat.welcome))
    desk.settle()
    assert services.chat.kept_asked == 1


def test_what_stops_the_kept_questions_is_said(desk: Desk) -> None:
    desk.services.library.installed = [QWEN]
    desk.services.chat.fail_kept = OfflineError(host="x")
    session = desk.open()
    desk.until(session.window.chat.notice.isVisible)


def test_an_answer_without_a_word_gives_way_to_the_kept_question(desk: Desk) -> None:
    services = desk.services
    services.library.installed = [QWEN]
    services.settings.values[LAST_MODEL.key] = QWEN.id
    session = open_stored(desk, GuidePart.BEYOND)
    desk.until(lambda: answer(session).streaming)
    error = EngineCrashedError()
    services.chat.withdraw(error)
    desk.until(lambda: answer(session).view.toPlainText() == BEYOND)
    desk.until(session.window.chat.notice.isVisible)
    assert error.message in session.window.chat.notice.words
    assert len(session.window.chat.conversation.rows) == 2


# --- chats that went on ---------------------------------------------------------------------


def open_gone_on(desk: Desk) -> Session:
    """A chat in which the Guide was asked for help after a question beyond it."""
    services = desk.services
    services.library.built_in = GUIDE
    services.chat.asks_again = True
    services.history.all = [chat(1, "Earlier")]
    services.history.stored[services.history.all[0].id] = [
        message(1, "chat-1", Role.USER, "Write a poem"),
        message(
            2, "chat-1", Role.ASSISTANT, BEYOND,
            parent_id="message-1", provenance=marked(GuidePart.BEYOND),
        ),
        message(3, "chat-1", Role.USER, "How do I add a model?", parent_id="message-2"),
        message(
            4, "chat-1", Role.ASSISTANT, "Open **Models**.",
            parent_id="message-3", provenance=marked(GuidePart.HELP, article="add-model"),
        ),
    ]  # fmt: skip
    session = desk.open()
    desk.until(lambda: session.window.sidebar.chats.chats_shown)
    session.window.sidebar.chat_wanted.emit(services.history.all[0])
    desk.until(lambda: len(session.window.chat.conversation.rows) == 4)
    desk.settle()
    return session


def test_an_earlier_question_is_asked_again_at_the_end_of_the_chat(desk: Desk) -> None:
    services = desk.services
    session = open_gone_on(desk)
    rows = session.window.chat.conversation.rows
    beyond = rows[1]
    assert isinstance(beyond, AnswerRow)
    card = beyond.guide.card
    assert card is not None
    services.chat.fail_load = OfflineError(host="x")
    services.library.installed = [QWEN]
    services.publish(ModelsChanged())
    desk.until(lambda: "answered once it is loaded" in shown_text(card))
    services.chat.fail_load = None
    session.models.use(QWEN)
    desk.until(lambda: len(session.window.chat.conversation.rows) == 6)
    desk.until(lambda: not beyond.guide.isVisible())
    assert session.window.chat.conversation.rows[4].view.toPlainText() == "Write a poem"
    services.chat.write("Roses")
    services.chat.finish()
    desk.until(lambda: answer(session).view.toPlainText() == "Roses")
    desk.settle()
    assert len(session.window.chat.conversation.rows) == 6


def test_a_turn_that_is_taken_back_leaves_the_chat_as_it_was(desk: Desk) -> None:
    services = desk.services
    session = open_gone_on(desk)
    services.library.installed = [QWEN]
    services.publish(ModelsChanged())
    desk.until(lambda: len(session.window.chat.conversation.rows) == 6)
    error = EngineCrashedError()
    services.chat.withdraw(error)
    desk.until(lambda: len(session.window.chat.conversation.rows) == 4)
    desk.until(session.window.chat.notice.isVisible)
    assert error.message in session.window.chat.notice.words
