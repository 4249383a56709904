from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from assistant.domain.errors import (
    ChecksumError,
    DiskFullError,
    EngineGaveUpError,
    HearthError,
    HubAuthError,
    HubGatedError,
    HubNotFoundError,
    HubRateLimitError,
    HubServerError,
    ModelFileError,
    ModelTooLargeError,
    NoGgufError,
    OfflineError,
)
from assistant.domain.events import EngineStateChanged, ModelStateChanged
from assistant.domain.llm import DownloadState, LoadState
from assistant.settings.table import LAST_MODEL
from assistant.ui.llms.download_row import DownloadRow
from assistant.ui.llms.installed_card import InstalledCard
from assistant.ui.session import Session
from tests.ui.conftest import Desk, shown_text
from tests.ui.fakes import QWEN, TINY


def look_up(desk: Desk, session: Session, text: str = "Qwen/Qwen3-4B-GGUF") -> None:
    session.window.show_models()
    QTest.keyClicks(session.window.models.add.field, text)
    QTest.keyClick(session.window.models.add.field, Qt.Key.Key_Return)
    desk.until(lambda: ("look_up", text) in desk.services.downloads.calls)
    desk.settle()


def rows(session: Session) -> list[DownloadRow]:
    return [row for row in session.window.models.findChildren(DownloadRow) if row.isVisible()]


def button(session: Session, words: str) -> QPushButton:
    for each in session.window.findChildren(QPushButton):
        if each.isVisible() and words in (each.text(), each.accessibleName()):
            return each
    raise LookupError(words)


def start_download(desk: Desk, session: Session) -> DownloadRow:
    look_up(desk, session)
    QTest.mouseClick(button(session, "Download 2.5 GB"), Qt.MouseButton.LeftButton)
    desk.until(lambda: rows(session))
    return rows(session)[0]


def test_the_first_screen_asks_for_a_model(desk: Desk) -> None:
    session = desk.open()
    desk.until(session.window.chat.welcome.isVisible)
    assert "First, a model" in shown_text(session.window.chat)
    assert session.window.chat.header.pill.accessibleName() == "Choose a model"
    assert not session.window.chat.composer.button.isEnabled()
    QTest.mouseClick(session.window.chat.welcome.add, Qt.MouseButton.LeftButton)
    assert session.window.models.isVisible()
    desk.until(session.window.models.add.field.hasFocus)


def test_a_repository_shows_its_files_smallest_first(desk: Desk) -> None:
    session = desk.open()
    look_up(desk, session)
    shown = shown_text(session.window.models.add)
    assert shown.index("Qwen3-4B-Q4_K_M.gguf") < shown.index("Qwen3-4B-Q8_0.gguf")
    assert "Download 2.5 GB" in shown
    assert "2 GGUF files in Qwen/Qwen3-4B-GGUF" in shown


def test_a_download_shows_its_progress_pauses_resumes_and_ends(desk: Desk) -> None:
    session = desk.open()
    row = start_download(desk, session)
    downloads = desk.services.downloads
    downloads.change("download-0", received_bytes=1_250_000_000, bytes_per_second=10_000_000.0)
    desk.until(lambda: "50 %" in row.words.text())
    assert row.words.text() == "50 % · 1.3 GB of 2.5 GB · 10.0 MB/s · about 2 min left"
    assert row.bar.value() == 500
    QTest.mouseClick(row.toggle, Qt.MouseButton.LeftButton)
    desk.until(lambda: row.toggle.accessibleName() == "Resume")
    assert "paused" in row.words.text()
    QTest.mouseClick(row.toggle, Qt.MouseButton.LeftButton)
    desk.until(lambda: row.toggle.accessibleName() == "Pause")
    downloads.change("download-0", state=DownloadState.VERIFYING)
    desk.until(lambda: "checking" in row.words.text())
    assert not row.toggle.isVisible()
    desk.services.library.installed = [QWEN]
    downloads.change("download-0", state=DownloadState.DONE)
    desk.until(lambda: not rows(session))
    session.window.show_models()
    desk.until(lambda: "Qwen3 4B" in shown_text(session.window.models))


def test_the_first_model_is_taken_into_use_and_the_chat_is_shown(desk: Desk) -> None:
    session = desk.open()
    start_download(desk, session)
    assert session.window.models.isVisible()
    desk.services.library.installed = [QWEN]
    desk.services.downloads.change("download-0", state=DownloadState.DONE)
    desk.until(lambda: desk.services.chat.model == QWEN)
    desk.until(session.window.chat.isVisible)


def test_a_second_model_does_not_push_the_first_aside(desk: Desk) -> None:
    desk.services.library.installed = [TINY]
    session = desk.open()
    session.models.use(TINY)
    start_download(desk, session)
    desk.services.library.installed = [TINY, QWEN]
    desk.services.downloads.change("download-0", state=DownloadState.DONE)
    desk.until(lambda: "Qwen3 4B" in shown_text(session.window.models))
    assert desk.services.chat.model == TINY
    assert session.window.models.isVisible()


def test_a_download_is_cancelled(desk: Desk) -> None:
    session = desk.open()
    row = start_download(desk, session)
    QTest.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    desk.until(lambda: not rows(session))


@pytest.mark.parametrize(
    ("state", "error", "sentence", "next_step"),
    [
        (
            DownloadState.FAILED,
            ChecksumError(name="x.gguf", host="huggingface.co"),
            "arrived damaged",
            "Download it again",
        ),
        (
            DownloadState.PAUSED,
            OfflineError(host="huggingface.co"),
            "huggingface.co can't be reached",
            "Check the network connection",
        ),
        (
            DownloadState.PAUSED,
            DiskFullError(needed="2.5 GB", available="1 GB", path="/"),
            "not enough room",
            "Free some space",
        ),
    ],
)
def test_a_download_that_stopped_says_why_and_resumes(
    desk: Desk, state: DownloadState, error: HearthError, sentence: str, next_step: str
) -> None:
    session = desk.open()
    row = start_download(desk, session)
    desk.services.downloads.change(
        "download-0",
        state=state,
        error_code=error.code,
        error_params=tuple(error.params.items()),
    )
    desk.until(row.problem.isVisible)
    assert sentence in row.problem.text()
    assert next_step in row.problem.text()
    assert row.toggle.accessibleName() == "Resume"


@pytest.mark.parametrize(
    "error",
    [
        OfflineError(host="huggingface.co"),
        HubAuthError(host="huggingface.co", repo="a/b"),
        HubGatedError(repo="a/b"),
        HubNotFoundError(host="huggingface.co", what="a/b"),
        HubRateLimitError(host="huggingface.co", retry_after_s=30),
        HubServerError(host="huggingface.co", detail="503"),
        NoGgufError(repo="a/b"),
    ],
    ids=lambda error: error.code,
)
def test_every_no_of_the_hub_is_one_sentence_and_one_step(desk: Desk, error: HearthError) -> None:
    session = desk.open()
    desk.services.downloads.fail = error
    look_up(desk, session, "a/b")
    add = session.window.models.add
    desk.until(add.notice.isVisible)
    assert error.message in add.notice.words
    assert error.next_step in add.notice.words
    assert add.search.isEnabled()
    desk.services.downloads.fail = None
    QTest.keyClick(add.field, Qt.Key.Key_Return)
    desk.until(lambda: "Download 2.5 GB" in shown_text(add))
    assert not add.notice.isVisible()


def test_a_full_disk_is_said_before_the_download(desk: Desk) -> None:
    session = desk.open()
    look_up(desk, session)
    desk.services.downloads.fail = DiskFullError(needed="2.5 GB", available="1 GB", path="/")
    QTest.mouseClick(button(session, "Download 2.5 GB"), Qt.MouseButton.LeftButton)
    desk.until(session.window.models.add.notice.isVisible)
    assert "not enough room" in session.window.models.add.notice.words
    assert not rows(session)


def test_the_model_used_last_is_taken_up(desk: Desk) -> None:
    desk.services.library.installed = [TINY, QWEN]
    desk.services.settings.values[LAST_MODEL.key] = QWEN.id
    session = desk.open()
    pill = session.window.chat.header.pill
    desk.until(lambda: pill.state == LoadState.READY)
    assert pill.accessibleName() == "Model Qwen3-4B-Q4_K_M, ready"
    assert desk.services.chat.model == QWEN


def test_a_model_that_is_taken_up_by_itself_is_shown(desk: Desk) -> None:
    desk.services.library.installed = [QWEN]
    session = desk.open()
    desk.settle()
    desk.services.publish(ModelStateChanged(QWEN.id, LoadState.LOADING, 0.5))
    desk.until(lambda: "50 %" in session.window.chat.header.pill.accessibleName())


def test_loading_shows_percent(desk: Desk) -> None:
    desk.services.library.installed = [QWEN]
    session = desk.open()
    session.models.use(QWEN)
    desk.until(lambda: session.window.chat.header.pill.state == LoadState.READY)
    desk.services.publish(ModelStateChanged(QWEN.id, LoadState.LOADING, 0.31))
    desk.until(lambda: "31 %" in session.window.chat.header.pill.accessibleName())


def test_the_pill_offers_models_and_the_ways_to_more(desk: Desk) -> None:
    desk.services.library.installed = [QWEN, TINY]
    session = desk.open()
    desk.settle()
    menu = session.window.chat.header.pill.menu_now()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["Qwen3-4B-Q4_K_M", "stories260K", "Add model…", "Open a GGUF file…"]
    menu.actions()[1].trigger()
    desk.until(lambda: desk.services.chat.model == TINY)
    menu.deleteLater()
    again = session.window.chat.header.pill.menu_now()
    assert "Free its memory" in [action.text() for action in again.actions()]
    again.actions()[-1].trigger()
    desk.until(lambda: desk.services.chat.model is None)
    again.deleteLater()


def test_a_model_that_does_not_fit_is_said_plainly(desk: Desk) -> None:
    desk.services.library.installed = [QWEN]
    session = desk.open()
    error = ModelTooLargeError(name="Qwen", needed="40 GB", available="8 GB")
    desk.services.chat.fail_load = error
    session.models.use(QWEN)
    desk.until(session.window.chat.notice.isVisible)
    assert error.message in session.window.chat.notice.words
    assert session.window.chat.header.pill.state == LoadState.FAILED


def test_an_engine_that_gave_up_can_be_started_again(desk: Desk) -> None:
    session = desk.open()
    desk.services.publish(EngineStateChanged(ready=False, error=EngineGaveUpError()))
    desk.until(session.window.chat.notice.isVisible)
    QTest.mouseClick(button(session, "Restart engine"), Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.services.supervisor.restarts == 1)


def drop(session: Session, *names: str) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    enter = QDragEnterEvent(
        session.window.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    session.window.dragEnterEvent(enter)
    event = QDropEvent(
        QPointF(session.window.rect().center()),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    session.window.dropEvent(event)
    return event


def test_a_dropped_gguf_is_used_as_a_model(desk: Desk) -> None:
    session = desk.open()
    desk.until(session.window.chat.isVisible)
    drop(session, "/tmp/notes.txt", "/models/Story.GGUF")
    desk.until(lambda: session.window.chat.header.pill.state == LoadState.READY)
    assert desk.services.chat.model is not None
    assert desk.services.chat.model.path == Path("/models/Story.GGUF")
    assert session.window.chat.composer._allowed
    drop(session, "/tmp/notes.txt")
    desk.settle()
    assert len(desk.services.library.installed) == 1


def test_an_added_file_is_hashed_in_the_background_and_stays_in_use(desk: Desk) -> None:
    session = desk.open()
    desk.until(session.window.chat.isVisible)
    drop(session, "/models/Story.gguf")
    desk.until(lambda: [each.verified for each in desk.services.library.installed] == [True])
    session.window.show_models()
    desk.until(lambda: card(session, "Story").model.verified)
    assert not card(session, "Story").use.isEnabled(), "in use, under its new id"
    assert "checksum verified" not in shown_text(card(session, "Story"))
    assert session.window.chat.header.pill.state == LoadState.READY
    pill = session.window.chat.header.pill
    assert [a.isChecked() for a in pill.menu_now().actions() if a.text() == "Story"] == [True]
    card(session, "Story").remove_wanted.emit(card(session, "Story").model)
    desk.until(lambda: pill.state == LoadState.UNLOADED)


def test_a_file_that_is_no_model_says_why(desk: Desk) -> None:
    session = desk.open()
    desk.until(session.window.chat.isVisible)
    desk.services.library.fail = ModelFileError(name="x.gguf", detail="it is an HTML page")
    drop(session, "/models/x.gguf")
    desk.until(session.window.chat.notice.isVisible)
    assert "it is an HTML page" in session.window.chat.notice.words
    assert session.window.chat.welcome.isVisible()


def test_a_file_given_at_the_start_is_opened(desk: Desk) -> None:
    session = desk.open(file=Path("/models/given.gguf"))
    desk.until(lambda: session.window.chat.header.pill.state == LoadState.READY)


def card(session: Session, name: str) -> InstalledCard:
    for each in session.window.models.findChildren(InstalledCard):
        if each.model.name == name and each.isVisible():
            return each
    raise LookupError(name)


def test_installed_models_say_what_they_are(desk: Desk) -> None:
    desk.services.library.installed = [QWEN, TINY]
    session = desk.open()
    session.window.show_models()
    desk.until(lambda: "Qwen3 4B" in shown_text(session.window.models))
    assert "checksum verified" in shown_text(card(session, QWEN.name))
    assert "Q4_K_M · 2.5 GB · Qwen/Qwen3-4B-GGUF" in shown_text(card(session, QWEN.name))
    assert "verified" not in shown_text(card(session, TINY.name))
    QTest.mouseClick(card(session, TINY.name).use, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.services.chat.model == TINY)
    assert session.window.chat.isVisible()
    session.window.show_models()
    desk.until(lambda: not card(session, TINY.name).use.isEnabled())


@pytest.mark.parametrize(("model", "action"), [(QWEN, "Delete 2.5 GB"), (TINY, "Forget")])
def test_removing_asks_first(desk: Desk, model: object, action: str) -> None:
    chosen = QWEN if model == QWEN else TINY
    desk.services.library.installed = [replace(chosen)]
    session = desk.open()
    session.window.show_models()
    desk.until(lambda: session.window.models.findChildren(InstalledCard))
    desk.settle()
    QTest.mouseClick(card(session, chosen.name).remove, Qt.MouseButton.LeftButton)
    box = session.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    desk.settle()
    assert desk.services.library.installed == [chosen]
    QTest.mouseClick(button(session, action), Qt.MouseButton.LeftButton)
    desk.until(lambda: not desk.services.library.installed)
    desk.until(lambda: "No model is here yet" in shown_text(session.window.models))
