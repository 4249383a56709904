"""The Guide in the window: its greeting, its place among the models, how it is hidden."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from assistant.domain.errors import DiskWriteError, OfflineError
from assistant.domain.guide import GuideAction, GuidePart
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.services.guide.service import GuideService
from assistant.settings.paths import resource_folder
from assistant.settings.table import GUIDE_SHOWN
from assistant.ui.guide.greeting import Greeting
from assistant.ui.locales import Speech
from assistant.ui.session import Session
from assistant.ui.theme.theme import Theme
from tests.ui.conftest import Desk, child, shown_text
from tests.ui.fakes import GUIDE, QWEN, RECOMMENDED
from tests.ui.guide_desk import card, click, help_button, open_with_guide
from tests.ui.test_window import INTERACTIVE, named, shown


@pytest.fixture
def session(desk: Desk) -> Session:
    return open_with_guide(desk)


# --- the greeting ---------------------------------------------------------------------------


def test_the_guide_greets_and_says_where_the_data_lives(desk: Desk, session: Session) -> None:
    welcome = session.window.chat.welcome
    said = shown_text(welcome)
    assert "Hello, this is the Guide" in said
    assert "how Hearth works" in said
    assert "stay on this computer, encrypted" in said
    assert str(desk.services.paths.root) in said
    assert welcome.add.isVisible()
    assert welcome.open.isVisible()
    assert "First, a model" not in said


def test_nothing_is_claimed_before_the_disk_was_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def still_reading() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(desk.services.library, "guide", still_reading)
    session = desk.open()
    desk.until(session.window.chat.welcome.isVisible)
    assert shown_text(session.window.chat.welcome) == ""
    assert not session.window.chat.header.pill.isVisible()


def test_chats_that_are_not_encrypted_are_not_called_so(desk: Desk) -> None:
    session = open_with_guide(desk, VaultStatus(VaultState.OPEN, Protection.NONE))
    assert "stay on this computer, not encrypted" in shown_text(session.window.chat.welcome)


def test_an_example_is_asked_at_once(desk: Desk, session: Session) -> None:
    button = session.window.chat.welcome.greeting.questions[0]
    session.window.chat.composer.set_text("a draft of mine")
    click(button)
    desk.until(lambda: desk.services.chat.sent == ["How do I add a model?"])
    desk.until(session.window.chat.conversation.isVisible)
    assert session.window.chat.composer.text() == "a draft of mine"


def test_two_clicks_make_one_chat(desk: Desk, session: Session) -> None:
    first, second, _ = session.window.chat.welcome.greeting.questions
    click(first)
    second.click()
    desk.settle()
    assert desk.services.chat.sent == ["How do I add a model?"]
    assert len(desk.services.history.all) == 1


def test_asking_about_a_text_offers_the_form_for_it(desk: Desk, session: Session) -> None:
    composer = session.window.chat.composer
    click(session.window.chat.welcome.greeting.passage)
    assert composer.text() == "Passage: \nQuestion: "
    desk.until(composer.editor.hasFocus)
    QTest.keyClicks(composer.editor, "Ada wrote it.")
    assert composer.text() == "Passage: Ada wrote it.\nQuestion: "
    click(session.window.chat.welcome.greeting.passage)
    assert composer.text() == "Passage: Ada wrote it.\nQuestion: "
    assert desk.services.chat.sent == []


def test_a_draft_becomes_the_text_that_is_asked_about(desk: Desk, session: Session) -> None:
    composer = session.window.chat.composer
    composer.set_text("Ada wrote it.")
    click(session.window.chat.welcome.greeting.passage)
    QTest.keyClicks(composer.editor, "Who?")
    assert composer.text() == "Passage: Ada wrote it.\nQuestion: Who?"


def test_the_greeting_scrolls_where_there_is_little_room(desk: Desk, session: Session) -> None:
    window, welcome = session.window, session.window.chat.welcome
    window.resize(window.minimumSize())
    desk.until(lambda: welcome.verticalScrollBar().maximum() > 0)
    for button in (*welcome.greeting.questions, welcome.greeting.passage, welcome.add):
        welcome.ensureWidgetVisible(button)
        place = button.mapTo(welcome.viewport(), button.rect().topLeft())
        assert place.x() >= 0
        assert place.x() + button.width() <= welcome.viewport().width()
        assert button.width() >= button.sizeHint().width()


def test_with_a_model_the_guide_steps_back(desk: Desk) -> None:
    desk.services.library.built_in = GUIDE
    desk.services.library.installed = [QWEN]
    session = desk.open()
    desk.until(lambda: "What is on your mind?" in shown_text(session.window.chat))
    assert not session.window.chat.welcome.greeting.isVisible()
    assert session.window.chat.header.pill.accessibleName() == "Choose a model"
    assert session.window.chat.composer.editor.placeholderText() == "Ask anything"


# --- who answers ----------------------------------------------------------------------------


def test_the_pill_names_the_guide_and_still_offers_models(desk: Desk, session: Session) -> None:
    pill = session.window.chat.header.pill
    assert pill.accessibleName() == "Model Guide, built in"
    assert "Guide\nbuilt in" in shown_text(pill)
    assert session.window.chat.composer.editor.placeholderText() == "Ask the Guide"
    menu = pill.menu_now()
    assert [each.text() for each in menu.actions()] == ["Add model…", "Open a GGUF file…"]
    menu.deleteLater()


def test_hidden_the_app_is_as_it_was_before(desk: Desk) -> None:
    desk.services.library.built_in = GUIDE
    desk.services.settings.values[GUIDE_SHOWN.key] = False
    session = desk.open()
    desk.until(lambda: "First, a model" in shown_text(session.window.chat))
    assert session.window.chat.header.pill.accessibleName() == "Choose a model"
    session.window.chat.composer.set_text("words")
    assert not session.window.chat.composer.button.isEnabled()


def test_the_guide_is_hidden_on_the_models_page_and_shown_by_settings(
    desk: Desk, session: Session
) -> None:
    window = session.window
    window.show_models()
    assert "Guide (built in)" in shown_text(window.models)
    hide = child(window.models, "hideGuide")
    assert isinstance(hide, QAbstractButton)
    assert (hide.text(), hide.accessibleName()) == ("Hide", "Hide the Guide")
    click(hide)
    desk.until(lambda: not window.models.guide.isVisible())
    assert desk.services.settings.get(GUIDE_SHOWN) is False
    assert "Settings can show it again." in window.models.notice.words
    assert window.chat.header.pill.accessibleName() == "Choose a model"
    window.show_preferences()
    box = child(window.preferences, "showGuide")
    assert isinstance(box, QAbstractButton)
    assert box.text() == "Show the Guide"
    assert not box.isChecked()
    click(box)
    desk.until(lambda: window.chat.header.pill.accessibleName() == "Model Guide, built in")
    assert desk.services.settings.get(GUIDE_SHOWN) is True
    QTest.keyClick(box, Qt.Key.Key_Space)
    desk.until(lambda: window.chat.header.pill.accessibleName() == "Choose a model")


def test_a_setting_that_cannot_be_kept_leaves_the_guide(desk: Desk, session: Session) -> None:
    window = session.window
    error = desk.services.library.fail = DiskWriteError(path="/a", detail="disk full")
    window.show_models()
    hide = child(window.models, "hideGuide")
    assert isinstance(hide, QAbstractButton)
    click(hide)
    desk.until(lambda: error.message in window.models.notice.words)
    assert window.models.guide.isVisible()
    window.show_preferences()
    box = child(window.preferences, "showGuide")
    assert isinstance(box, QAbstractButton)
    click(box)
    desk.until(lambda: error.message in window.preferences.notice.words)
    assert box.isChecked()


@pytest.mark.parametrize("language", ["fa", "zh_CN", "zh_TW"])
def test_the_greeting_speaks_every_language(desk: Desk, speech: Speech, language: str) -> None:
    speech.use(language)
    desk.services.library.built_in = GUIDE
    session = desk.open()
    desk.until(session.window.chat.welcome.greeting.isVisible)
    greeting = session.window.chat.welcome.greeting
    assert all(button.text() and not button.text().isascii() for button in greeting.questions)
    click(greeting.passage)
    assert session.window.chat.composer.text() == "Passage: \nQuestion: "


@pytest.mark.parametrize("language", ["en", "fa", "zh_CN", "zh_TW"])
def test_the_examples_are_such_as_the_guide_answers(
    theme: Theme, speech: Speech, qtbot: QtBot, language: str
) -> None:
    speech.use(language)
    greeting = Greeting(theme)
    qtbot.addWidget(greeting)
    guide = GuideService(resource_folder(), lambda: language)
    add, private, able = (guide.reply(button.text()) for button in greeting.questions)
    assert add.article is not None
    assert add.article.id == "add-model"
    assert private.article is not None
    assert private.article.id == "privacy"
    assert able.part in {GuidePart.HELP, GuidePart.TALK}
    assert {add.language, private.language, able.language} == {language}


def screens(desk: Desk, session: Session) -> Iterator[str]:
    """Shows one after the other what the Guide can look like."""
    yield "greeting"
    help_button(desk, session, GuideAction.ADD_MODEL)
    yield "help"
    offer = card(desk, session)
    yield "offer"
    desk.services.downloads.fail = OfflineError(host="huggingface.co")
    offer.download.click()
    desk.until(offer.notice.isVisible)
    yield "refused"
    desk.services.downloads.fail = None
    session.window.chat.board.download_wanted.emit(RECOMMENDED)
    desk.until(lambda: offer.row is not None)
    yield "download"


@pytest.mark.parametrize("language", ["en", "fa", "zh_CN", "zh_TW"])
def test_every_control_of_the_guide_has_a_name(desk: Desk, speech: Speech, language: str) -> None:
    speech.use(language)
    session = open_with_guide(desk)
    for screen in screens(desk, session):
        for each in shown():
            assert not isinstance(each, INTERACTIVE) or named(each), (screen, each)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_guide_keeps_within_every_window(
    desk: Desk, speech: Speech, language: str, mode: str
) -> None:
    speech.use(language)
    desk.theme.set_mode(mode)
    session = open_with_guide(desk)
    for _ in screens(desk, session):
        for width in (1280, 420):
            session.window.resize(width, 700)
            desk.settle()
            assert not session.window.grab().isNull()
            for area in (session.window.chat.welcome, session.window.chat.conversation):
                column = area.widget()
                assert column is not None
                assert not area.isVisible() or column.width() <= area.viewport().width()
    desk.theme.set_mode("light")


def test_the_tab_key_reaches_the_examples(desk: Desk, session: Session) -> None:
    greeting = session.window.chat.welcome.greeting
    reached: list[QWidget] = []
    session.window.chat.header.pill.setFocus()
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    welcome = session.window.chat.welcome
    wanted = [*greeting.questions, greeting.passage, welcome.add, welcome.open]
    assert [each for each in reached if each in wanted] == wanted
    greeting.questions[1].setFocus()
    QTest.keyClick(greeting.questions[1], Qt.Key.Key_Space)
    desk.until(lambda: desk.services.chat.sent == ["Is it private?"])
