"""Out of the Guide's depth: the recommended model, and the question that waits for it."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton

from assistant.domain.chat import Provenance, Role
from assistant.domain.errors import DiskFullError, HearthError, OfflineError
from assistant.domain.guide import GuidePart
from assistant.domain.llm import DownloadState
from assistant.ui.chat.rows import AnswerRow
from assistant.ui.guide.offer_card import minutes
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
    shown_card,
)


@pytest.fixture
def session(desk: Desk) -> Session:
    return open_with_guide(desk)


# --- out of depth ---------------------------------------------------------------------------


def test_the_recommended_model_says_size_and_time(desk: Desk, session: Session) -> None:
    shown = card(desk, session)
    said = shown_text(shown)
    assert "Qwen3 4B" in said
    assert "2.5 GB · about 7 min at 50 Mbit/s" in said
    assert shown.download.text() == "Download 2.5 GB"
    assert shown.download.accessibleName() == "Download Qwen3-4B, 2.5 GB"
    assert answer(session).view.toPlainText() == BEYOND
    assert answer(session).stats.text() == "Guide"


@pytest.mark.parametrize(("size", "said"), [(0, 1), (375_000_000, 1), (2_500_000_000, 7)])
def test_minutes_at_fifty_megabits(size: int, said: int) -> None:
    assert minutes(size) == said


def test_another_model_can_be_chosen(desk: Desk, session: Session) -> None:
    shown = card(desk, session)
    assert shown.other.text() == "Choose another model"
    click(shown.other)
    assert session.window.models.isVisible()


def test_a_cancelled_download_is_offered_again(desk: Desk, session: Session) -> None:
    shown = card(desk, session)
    click(shown.download)
    desk.until(lambda: shown.row is not None)
    assert shown.row is not None
    click(shown.row.cancel)
    desk.until(lambda: shown.row is None)
    desk.until(shown.download.isVisible)
    assert shown.download.isEnabled()


@pytest.mark.parametrize(
    "error",
    [OfflineError(host="huggingface.co"), DiskFullError(needed="3", available="1", path="/")],
    ids=lambda error: error.code,
)
def test_no_from_the_hub_or_the_disk_is_said_in_the_row(
    desk: Desk, session: Session, error: HearthError
) -> None:
    shown = card(desk, session)
    desk.services.downloads.fail = error
    click(shown.download)
    desk.until(shown.notice.isVisible)
    assert error.message in shown.notice.words
    assert error.next_step in shown.notice.words
    desk.services.downloads.fail = None
    again = next(b for b in shown.findChildren(QAbstractButton) if b.text() == "Try again")
    click(again)
    desk.until(lambda: shown.row is not None)
    assert not shown.notice.isVisible()


def test_a_file_that_left_the_repository_is_said(desk: Desk, session: Session) -> None:
    shown = card(desk, session)
    desk.services.downloads.repo = replace(desk.services.downloads.repo, files=())
    click(shown.download)
    desk.until(shown.notice.isVisible)
    assert RECOMMENDED.file in shown.notice.words


def test_after_a_restart_the_row_has_the_paused_download(desk: Desk) -> None:
    services = desk.services
    services.library.built_in = GUIDE
    services.downloads.leave_unfinished(RECOMMENDED, received=1_000_000_000)
    session = open_stored(desk, GuidePart.BEYOND)
    shown = shown_card(desk, session)
    desk.until(lambda: shown.row is not None)
    assert shown.row is not None
    assert "paused" in shown.row.words.text()
    click(shown.row.toggle)
    desk.until(lambda: services.downloads.all["left"].state == DownloadState.RUNNING)


def test_a_question_that_the_chat_went_past_is_not_promised_an_answer(desk: Desk) -> None:
    services = desk.services
    services.library.installed = [QWEN]
    services.history.all = [chat(1, "Earlier")]
    services.history.stored[services.history.all[0].id] = [
        message(1, "chat-1", Role.USER, "Write"),
        message(2, "chat-1", Role.ASSISTANT, BEYOND, provenance=marked(GuidePart.BEYOND)),
        message(3, "chat-1", Role.USER, "Never mind"),
        message(4, "chat-1", Role.ASSISTANT, "Fine", provenance=Provenance("x", "Qwen")),
    ]
    session = desk.open()
    desk.until(lambda: session.window.sidebar.chats.chats_shown)
    session.window.sidebar.chat_wanted.emit(services.history.all[0])
    desk.until(lambda: session.window.chat.conversation.rows)
    desk.settle()
    first = session.window.chat.conversation.rows[1]
    assert isinstance(first, AnswerRow)
    assert not first.guide.isVisible()


def test_an_offer_that_names_no_file_is_only_a_sentence(desk: Desk) -> None:
    desk.services.library.built_in = GUIDE
    session = open_stored(desk, GuidePart.BEYOND, repo=7)
    assert answer(session).guide.card is None
    assert answer(session).view.toPlainText() == BEYOND
