import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument, QTextFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assistant.ui.chat.links import LinkOpener, destination, visible
from assistant.ui.markdown.cards import CardLayer
from assistant.ui.markdown.feed import PIECE, Blocks, FenceGrew, MarkdownFeed
from assistant.ui.markdown.sheet import Card, Place
from assistant.ui.markdown.view import TextView
from assistant.ui.theme.theme import Theme
from assistant.ui.watchdog import Watchdog

ANSWER = """# Heading

Words with **bold**, *slant*, `code` and a [link](https://example.org).

| A | B |
|---|--:|
| 1 | 2 |

```python
def f(x):
    return x  # a comment
```

1. one
2. two
   - nested
3. three

> quoted

---

Last words.
"""


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> Iterator[QWidget]:
    area = QScrollArea()
    area.setWidgetResizable(True)
    widget = QWidget()
    QVBoxLayout(widget)
    area.setWidget(widget)
    area.resize(700, 500)
    area.show()
    yield widget
    area.close()
    area.deleteLater()


@pytest.fixture
def view(host: QWidget, theme: Theme) -> TextView:
    made = TextView(theme, host)
    layout = host.layout()
    assert layout is not None
    layout.addWidget(made)
    return made


def settle(qtbot: QtBot, view: TextView, text: str, timeout: int = 60_000) -> None:
    with qtbot.waitSignal(view.settled, timeout=timeout):
        view.set_markdown(text)


def stream(qtbot: QtBot, view: TextView, text: str, size: int) -> None:
    for at in range(0, len(text), size):
        view.append_markdown(text[at : at + size])
        qtbot.waitUntil(lambda: not view._feed.waiting)
    with qtbot.waitSignal(view.settled):
        view.finish()


@pytest.mark.parametrize("size", [1, 3, 17, 400])
def test_streamed_and_whole_give_the_same_document(
    qtbot: QtBot, view: TextView, host: QWidget, theme: Theme, size: int
) -> None:
    stream(qtbot, view, ANSWER, size)
    other = TextView(theme, host)
    settle(qtbot, other, ANSWER)
    assert view.toPlainText() == other.toPlainText()
    assert [(c.kind, c.start, c.end) for c in view.writer.cards] == [
        (c.kind, c.start, c.end) for c in other.writer.cards
    ]
    assert body(view) == body(other)


def body(view: TextView) -> str:
    """All blocks with their formats. A list that came in parts is more than one for Qt."""
    html = view.document().toHtml().partition("<body")[2].partition(">")[2]
    return re.sub(r"\s*</?[ou]l[^>]*>\s*", "", html).replace("</li>\n", "</li>")


def test_streaming_lays_out_only_the_open_block(qtbot: QtBot, view: TextView) -> None:
    changes: list[tuple[int, int]] = []
    paragraph = "These are the words of a paragraph that is long enough. " * 4 + "\n\n"
    text = paragraph * 60
    for at in range(0, len(text), 8):
        view.append_markdown(text[at : at + 8])
        anchor = view.writer.anchor
        document = view.document()
        connection = document.contentsChange.connect(
            lambda position, removed, added, anchor=anchor: changes.append(
                (position - anchor, added)
            )
        )
        view._timer.stop()
        view._work()
        document.contentsChange.disconnect(connection)
    assert changes
    # Nothing before the closed part changes, and what changes is one block, however long it all is.
    assert min(before for before, _ in changes) >= -1
    assert max(added for _, added in changes) < 3 * len(paragraph)


def test_code_is_appended_never_written_again(qtbot: QtBot, view: TextView) -> None:
    view.append_markdown("```python\n")
    view._work()
    changes: list[tuple[int, int]] = []
    view.document().contentsChange.connect(
        lambda _position, removed, added: changes.append((removed, added))
    )
    for number in range(200):
        view.append_markdown(f"line_{number} = {number}\n")
        view._timer.stop()
        view._work()
    assert max(removed for removed, _ in changes) <= 1
    assert view.writer.cards[0].text.count("\n") == 200


def test_html_is_shown_as_text(qtbot: QtBot, view: TextView) -> None:
    text = "<b>bold</b> <script>alert(1)</script>\n\n<img src='file:///etc/passwd'>\n\n<table><tr>"
    settle(qtbot, view, text)
    shown = view.toPlainText()
    assert "<b>bold</b>" in shown
    assert "<script>" in shown
    assert "<img src" in shown
    assert not view.writer.cards


HOSTILE = [
    "![a](file:///etc/passwd)",
    "![a](/etc/passwd)",
    "![a](//server/share/x.png)",
    "![a](\\\\\\\\server\\\\share\\\\x.png)",
    "![a](file://server/share/x.png)",
    "![a](http://127.0.0.1:9/x.png)",
    "![a](https://example.org/x.png)",
    "![a](data:image/png;base64,iVBORw0KGgo=)",
    "![a](qrc:/x.png)",
    "![a](:/x.png)",
    "[a](javascript:alert(1))",
    "[a](file:///etc/passwd)",
    "[a](data:text/html,x)",
    "[a](vbscript:x)",
    "<img src=x onerror=y>",
    "&lt;b&gt; &#0; &#x202e;abc",
    "a\u202eb\u2066c\u0300" + "\u0300" * 500,
    "```\n" * 50,
    "> " * 400 + "deep",
    "- " * 400 + "deep",
    "1. " * 200 + "deep",
    "999999999999999999999. far",
    "[" * 3000,
    "![" * 2000,
    "*a " * 1500,
    "`" * 3000 + "a",
    "|a" * 900 + "\n" + "|-" * 900 + "\n" + "|b" * 900,
    "[x]: /y\n" * 500 + "[x]",
    "\x00\x01\x02\ufffe\uffff\ud7ff",
    "\t" * 3000,
    "#" * 3000,
    "\n" * 3000,
    "---\n" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_loads_nothing(
    qtbot: QtBot, view: TextView, watchdog: Watchdog, text: str
) -> None:
    touched: list[str] = []

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        if recording and event in {"open", "socket.connect", "socket.getaddrinfo"}:
            touched.append(f"{event} {arguments[0]}")

    recording = True
    sys.addaudithook(listen)
    settle(qtbot, view, text)
    view.grab()
    recording = False
    assert not [each for each in touched if "passwd" in each or "socket" in each]
    for kind in QTextDocument.ResourceType:
        assert view.document().resource(kind.value, QUrl("file:///etc/passwd")) is None
        assert view.loadResource(kind.value, QUrl("file:///etc/passwd")) is None
    block = view.document().begin()
    while block.isValid():
        for run in block.textFormats():
            assert not run.format.isImageFormat()
            href = run.format.anchorHref()
            assert not href or destination(href) or not href.startswith(("file", "java", "data"))
        assert block.length() <= PIECE + 1
        block = block.next()


def test_a_line_of_a_megabyte_never_stalls_the_window(
    qtbot: QtBot, view: TextView, watchdog: Watchdog
) -> None:
    settle(qtbot, view, "x" * 1_000_000)
    assert view.document().blockCount() >= 250
    longest = max(
        view.document().findBlockByNumber(at).length() for at in range(view.document().blockCount())
    )
    assert longest <= PIECE + 1


def test_a_megabyte_in_a_fence_keeps_its_text(
    qtbot: QtBot, view: TextView, watchdog: Watchdog
) -> None:
    settle(qtbot, view, "```\n" + "y" * 300_000 + "\n```\n")
    assert view.writer.cards[0].text == "y" * 300_000 + "\n"


def test_a_megabyte_of_the_users_words(qtbot: QtBot, view: TextView, watchdog: Watchdog) -> None:
    with qtbot.waitSignal(view.settled, timeout=60_000):
        view.set_plain("z" * 1_000_000)
    assert view.toPlainText().replace("\n", "") == "z" * 1_000_000


def test_plain_words_stay_as_they_are(qtbot: QtBot, view: TextView) -> None:
    text = "**not bold**\n\n  <b>x</b>\n" + "line\n" * 3000
    with qtbot.waitSignal(view.settled):
        view.set_plain(text)
    assert view.toPlainText() == text


def test_code_is_copied_as_it_came(qtbot: QtBot, view: TextView) -> None:
    settle(qtbot, view, ANSWER)
    button = view.cards.buttons[0]
    assert button.accessibleName() == "Copy python"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "def f(x):\n    return x  # a comment"


def test_what_is_closed_is_measured_once(
    qtbot: QtBot, view: TextView, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(qtbot, view, ANSWER * 10)
    measured: list[Card] = []
    measure = CardLayer._measure

    def count(layer: CardLayer, card: Card) -> Place:
        measured.append(card)
        return measure(layer, card)

    monkeypatch.setattr(CardLayer, "_measure", count)
    for _ in range(20):
        view.append_markdown("more words\n\n")
        view._timer.stop()
        view._work()
        view.grab()
    assert not measured


def test_copy_buttons_stay_at_their_code(
    qtbot: QtBot, view: TextView, host: QWidget, theme: Theme
) -> None:
    settle(qtbot, view, "words " * 60 + "\n\n" + ANSWER)
    button = view.cards.buttons[0]
    before = button.y()
    host.window().resize(420, 500)
    qtbot.waitUntil(lambda: button.y() > before)
    code = next(card for card in view.writer.cards if card.kind == "code")
    assert code.place is not None
    assert code.place.rect.contains(button.geometry().center())


def test_code_is_coloured_when_it_is_whole(qtbot: QtBot, view: TextView) -> None:
    settle(qtbot, view, ANSWER)
    card = next(card for card in view.writer.cards if card.kind == "code")
    first = view.document().findBlock(card.start)
    assert first.layout().formats()
    unknown = "```nosuchlanguage\nx = 1\n```\n"
    settle(qtbot, view, unknown)
    first = view.document().findBlock(view.writer.cards[0].start)
    assert not first.layout().formats()


def test_directions_go_by_paragraph_and_code_runs_left_to_right(
    qtbot: QtBot, view: TextView
) -> None:
    settle(qtbot, view, "English\n\nفارسی است\n\n```\nسلام = 1\n```\n")
    document = view.document()
    directions = [
        document.findBlockByNumber(at).textDirection() for at in range(document.blockCount())
    ]
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert directions == [left, right, left]


def test_lists_go_on_counting_across_the_parts(qtbot: QtBot, view: TextView) -> None:
    stream(qtbot, view, "1. a\n1. b\n1. c\n1. d\n\ntext\n", 2)
    document = view.document()
    numbers = []
    for at in range(4):
        block = document.findBlockByNumber(at)
        listed = block.textList()
        assert listed is not None
        numbers.append(listed.itemText(block))
    assert numbers == ["1.", "2.", "3.", "4."]


def test_the_theme_changes_under_an_answer(qtbot: QtBot, view: TextView, theme: Theme) -> None:
    settle(qtbot, view, ANSWER)
    before = view.toPlainText()
    light = view.document().begin().charFormat().foreground().color()
    theme.set_mode("dark")
    qtbot.waitUntil(lambda: view._closed)
    assert view.toPlainText() == before
    assert view.document().begin().charFormat().foreground().color() != light
    theme.set_mode("light")


def test_an_unclosed_fence_ends_with_the_answer(qtbot: QtBot, view: TextView) -> None:
    stream(qtbot, view, "Text\n\n```rust\nfn main() {}\n``", 3)
    card = view.writer.cards[0]
    assert card.whole
    assert card.text.startswith("fn main() {}\n")


def test_a_view_is_as_high_as_its_text(qtbot: QtBot, view: TextView) -> None:
    settle(qtbot, view, "one")
    low = view.height()
    settle(qtbot, view, "one\n\ntwo\n\nthree")
    assert view.height() > 2 * low
    assert view.verticalScrollBar().maximum() == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "```\n",
                    "~~~\n",
                    "- a\n",
                    "1. b\n",
                    "\n",
                    "\n\n",
                    "> q\n",
                    "| a | b |\n",
                    "|-|-|\n",
                ]
            ),
            st.sampled_from(
                ["    code\n", "# h\n", "***", "`", "[x](y)", "text ", "---\n", "سلام "]
            ),
            st.text(max_size=20),
        ),
        max_size=25,
    )
)
def test_any_split_gives_the_same_words(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert words_of(pieces) == words_of([text])


@pytest.mark.parametrize("pieces", [["\0"], ["a\0b"], ["```\n", "\0", "```\n", "x"]])
def test_nul_becomes_the_replacement_character(pieces: list[str]) -> None:
    said = words_of(pieces)
    assert "\0" not in said
    assert "\ufffd" in said
    assert said == words_of(["".join(pieces)])


@pytest.mark.parametrize("pieces", [["\r0"], ["a\r", "\r# b\r", "\nc"], ["```\r", "x\r", "```\rz"]])
def test_every_line_ending_counts_as_one(pieces: list[str]) -> None:
    text = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
    assert words_of(pieces) == words_of([text])


def words_of(pieces: list[str]) -> str:
    """All words that a feed gives, without the marks, in their order."""
    feed = MarkdownFeed()
    said: list[str] = []
    open_part: list[str] = []
    parts = []
    for piece in pieces:
        feed.feed(piece)
        while feed.waiting:
            parts += feed.step()
    parts += feed.finish()
    for part in parts:
        if isinstance(part, Blocks):
            words = [token.content for token in part.tokens if token.content]
            if part.closed:
                said += words
            open_part = words
        elif isinstance(part, FenceGrew):
            said.append(part.text)
    assert open_part is not None
    return "".join("".join(said).split())


def test_links_open_only_after_the_real_host_was_shown(qtbot: QtBot, host: QWidget) -> None:
    opener = LinkOpener(host)
    box = opener.open("https://bank.example@evil.example/login")
    assert "evil.example" in box.text()
    assert "bank" not in box.text()
    box.reject()
    refused = opener.open("file:///etc/passwd")
    assert "not opened" in refused.text()
    refused.reject()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("http://EXAMPLE.org", "example.org"),
        ("https://пример.example/x", "xn--e1afmkfd.example"),
        ("mailto:a@example.org", "a@example.org"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("file://server/share", None),
        ("//server/share", None),
        ("data:text/html,x", None),
        ("ftp://example.org", None),
        ("https://", None),
        ("https://[broken", None),
        ("smb://server/x", None),
    ],
)
def test_where_links_lead(address: str, host: str | None) -> None:
    assert destination(address) == host


def test_hidden_characters_are_not_shown() -> None:
    assert visible("a\u202eb\u200bc\u2066d") == "abcd"
    assert len(visible("x" * 5000)) <= 301


def test_colours_come_from_the_theme_only(qtbot: QtBot, view: TextView, theme: Theme) -> None:
    settle(qtbot, view, ANSWER)
    known = {theme.colour(name).name() for name in ("text", "muted", "accent")}
    block = view.document().begin()
    while block.isValid():
        for run in block.textFormats():
            if run.format.hasProperty(QTextFormat.Property.ForegroundBrush.value):
                assert run.format.foreground().color().name() in known
        block = block.next()
