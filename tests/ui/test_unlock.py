import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from assistant.domain.errors import (
    HearthError,
    HistoryDiskError,
    HistoryNewerError,
    KeyMissingError,
    KeyringLockedError,
    KeyringUnavailableError,
)
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.settings.table import RECOVERY_OFFERED
from assistant.ui.session import Session
from assistant.ui.unlock.recovery import RecoveryDialog
from tests.ui.conftest import Desk, shown_text
from tests.ui.fakes import QWEN

NEW = VaultStatus(
    VaultState.NEW, None, problem=KeyringUnavailableError(detail="none is installed or running")
)
BY_PASSPHRASE = VaultStatus(VaultState.LOCKED, Protection.PASSPHRASE, has_recovery_code=True)
KEY_GONE = VaultStatus(
    VaultState.LOCKED, Protection.KEYRING, has_recovery_code=True, problem=KeyMissingError()
)
OPEN = VaultStatus(VaultState.OPEN, Protection.KEYRING, has_recovery_code=False)


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def is_open(session: Session) -> bool:
    return session.window.pages.currentWidget() is session.window.chat


def test_nothing_of_the_chats_is_shown_while_locked(desk: Desk) -> None:
    session = desk.open(KEY_GONE)
    desk.until(session.window.unlock.isVisible)
    assert not session.window.sidebar.isVisible()
    QTest.keyClick(session.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(session.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert session.window.unlock.isVisible()
    assert not session.window.sidebar.isVisible()
    assert "not in the keyring any more" in session.window.unlock.notice.words


def test_a_first_run_without_keyring_takes_a_passphrase(desk: Desk) -> None:
    session = desk.open(NEW)
    page = session.window.unlock
    desk.until(page.isVisible)
    assert "no keyring" in page.notice.words
    page.passphrase.setText("short")
    press(page.go)
    assert "too short" in page.notice.words
    page.passphrase.setText("long enough words")
    page.again.setText("other words")
    press(page.go)
    assert "differ" in page.notice.words
    assert "choose" not in desk.services.vault.calls
    page.again.setText("long enough words")
    press(page.go)
    desk.until(lambda: is_open(session))
    assert desk.services.vault.passphrase == "long enough words"
    assert session.window.chat.header.lock.isVisible()
    assert page.passphrase.text() == ""


def test_a_first_run_may_plainly_stay_unencrypted(desk: Desk) -> None:
    session = desk.open(NEW)
    page = session.window.unlock
    desk.until(page.isVisible)
    assert "everyone who can read" in shown_text(page)
    press(page.plain)
    desk.until(lambda: is_open(session))
    assert not session.window.chat.header.lock.isVisible()


def test_the_keyring_can_be_tried_again(desk: Desk) -> None:
    session = desk.open(NEW)
    page = session.window.unlock
    desk.until(page.isVisible)
    desk.services.vault.after_open = OPEN
    press(page.retry)
    desk.until(lambda: is_open(session))
    assert session.window.chat.header.lock.isVisible()


def test_a_locked_history_opens_by_its_passphrase(desk: Desk) -> None:
    session = desk.open(BY_PASSPHRASE)
    page = session.window.unlock
    desk.until(page.isVisible)
    assert not page.again.isVisible()
    assert not page.plain.isVisible()
    page.passphrase.setText("wrong")
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    desk.until(page.notice.isVisible)
    assert "does not open your chats" in page.notice.words
    page.passphrase.setText("correct horse")
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    desk.until(lambda: is_open(session))


def test_a_lost_key_is_replaced_by_the_recovery_code(desk: Desk) -> None:
    session = desk.open(KEY_GONE)
    page = session.window.unlock
    desk.until(page.isVisible)
    assert not page.passphrase.isVisible()
    page.code.setText("BAD")
    press(page.use_code)
    desk.until(lambda: "recovery code does not open" in page.notice.words)
    page.code.setText(" GOOD-CODE ")
    press(page.use_code)
    desk.until(lambda: is_open(session))


def test_a_history_of_a_newer_hearth_is_only_explained(desk: Desk) -> None:
    problem = HistoryNewerError(path="/data/history.db")
    session = desk.open(VaultStatus(VaultState.LOCKED, Protection.NONE, problem=problem))
    page = session.window.unlock
    desk.until(page.isVisible)
    assert "newer version" in page.notice.words
    assert not page.passphrase.isVisible()
    assert not page.code.isVisible()
    assert page.retry.isVisible()


def offered(session: Session) -> RecoveryDialog | None:
    found = session.window.findChild(RecoveryDialog)
    return found if isinstance(found, RecoveryDialog) else None


@pytest.fixture
def unsaved(desk: Desk) -> Session:
    desk.services.library.installed = [QWEN]
    session = desk.open(OPEN)
    desk.until(lambda: is_open(session))
    desk.settle()
    return session


def send(session: Session, text: str) -> None:
    session.window.chat.composer.set_text(text)
    QTest.keyClick(session.window.chat.composer.editor, Qt.Key.Key_Return)


def test_a_code_is_offered_before_the_first_message(desk: Desk, unsaved: Session) -> None:
    send(unsaved, "First words")
    dialog = offered(unsaved)
    assert dialog is not None
    desk.settle()
    assert desk.services.chat.sent == []
    press(dialog.make)
    desk.until(dialog.code.isVisible)
    assert dialog.code.text() == "7Q2MX-K4R8T-9WZPC-3HNVD"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible(), "a code that is shown once must not vanish by Escape"
    press(dialog.copy)
    assert QGuiApplication.clipboard().text() == dialog.code.text()
    press(dialog.kept)
    desk.until(lambda: desk.services.chat.sent == ["First words"])


def test_not_now_is_remembered_and_the_message_goes(desk: Desk, unsaved: Session) -> None:
    send(unsaved, "First")
    dialog = offered(unsaved)
    assert dialog is not None
    press(dialog.later)
    desk.until(lambda: desk.services.chat.sent == ["First"])
    assert desk.services.settings.get(RECOVERY_OFFERED) is True
    desk.services.chat.finish()
    desk.settle()
    desk.until(lambda: offered(unsaved) is None)
    send(unsaved, "Second")
    desk.until(lambda: desk.services.chat.sent == ["First", "Second"])
    assert desk.services.vault.codes == 0


def test_the_code_is_saved_to_a_file_of_choice(
    desk: Desk, unsaved: Session, tmp_path: Path
) -> None:
    dialog = unsaved.offer.open()
    press(dialog.make)
    desk.until(dialog.code.isVisible)
    dialog.write_to(tmp_path / "code.txt")
    assert (tmp_path / "code.txt").read_text(encoding="utf-8").strip() == dialog.code.text()
    dialog.write_to(tmp_path / "no" / "such" / "folder.txt")
    assert "could not be written" in dialog.notice.words
    dialog.accept()


def test_a_code_that_cannot_be_made_says_so(
    desk: Desk, unsaved: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> str:
        raise HistoryDiskError(detail="disk full")

    monkeypatch.setattr(desk.services.vault, "make_recovery_code", fail)
    dialog = unsaved.offer.open()
    press(dialog.make)
    desk.until(dialog.notice.isVisible)
    assert dialog.make.isEnabled()
    dialog.accept()


def test_an_unencrypted_history_needs_no_code(desk: Desk) -> None:
    desk.services.library.installed = [QWEN]
    session = desk.open(VaultStatus(VaultState.OPEN, Protection.NONE))
    desk.until(lambda: is_open(session))
    desk.settle()
    send(session, "Words")
    desk.until(lambda: desk.services.chat.sent == ["Words"])
    assert offered(session) is None


def test_closing_the_offer_sends_the_message_once(desk: Desk, unsaved: Session) -> None:
    send(unsaved, "First")
    dialog = offered(unsaved)
    assert dialog is not None
    dialog.close()
    press(dialog.later)
    desk.until(lambda: desk.services.chat.sent)
    desk.settle()
    assert desk.services.chat.sent == ["First"]
    assert len(desk.services.history.all) == 1


def test_a_code_that_is_being_made_or_shown_is_not_lost_by_closing(
    desk: Desk, unsaved: Session
) -> None:
    send(unsaved, "First")
    dialog = offered(unsaved)
    assert dialog is not None
    press(dialog.make)
    dialog.close()
    press(dialog.later)
    desk.until(dialog.code.isVisible)
    dialog.close()
    desk.settle()
    assert dialog.isVisible()
    assert desk.services.chat.sent == []
    press(dialog.kept)
    desk.until(lambda: desk.services.chat.sent == ["First"])


def test_only_the_user_may_read_a_saved_code(desk: Desk, unsaved: Session, tmp_path: Path) -> None:
    dialog = unsaved.offer.open()
    press(dialog.make)
    desk.until(dialog.code.isVisible)
    there = tmp_path / "there.txt"
    there.write_text("something longer than a recovery code would be")
    there.chmod(0o644)
    for path in (tmp_path / "new.txt", there):
        dialog.write_to(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text(encoding="utf-8") == dialog.code.text() + "\n"
    dialog.accept()


@pytest.mark.parametrize("problem", [KeyringLockedError(), KeyMissingError()])
def test_nobody_is_sent_to_a_recovery_code_that_was_never_made(
    desk: Desk, problem: HearthError
) -> None:
    session = desk.open(VaultStatus(VaultState.NEW, Protection.KEYRING, problem=problem))
    desk.until(session.window.unlock.notice.isVisible)
    assert "recovery code" not in session.window.unlock.notice.words
    session.window.unlock.show_status(
        VaultStatus(VaultState.LOCKED, Protection.KEYRING, has_recovery_code=True, problem=problem)
    )
    assert "recovery code" in session.window.unlock.notice.words
