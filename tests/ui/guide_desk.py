"""Hands for the tests of the Guide."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from assistant.domain.chat import Role
from assistant.domain.guide import GuideAction, GuidePart
from assistant.domain.vault import VaultStatus
from assistant.ui.chat.rows import AnswerRow
from assistant.ui.guide.offer_card import OfferCard
from assistant.ui.session import Session
from tests.ui.conftest import Desk
from tests.ui.fakes import GUIDE, chat, marked, message

BEYOND = "That is beyond me, but a larger model can do it."


def open_with_guide(desk: Desk, status: VaultStatus | None = None) -> Session:
    """The window on a computer with nothing but the Guide."""
    desk.services.library.built_in = GUIDE
    opened = desk.open(status)
    desk.until(opened.window.chat.welcome.greeting.isVisible)
    return opened


def click(widget: QAbstractButton) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def ask(desk: Desk, session: Session, text: str) -> None:
    count = len(desk.services.chat.sent)
    QTest.keyClicks(session.window.chat.composer.editor, text)
    QTest.keyClick(session.window.chat.composer.editor, Qt.Key.Key_Return)
    desk.until(lambda: len(desk.services.chat.sent) > count)
    desk.settle()


def answer(session: Session) -> AnswerRow:
    return [row for row in session.window.chat.conversation.rows if isinstance(row, AnswerRow)][-1]


def help_button(desk: Desk, session: Session, action: GuideAction) -> QAbstractButton:
    """Ask something that an article with that button answers."""
    ask(desk, session, "How do I do that?")
    desk.services.chat.say(
        "Open **Models**.", GuidePart.HELP, article="some-article", action=action.value
    )
    desk.until(lambda: answer(session).guide.button is not None)
    button = answer(session).guide.button
    assert button is not None
    return button


def card(desk: Desk, session: Session) -> OfferCard:
    """Ask something that is out of the Guide's depth."""
    ask(desk, session, "Write an email to my landlord")
    desk.services.chat.say(BEYOND, GuidePart.BEYOND)
    return shown_card(desk, session)


def shown_card(desk: Desk, session: Session) -> OfferCard:
    desk.until(lambda: answer(session).guide.card is not None)
    found = answer(session).guide.card
    assert found is not None
    desk.until(found.isVisible)
    return found


def open_stored(desk: Desk, part: GuidePart, **other: object) -> Session:
    """Start with a chat that ends in an answer of the Guide, and open it."""
    services = desk.services
    services.history.all = [chat(1, "Earlier")]
    services.history.stored[services.history.all[0].id] = [
        message(1, "chat-1", Role.USER, "A question"),
        message(
            2, "chat-1", Role.ASSISTANT, BEYOND,
            parent_id="message-1", provenance=marked(part, **other),
        ),
    ]  # fmt: skip
    session = desk.open()
    desk.until(lambda: session.window.sidebar.chats.chats_shown)
    session.window.sidebar.chat_wanted.emit(services.history.all[0])
    desk.until(lambda: session.window.chat.conversation.rows)
    desk.settle()
    return session
