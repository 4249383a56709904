import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.domain.chat import MessageState, Role
from assistant.domain.errors import ContextExceededError, EngineCrashedError, HistoryDiskError
from assistant.domain.events import PromptReading
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.controller import title_from
from assistant.ui.chat.rows import AnswerRow, UserRow
from assistant.ui.session import Session
from tests.ui.conftest import Desk
from tests.ui.fakes import QWEN, STATS, chat, message


@pytest.fixture
def session(desk: Desk) -> Session:
    desk.services.library.installed = [QWEN]
    opened = desk.open()
    desk.until(opened.window.chat.welcome.isVisible)
    desk.settle()
    return opened


def composer(session: Session) -> Composer:
    return session.window.chat.composer


def write(session: Session, text: str) -> None:
    QTest.keyClicks(composer(session).editor, text)


def enter(session: Session, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(composer(session).editor, Qt.Key.Key_Return, modifier)


def ask(desk: Desk, session: Session, text: str = "Hello") -> None:
    count = len(desk.services.chat.sent)
    write(session, text)
    enter(session)
    desk.until(lambda: len(desk.services.chat.sent) > count)
    desk.settle()


def answer(session: Session) -> AnswerRow:
    rows = [row for row in session.window.chat.conversation.rows if isinstance(row, AnswerRow)]
    return rows[-1]


def test_enter_sends_and_the_answer_streams(desk: Desk, session: Session) -> None:
    ask(desk, session, "What is a KV cache?")
    assert desk.services.chat.sent == ["What is a KV cache?"]
    assert composer(session).text() == ""
    assert isinstance(session.window.chat.conversation.rows[0], UserRow)
    desk.services.chat.write("It is **memory**")
    desk.until(lambda: "memory" in answer(session).view.toPlainText())
    desk.services.chat.finish()
    desk.until(lambda: not answer(session).streaming)
    assert answer(session).view.toPlainText() == "It is memory"
    assert answer(session).stats.text() == (
        "41 tokens/s · first word after 0.3 s · 214 tokens · finished"
    )
    assert "2,114 of the 8,192" in composer(session).ring.accessibleName()


def test_the_new_chat_gets_a_title_and_stands_in_the_sidebar(desk: Desk, session: Session) -> None:
    ask(desk, session, "Rust lifetimes, explained")
    desk.until(lambda: session.window.sidebar.chats.chats_shown)
    assert session.window.chat.header.title.text() == "Rust lifetimes, explained"
    assert session.window.sidebar.list.current_chat() is not None


def test_shift_enter_breaks_the_line(desk: Desk, session: Session) -> None:
    write(session, "one")
    enter(session, Qt.KeyboardModifier.ShiftModifier)
    write(session, "two")
    desk.settle()
    assert composer(session).text() == "one\ntwo"
    assert desk.services.chat.sent == []


def test_nothing_is_sent_without_words_or_without_a_model(desk: Desk, session: Session) -> None:
    write(session, "   ")
    enter(session)
    composer(session).set_text("words")
    composer(session).set_allowed(False)
    enter(session)
    desk.settle()
    assert desk.services.chat.sent == []
    assert not composer(session).button.isEnabled()


def compose(session: Session, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(composer(session).editor, event)


def test_enter_that_confirms_a_candidate_never_sends(desk: Desk, session: Session) -> None:
    compose(session, "ni hao")
    enter(session)
    assert composer(session).text() == ""
    compose(session, "", "你好")
    enter(session)  # some input methods hand the same Enter on, in the same turn
    assert desk.services.chat.sent == []
    desk.settle()
    assert composer(session).text() == "你好"
    enter(session)
    desk.until(lambda: desk.services.chat.sent == ["你好"])


def test_what_the_input_method_holds_is_never_sent(desk: Desk, session: Session) -> None:
    write(session, "sent ")
    compose(session, "not this")
    QTest.mouseClick(composer(session).button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert all("not this" not in text for text in desk.services.chat.sent)
    compose(session, "")


def test_escape_stops(desk: Desk, session: Session) -> None:
    ask(desk, session)
    desk.services.chat.write("Half")
    desk.until(lambda: composer(session).button.accessibleName() == "Stop")
    QTest.keyClick(composer(session).editor, Qt.Key.Key_Escape)
    desk.until(lambda: desk.services.chat.stopped)
    desk.until(lambda: not answer(session).streaming)
    assert "stopped by you" in answer(session).stats.text()
    assert composer(session).button.accessibleName() == "Send"


def test_the_round_button_stops_too(desk: Desk, session: Session) -> None:
    ask(desk, session)
    QTest.mouseClick(composer(session).button, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.services.chat.stopped)


def test_the_draft_stays_when_sending_fails(desk: Desk, session: Session) -> None:
    desk.services.chat.fail_send = HistoryDiskError(detail="disk full")
    write(session, "Precious words")
    enter(session)
    desk.until(session.window.chat.notice.isVisible)
    assert composer(session).text() == "Precious words"
    assert "can't be saved" in session.window.chat.notice.words
    history = desk.services.history
    assert {each.id for each in history.all} == history.hidden  # no empty chat is left behind
    desk.services.chat.fail_send = None
    enter(session)
    desk.until(lambda: desk.services.chat.sent == ["Precious words"])


def test_each_chat_keeps_its_draft(desk: Desk, session: Session) -> None:
    first, second = chat(1, "One"), chat(2, "Two")
    desk.services.history.all = [first, second]
    session.chat.open_chat(first)
    write(session, "for one")
    session.chat.open_chat(second)
    assert composer(session).text() == ""
    session.chat.open_chat(first)
    assert composer(session).text() == "for one"


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        (
            MessageState.FAILED,
            ContextExceededError(prompt_tokens=9000, context_tokens=8192),
            "9000",
        ),
        (MessageState.INTERRUPTED, EngineCrashedError(), "The engine stopped"),
    ],
)
def test_an_answer_that_ended_badly_says_so(
    desk: Desk,
    session: Session,
    state: MessageState,
    error: EngineCrashedError | ContextExceededError,
    said: str,
) -> None:
    ask(desk, session)
    desk.services.chat.write("Half a")
    desk.services.chat.finish(state, error, stats=None)
    desk.until(lambda: not answer(session).streaming)
    assert said in answer(session).problem.words
    assert answer(session).problem.isVisible()
    assert answer(session).view.toPlainText() == "Half a"


def test_an_interrupted_answer_says_so_after_a_restart(desk: Desk, session: Session) -> None:
    known = chat(1, "Old")
    desk.services.history.all = [known]
    desk.services.history.stored[known.id] = [
        message(1, known.id, Role.USER, "Hi"),
        message(2, known.id, Role.ASSISTANT, "Half", state=MessageState.INTERRUPTED),
    ]
    session.chat.open_chat(known)
    desk.until(lambda: session.window.chat.conversation.rows)
    assert "was interrupted" in answer(session).problem.words


def test_reading_a_long_prompt_shows_percent(desk: Desk, session: Session) -> None:
    ask(desk, session)
    begun = desk.services.chat.answer
    assert begun is not None
    desk.services.publish(PromptReading(begun.chat_id, begun.id, 0.43, 12.0))
    desk.until(lambda: "43 %" in answer(session).status.text())
    assert "about 12 s left" in answer(session).status.text()
    desk.services.chat.write("Word")
    desk.until(lambda: not answer(session).status.isVisible())


def test_an_answer_that_runs_is_whole_when_its_chat_is_opened_again(
    desk: Desk, session: Session
) -> None:
    other = chat(7, "Other")
    desk.services.history.all.append(other)
    ask(desk, session)
    desk.services.chat.write("one ")
    desk.settle()
    running = session.chat.chat_id
    session.chat.open_chat(other)
    desk.services.chat.write("two ")
    desk.settle()
    back = session.window.sidebar.chats.chat(running) if running else None
    assert back is not None
    session.chat.open_chat(back)
    desk.settle()
    desk.services.chat.write("three")
    desk.until(lambda: "three" in answer(session).view.toPlainText())
    assert answer(session).view.toPlainText() == "one two three"


def fill(desk: Desk, session: Session, count: int) -> None:
    known = chat(3, "Long")
    desk.services.history.all = [known]
    desk.services.history.stored[known.id] = [
        message(at, known.id, Role.USER if at % 2 else Role.ASSISTANT, f"Line {at}\n\n" * 4)
        for at in range(count)
    ]
    session.chat.open_chat(known)
    desk.until(lambda: session.window.chat.conversation.rows)
    desk.settle()


def test_the_view_follows_only_at_its_end(desk: Desk, session: Session) -> None:
    fill(desk, session, 20)
    view = session.window.chat.conversation
    bar = view.verticalScrollBar()
    desk.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    ask(desk, session)
    desk.services.chat.write("word\n\n" * 30)
    desk.until(lambda: "word" in answer(session).view.toPlainText())
    desk.until(lambda: bar.value() == bar.maximum())
    assert not view.jump.isVisible()
    bar.setValue(bar.maximum() // 2)
    here = bar.value()
    desk.services.chat.write("more\n\n" * 30)
    desk.until(lambda: "more" in answer(session).view.toPlainText())
    desk.settle()
    assert bar.value() == here
    assert view.jump.isVisible()
    QTest.mouseClick(view.jump, Qt.MouseButton.LeftButton)
    desk.until(lambda: bar.value() == bar.maximum())
    assert not view.jump.isVisible()


def test_old_messages_are_laid_out_when_one_goes_there(desk: Desk, session: Session) -> None:
    fill(desk, session, 100)
    view = session.window.chat.conversation
    bar = view.verticalScrollBar()
    desk.until(lambda: bar.maximum() > 0)
    assert len(view.rows) == 30
    from_end = bar.maximum()
    bar.setValue(0)
    desk.until(lambda: len(view.rows) == 60)
    desk.settle()
    # What the reader looked at stays where it was.
    assert abs(bar.maximum() - bar.value() - from_end) < 60


def test_numbers_show_for_the_last_and_under_the_pointer(desk: Desk, session: Session) -> None:
    known = chat(4, "Two answers")
    desk.services.history.all = [known]
    desk.services.history.stored[known.id] = [
        message(1, known.id, Role.ASSISTANT, "First", stats=STATS),
        message(2, known.id, Role.ASSISTANT, "Last", stats=STATS),
    ]
    session.chat.open_chat(known)
    desk.until(lambda: len(session.window.chat.conversation.rows) == 2)
    first, last = session.window.chat.conversation.rows
    assert isinstance(first, AnswerRow)
    assert isinstance(last, AnswerRow)
    assert last.stats.isVisible()
    assert not first.stats.isVisible()
    first.view.setFocus()
    desk.until(first.stats.isVisible)


def test_copying_an_answer_gives_its_markdown(desk: Desk, session: Session) -> None:
    ask(desk, session)
    desk.services.chat.write("Some **bold** words")
    desk.services.chat.finish()
    desk.until(lambda: not answer(session).streaming)
    QTest.mouseClick(answer(session).copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Some **bold** words"


def test_words_of_an_answer_can_be_selected_and_copied(desk: Desk, session: Session) -> None:
    ask(desk, session)
    desk.services.chat.write("Alpha\n\nBeta")
    desk.services.chat.finish()
    desk.until(lambda: not answer(session).streaming)
    view = answer(session).view
    cursor = view.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    view.setTextCursor(cursor)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Alpha\nBeta"


def test_the_composer_grows_to_a_share_of_the_window(desk: Desk, session: Session) -> None:
    small = composer(session).height()
    composer(session).set_text("line\n" * 200)
    desk.settle()
    assert small < composer(session).height() <= session.window.height() * 0.4 + 1


def test_words_stand_at_the_side_where_they_begin(desk: Desk, session: Session) -> None:
    editor = composer(session).editor
    middle = editor.viewport().width() / 2
    composer(session).set_text("English")
    assert editor.cursorRect().x() < middle
    composer(session).set_text("سلام")
    assert editor.cursorRect().x() > middle
    composer(session).set_text("")
    assert editor.cursorRect().x() < middle


def test_a_long_line_in_the_composer_comes_back_whole(desk: Desk, session: Session) -> None:
    text = "x" * 50_000 + "\nsecond"
    composer(session).set_text(text)
    desk.settle()
    assert composer(session).text() == text


def test_the_title_is_edited_in_place(desk: Desk, session: Session) -> None:
    known = chat(5, "Old title")
    desk.services.history.all = [known]
    session.history.refresh()
    session.chat.open_chat(known)
    title = session.window.chat.header.title
    title.setFocus()
    title.selectAll()
    QTest.keyClicks(title, "New title")
    QTest.keyClick(title, Qt.Key.Key_Return)
    desk.until(lambda: desk.services.history.all[0].title == "New title")
    title.setFocus()
    title.setText("never mind")
    QTest.keyClick(title, Qt.Key.Key_Escape)
    assert title.text() == "New title"


def test_numbers_are_shown_whole_where_they_need_two_lines(desk: Desk, session: Session) -> None:
    ask(desk, session)
    desk.services.chat.finish()
    desk.until(lambda: not session.chat.busy)
    answer = session.window.chat.conversation.rows[-1]
    assert isinstance(answer, AnswerRow)
    answer.stats.setText("tokens " * 60)
    desk.settle()
    needed = answer.stats.heightForWidth(answer.stats.width())
    assert needed > 34
    assert answer.stats.height() >= needed


def test_a_long_title_ends_in_an_ellipsis_and_is_edited_whole(desk: Desk, session: Session) -> None:
    long = "A title of many words that " * 6
    known = chat(5, long.strip())
    desk.services.history.all = [known]
    session.chat.open_chat(known)
    title = session.window.chat.header.title
    session.window.resize(600, 700)
    desk.until(lambda: title.text().endswith("…"))
    assert title.toolTip() == known.title
    title.setFocus()
    assert title.text() == known.title
    session.window.chat.composer.editor.setFocus()
    desk.settle()
    assert title.text().endswith("…")
    assert desk.services.history.all[0].title == known.title


def test_the_title_stands_where_the_window_begins(desk: Desk, session: Session) -> None:
    title = session.window.chat.header.title
    title.show_title("Latin", editable=True)
    for direction, middle in (
        (Qt.LayoutDirection.RightToLeft, 1),
        (Qt.LayoutDirection.LeftToRight, -1),
    ):
        title.setLayoutDirection(direction)
        title.grab()
        assert (title.cursorRect().center().x() - title.width() / 2) * middle > 0


def test_titles_from_first_words() -> None:
    assert title_from("  Hello \n there ") == "Hello there"
    assert title_from("word " * 40).endswith("…")
    assert len(title_from("word " * 40)) <= 61
    assert len(title_from("x" * 400)) <= 61


def test_what_comes_for_a_chat_that_is_not_shown_marks_it(desk: Desk, session: Session) -> None:
    ask(desk, session)
    assert session.chat.busy == {session.chat.chat_id}
    desk.services.chat.finish()
    desk.until(lambda: not session.chat.busy)


def test_an_empty_field_runs_as_the_window_does_and_words_as_they_do(desk: Desk) -> None:
    editor = desk.open().window.chat.composer.editor
    editor.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    direction = editor.document().defaultTextOption
    assert direction().textDirection() == Qt.LayoutDirection.RightToLeft
    QTest.keyClicks(editor, "Hello")
    assert direction().textDirection() == Qt.LayoutDirection.LayoutDirectionAuto
    editor.clear()
    assert direction().textDirection() == Qt.LayoutDirection.RightToLeft


def test_an_answer_that_ends_while_its_chat_is_read_is_shown_as_ended(
    desk: Desk, session: Session
) -> None:
    other = chat(7, "Other")
    desk.services.history.all.append(other)
    ask(desk, session)
    desk.services.chat.write("one ")
    desk.settle()
    running = session.chat.chat_id
    session.chat.open_chat(other)
    desk.settle()
    back = session.window.sidebar.chats.chat(running) if running else None
    assert back is not None
    gate = desk.services.history.slow = asyncio.Event()
    session.chat.open_chat(back)
    desk.settle()
    desk.services.chat.finish()
    desk.settle()
    desk.open_gate(gate)
    desk.until(lambda: not answer(session).streaming)
    assert answer(session).view.toPlainText() == "one"
