import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, QSettings, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from assistant.domain.chat import Role
from assistant.domain.errors import SettingsUnreadableError
from assistant.domain.events import Event
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.settings.table import (
    CONTEXT_TOKENS,
    HUB_ENDPOINT,
    HUB_KEYRING_ENTRY,
    LANGUAGE,
    THEME,
)
from assistant.ui import application
from assistant.ui.locales import Speech
from assistant.ui.main_window import FOLDS_UNDER, MainWindow
from assistant.ui.preferences.passphrase import PassphraseDialog
from assistant.ui.report import report
from assistant.ui.session import Session
from assistant.ui.theme.theme import Theme
from tests.ui.conftest import Desk
from tests.ui.fakes import GUIDE, QWEN, STATS, TINY, FakeServices, chat, message

INTERACTIVE = (
    QAbstractButton | QLineEdit | QPlainTextEdit | QTextEdit | QComboBox | QAbstractItemView
)
TEXT = """Words with a [link](https://example.org).

```python
print("hi")
```
"""
PERSIAN = "صاحب‌خانه می‌تواند اجاره را **سالی یک بار** افزایش دهد."


def full(desk: Desk) -> Session:
    """A window with something on every page."""
    services = desk.services
    services.library.installed = [QWEN, TINY]
    services.library.built_in = GUIDE
    services.history.all = [chat(1, "First"), chat(2, "پرسش‌های قرارداد اجاره", 1)]
    services.history.stored[services.history.all[0].id] = [
        message(1, "chat-1", Role.USER, "Hello"),
        message(2, "chat-1", Role.ASSISTANT, TEXT + "\n" + PERSIAN, stats=STATS),
    ]
    session = desk.open()
    desk.until(lambda: session.window.sidebar.chats.chats_shown)
    session.window.sidebar.chat_wanted.emit(services.history.all[0])
    desk.until(lambda: session.window.chat.conversation.rows)
    desk.settle()
    return session


def pages(desk: Desk, session: Session) -> Iterator[str]:
    """Shows one screen after the other."""
    window = session.window
    yield "chat"
    window.show_models()
    session.models._look_up("Qwen/Qwen3-4B-GGUF")
    desk.settle()
    session.models._download(desk.services.downloads.repo, desk.services.downloads.repo.files[0])
    session.models._look_up("Qwen/Qwen3-4B-GGUF")
    desk.settle()
    yield "models"
    window.show_preferences()
    yield "preferences"
    window.unlock.show_status(VaultStatus(VaultState.NEW, None))
    window.show_unlock()
    yield "unlock"
    window.show_chat()
    session.chat.new_chat()
    yield "empty"
    dialog = session.offer.open()
    dialog.show_code("AAAA")
    yield "recovery"
    dialog.accept()
    passphrase = PassphraseDialog(desk.theme, window)
    passphrase.open()
    yield "passphrase"
    passphrase.reject()
    box = report(window, ValueError("x"))
    yield "report"
    box.reject()


@pytest.mark.parametrize("language", ["en", "fa", "zh_CN", "zh_TW"])
def test_every_control_of_every_screen_has_a_name(
    desk: Desk, speech: Speech, language: str
) -> None:
    speech.use(language)
    session = full(desk)
    nameless: list[str] = []
    for page in pages(desk, session):
        nameless += [
            f"{page}: {type(each).__name__} {each.objectName()}"
            for each in shown()
            if isinstance(each, INTERACTIVE) and not named(each)
        ]
    assert not nameless


def shown() -> Iterator[QWidget]:
    for top in QApplication.topLevelWidgets():
        yield from (each for each in (top, *top.findChildren(QWidget)) if each.isVisible())


def named(widget: QWidget) -> bool:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert isinstance(interface, QAccessibleInterface)
    if widget.inherits("QTextEdit") and widget.parentWidget() is not None:
        owner = widget.parentWidget()
        if owner is not None and owner.inherits("QMessageBoxDetailsText"):
            return True  # Qt's own box, with the stack in it
    return bool(interface.text(QAccessible.Text.Name).strip())


def test_the_tab_key_reaches_every_control_of_the_chat(desk: Desk) -> None:
    session = full(desk)
    window = session.window
    window.chat.composer.set_text("words")
    window.sidebar.new_button.setFocus()
    reached: set[int] = set()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if id(focused) in reached and focused is window.sidebar.new_button:
            break
        reached.add(id(focused))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted = [
        window.sidebar.search,
        window.sidebar.list,
        window.sidebar.models_button,
        window.sidebar.settings_button,
        window.chat.header.title,
        window.chat.header.pill,
        window.chat.composer.editor,
        window.chat.composer.button,
        *[row.view for row in window.chat.conversation.rows],
    ]
    missing = [each for each in wanted if id(each) not in reached]
    assert not missing


@pytest.mark.parametrize("language", ["en", "fa", "zh_CN", "zh_TW"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_screen_paints_without_a_warning(
    desk: Desk, speech: Speech, language: str, mode: str
) -> None:
    speech.use(language)
    desk.theme.set_mode(mode)
    session = full(desk)
    for width in (1280, 560):
        session.window.resize(width, 800)
        for page in pages(desk, session):
            QApplication.processEvents()
            image = session.window.grab().toImage()
            assert not image.isNull()
            assert colours(image) > 3, page
    desk.theme.set_mode("light")


def colours(image: QImage) -> int:
    step = 7
    points = ((x, y) for x in range(0, image.width(), step) for y in range(0, image.height(), step))
    return len({image.pixel(x, y) for x, y in points})


def test_the_window_runs_right_to_left(desk: Desk, speech: Speech) -> None:
    speech.use("fa")
    session = full(desk)
    window = session.window
    assert window.sidebar.mapTo(window, window.sidebar.rect().center()).x() > window.width() / 2
    bubble = window.chat.conversation.rows[0].view
    column = window.chat.conversation._column
    assert bubble.mapTo(column, bubble.rect().center()).x() < column.width() / 2


def test_the_column_is_at_most_760_wide_and_in_the_middle(desk: Desk) -> None:
    session = full(desk)
    session.window.resize(1600, 900)
    desk.settle()
    composer = session.window.chat.composer
    assert composer.width() == 760
    page = session.window.chat
    left = composer.mapTo(page, composer.rect().topLeft()).x()
    assert abs(left - (page.width() - 760) / 2) <= 2
    assert session.window.chat.conversation._column.width() <= 760


def test_the_sidebar_folds_away_in_a_narrow_window(desk: Desk) -> None:
    session = full(desk)
    window = session.window
    assert window.sidebar.isVisible()
    assert window.sidebar.width() == 272
    window.resize(FOLDS_UNDER - 100, 800)
    desk.until(lambda: not window.sidebar.isVisible())
    button = window.chat.header.sidebar_button
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.sidebar.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.sidebar.isVisible()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.until(window.sidebar.search.hasFocus)
    window.resize(FOLDS_UNDER + 100, 800)
    desk.until(lambda: window.sidebar.isVisible() and not button.isVisible())


@pytest.mark.parametrize("width", [420, 600, 1000])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_pages_keep_within_a_narrow_window(
    desk: Desk, speech: Speech, language: str, width: int
) -> None:
    speech.use(language)
    window = full(desk).window
    window.resize(width, 700)
    for show, page in (
        (window.show_models, window.models),
        (window.show_preferences, window.preferences),
    ):
        show()
        desk.settle()
        column = page.area.widget()
        assert column is not None
        assert column.width() <= page.area.viewport().width()
    assert window.models.add.field.width() > 150


def test_a_new_window_fits_its_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, 683, 384))
    monkeypatch.setattr(MainWindow, "screen", lambda _window: small)
    window = desk.open().window
    assert window.width() <= 683
    assert window.height() <= 384


def test_encrypted_is_said_only_when_it_is(desk: Desk) -> None:
    session = full(desk)
    assert session.window.chat.header.lock.isVisible()
    session._opened(VaultStatus(VaultState.OPEN, Protection.NONE))
    assert not session.window.chat.header.lock.isVisible()


def test_settings_are_found_and_kept(desk: Desk) -> None:
    session = full(desk)
    page = session.window.preferences
    session.window.show_preferences()
    QTest.keyClicks(page.search, "keyring token")
    assert [row.name.text() for row in page.shown] == ["Access token"]
    page.search.setText("no such words")
    assert not page.shown
    page.search.clear()
    assert len(page.shown) >= 8
    settings = desk.services.settings
    session.preferences._use_theme("dark")
    assert settings.get(THEME) == "dark"
    assert desk.theme.tokens.dark
    session.preferences._use_language("fa")
    assert settings.get(LANGUAGE) == "fa"
    assert "next start" in page.notice.words
    desk.theme.set_mode("light")


def test_settings_that_could_not_be_read_are_said(desk: Desk) -> None:
    desk.services.settings.problem = SettingsUnreadableError(path="/a", kept="/b")
    session = desk.open()
    desk.until(session.window.chat.notice.isVisible)
    assert "defaults are in force" in session.window.chat.notice.words


def field(session: Session, name: str) -> QLineEdit:
    for each in session.window.preferences.findChildren(QLineEdit):
        if each.accessibleName() == name:
            return each
    raise LookupError(name)


def test_a_bad_address_of_the_hub_is_refused(desk: Desk) -> None:
    session = full(desk)
    session.window.show_preferences()
    address = field(session, "Address of the Hub")
    address.setText("ftp://nowhere")
    address.editingFinished.emit()
    assert "can't be used" in session.window.preferences.notice.words
    assert address.text() == desk.services.settings.get(HUB_ENDPOINT)
    address.setText("https://hub.example/")
    address.editingFinished.emit()
    assert desk.services.settings.get(HUB_ENDPOINT) == "https://hub.example"


def test_the_token_goes_to_the_keyring_and_nowhere_else(desk: Desk) -> None:
    session = full(desk)
    session.window.show_preferences()
    token = field(session, "Access token")
    assert token.echoMode() == QLineEdit.EchoMode.Password
    token.setText("hf_secret")
    QTest.keyClick(token, Qt.Key.Key_Return)
    desk.until(lambda: desk.services.secrets.kept)
    assert desk.services.secrets.kept == {HUB_KEYRING_ENTRY: "hf_secret"}
    desk.until(lambda: not token.text())
    assert "hf_secret" not in str(desk.services.settings.values)


def test_the_context_is_kept_within_its_bounds(desk: Desk) -> None:
    session = full(desk)
    session.window.show_preferences()
    context = field(session, "Context")
    context.setText("8192")
    context.editingFinished.emit()
    assert desk.services.settings.get(CONTEXT_TOKENS) == 8192
    for bad in ("100", "many", "-5", "1.5"):
        context.setText(bad)
        context.editingFinished.emit()
        assert desk.services.settings.get(CONTEXT_TOKENS) == 8192
        assert context.text() == "8192"
        assert "can't be used" in session.window.preferences.notice.words
    context.setText("")
    context.editingFinished.emit()
    assert desk.services.settings.get(CONTEXT_TOKENS) is None


def test_the_passphrase_is_changed(desk: Desk) -> None:
    session = full(desk)
    session.window.show_preferences()
    session.preferences._change_passphrase()
    dialog = session.window.findChild(PassphraseDialog)
    assert isinstance(dialog, PassphraseDialog)
    dialog.first.setText("new words here")
    dialog.second.setText("other")
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert dialog.problem.text()
    dialog.second.setText("new words here")
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.services.vault.passphrase == "new words here")


def test_a_second_start_raises_the_window(desk: Desk) -> None:
    session = full(desk)
    assert desk.services.lock is not None
    ask = desk.services.lock.on_raise
    assert ask is not None
    session.window.hide()
    thread = threading.Thread(target=ask, args=(Path("/models/second.gguf"),))
    thread.start()
    thread.join()
    desk.until(session.window.isVisible)
    desk.until(lambda: any(m.name == "second" for m in desk.services.library.installed))


def test_the_place_of_the_window_is_kept_in_the_data_folder(desk: Desk, tmp_path: Path) -> None:
    session = full(desk)
    session.window.resize(1000, 700)
    session.keep_geometry()
    assert (tmp_path / "window.ini").exists()
    other = Session(desk.theme, desk.bridge, desk.services)
    other._restore_geometry()
    assert other.window.size() == session.window.size()
    other.window.deleteLater()


class Run:
    """Runs the whole application as a start does, with hands on it by a timer."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.services: FakeServices | None = None

    def factory(self, publish: Callable[[Event], None]) -> FakeServices:
        self.services = FakeServices(publish, self.root)
        return self.services


def test_the_application_starts_and_ends_cleanly(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    run = Run(tmp_path)
    seen: list[str] = []
    began: list[float] = []

    def close_when_open() -> None:
        for top in QApplication.topLevelWidgets():
            if top.objectName() == "window" and run.services and run.services.vault.calls:
                seen.append(top.windowTitle())
                began.append(time.monotonic())
                timer.stop()
                top.close()

    timer = QTimer()
    timer.timeout.connect(close_when_open)
    timer.start(20)
    assert application.run(run.factory, None) == 0
    assert time.monotonic() - began[0] < 3
    assert seen == ["Hearth"]
    assert run.services is not None
    assert run.services.vault.closed
    assert run.services.chat.closed
    assert run.services.supervisor.stopped
    assert ("close", "") in run.services.downloads.calls
    assert {path.name for path in tmp_path.iterdir()} <= {"window.ini"}
    QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat).clear()


@pytest.mark.expects_log_errors
def test_an_unforeseen_exception_is_shown_not_swallowed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    session = full(desk)
    hook = application._hook(session)
    hook(ZeroDivisionError, ZeroDivisionError("in a slot"), None)
    assert "unforeseen" in caplog.text
    from PySide6.QtWidgets import QMessageBox

    box = session.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "ZeroDivisionError" in box.detailedText()
    box.reject()


def test_the_theme_changes_the_whole_window_at_once(desk: Desk, theme: Theme) -> None:
    session = full(desk)
    before = session.window.grab().toImage().pixelColor(600, 400).lightness()
    theme.set_mode("dark")
    QApplication.processEvents()
    after = session.window.grab().toImage().pixelColor(600, 400).lightness()
    assert before > 200
    assert after < 60
    theme.set_mode("light")
