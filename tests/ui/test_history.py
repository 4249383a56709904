from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from assistant.domain.chat import ChatId, Role
from assistant.domain.errors import HistoryDiskError
from assistant.ui.history.chat_list import ChatListModel, Heading, day_heading
from assistant.ui.history.undo_bar import UNDO_MS
from assistant.ui.session import Session
from tests.ui.conftest import Desk
from tests.ui.fakes import QWEN, chat, message


@pytest.fixture
def session(desk: Desk) -> Session:
    desk.services.library.installed = [QWEN]
    desk.services.history.all = [
        chat(1, "Rust lifetimes"),
        chat(2, "Trip to Isfahan"),
        chat(3, "Poem for Noor", 1),
        chat(4, "Last week", 4),
        chat(5, "Long ago", 40),
    ]
    for each in desk.services.history.all:
        desk.services.history.stored[each.id] = [message(1, each.id, Role.USER, each.title)]
    opened = desk.open()
    desk.until(lambda: len(opened.window.sidebar.chats.chats_shown) == 5)
    return opened


def titles(session: Session) -> list[str]:
    return [each.title for each in session.window.sidebar.chats.chats_shown]


def headings(session: Session) -> list[str]:
    chats = session.window.sidebar.chats
    lines = [chats.line(chats.index(row)) for row in range(chats.rowCount())]
    return [line.words for line in lines if isinstance(line, Heading)]


def test_chats_stand_under_their_days(session: Session) -> None:
    assert headings(session) == ["Today", "Yesterday", "Last 7 days", "Earlier"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 21), "Today"),
        (date(2026, 11, 20), "Yesterday"),
        (date(2026, 11, 19), "Last 7 days"),
        (date(2026, 11, 15), "Last 7 days"),
        (date(2026, 11, 14), "Earlier"),
    ],
)
def test_days(day: date, words: str) -> None:
    assert day_heading(day, date(2026, 11, 21)) == words


def test_the_search_filters_titles(desk: Desk, session: Session) -> None:
    QTest.keyClick(session.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = session.window.sidebar.search
    desk.until(search.hasFocus)
    QTest.keyClicks(search, "ISFAHAN")
    assert titles(session) == ["Trip to Isfahan"]
    QTest.keyClicks(search, "nothing like it")
    assert titles(session) == []
    assert session.window.sidebar._nothing.isVisible()
    search.clear()
    assert len(titles(session)) == 5


def test_clicking_a_chat_opens_it(desk: Desk, session: Session) -> None:
    chats = session.window.sidebar.list
    where = chats.visualRect(session.window.sidebar.chats.index_of(ChatId("chat-2"))).center()
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=where)
    desk.until(lambda: session.window.chat.conversation.rows)
    assert session.window.chat.header.title.text() == "Trip to Isfahan"


def test_the_keyboard_walks_opens_renames_and_deletes(desk: Desk, session: Session) -> None:
    chats = session.window.sidebar.list
    chats.setFocus()
    chats.setCurrentIndex(session.window.sidebar.chats.index_of(ChatId("chat-1")))
    QTest.keyClick(chats, Qt.Key.Key_Down)
    QTest.keyClick(chats, Qt.Key.Key_Down)  # over the heading
    current = chats.current_chat()
    assert current is not None
    assert current.title == "Poem for Noor"
    QTest.keyClick(chats, Qt.Key.Key_Return)
    desk.until(lambda: session.chat.chat_id == "chat-3")
    session.window.sidebar.list.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_F2)
    editor = chats.findChild(QLineEdit, "rename")
    assert isinstance(editor, QLineEdit)
    editor.setText("A poem")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    desk.until(lambda: "A poem" in titles(session))
    assert session.window.chat.header.title.text() == "A poem"
    chats.setCurrentIndex(session.window.sidebar.chats.index_of(ChatId("chat-3")))
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    assert "A poem" not in titles(session)


def test_an_empty_title_is_not_taken(desk: Desk, session: Session) -> None:
    chats = session.window.sidebar.chats
    assert not chats.setData(chats.index_of(ChatId("chat-1")), "   ")
    assert "Rust lifetimes" in titles(session)


def test_the_menu_opens_by_mouse_and_keyboard(desk: Desk, session: Session) -> None:
    sidebar = session.window.sidebar
    asked: list[str] = []
    sidebar.list.menu_wanted.connect(lambda each, _at: asked.append(each.id))
    sidebar.list.setCurrentIndex(sidebar.chats.index_of(ChatId("chat-2")))
    sidebar.list.customContextMenuRequested.emit(QPoint(-1, -1))
    assert asked == ["chat-2"]
    menu = sidebar.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Rename", "Delete"]
    menu.close()


def delete(desk: Desk, session: Session, chat_id: str) -> None:
    known = session.window.sidebar.chats.chat(ChatId(chat_id))
    assert known is not None
    menu = session.window.sidebar.menu_for(known)
    action = menu.actions()[1]
    assert isinstance(action, QAction)
    action.trigger()
    menu.deleteLater()
    desk.settle()


def test_a_deleted_chat_comes_back_by_undo(desk: Desk, session: Session) -> None:
    delete(desk, session, "chat-1")
    bar = session.window.sidebar.undo_bar
    assert bar.isVisible()
    assert bar.accessibleName() == "Chat deleted"
    assert UNDO_MS == 8_000
    assert bar.timer.isActive()
    assert "Rust lifetimes" not in titles(session)
    QTest.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    desk.until(lambda: "Rust lifetimes" in titles(session))
    assert not desk.services.history.hidden
    assert desk.services.history.purged == 0
    assert not bar.isVisible()


def test_deleted_chats_go_when_the_time_is_over(desk: Desk, session: Session) -> None:
    delete(desk, session, "chat-1")
    delete(desk, session, "chat-2")
    bar = session.window.sidebar.undo_bar
    assert bar.accessibleName() == "2 chats deleted"
    bar.timer.timeout.emit()
    desk.until(lambda: desk.services.history.purged == 1)
    assert not bar.isVisible()
    desk.settle()
    assert titles(session) == ["Poem for Noor", "Last week", "Long ago"]


def test_the_chat_that_is_shown_makes_room_when_deleted(desk: Desk, session: Session) -> None:
    known = session.window.sidebar.chats.chat(ChatId("chat-1"))
    assert known is not None
    session.window.sidebar.chat_wanted.emit(known)
    desk.until(lambda: session.chat.chat_id == "chat-1")
    delete(desk, session, "chat-1")
    desk.until(lambda: session.chat.chat_id is None)
    assert session.window.chat.empty


def test_a_chat_that_cannot_be_deleted_stays(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_chat: ChatId) -> None:
        raise HistoryDiskError(detail="read-only")

    monkeypatch.setattr(desk.services.history, "delete_chat", fail)
    delete(desk, session, "chat-1")
    desk.until(session.window.chat.notice.isVisible)
    assert "Rust lifetimes" in titles(session)


def test_a_new_chat_by_button_and_key(desk: Desk, session: Session) -> None:
    known = session.window.sidebar.chats.chat(ChatId("chat-1"))
    assert known is not None
    session.window.sidebar.chat_wanted.emit(known)
    desk.until(lambda: session.chat.chat_id == "chat-1")
    QTest.keyClick(session.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: session.chat.chat_id is None)
    assert session.window.sidebar.list.current_chat() is None


def test_a_chat_that_is_being_answered_has_a_dot(desk: Desk, session: Session) -> None:
    chats = session.window.sidebar.chats
    chats.set_busy(frozenset({ChatId("chat-2")}))
    assert chats.index_of(ChatId("chat-2")).data(ChatListModel.BUSY) is True
    assert chats.index_of(ChatId("chat-1")).data(ChatListModel.BUSY) is False
