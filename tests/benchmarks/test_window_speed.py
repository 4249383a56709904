"""The window: time to its first picture, and what a streamed token costs.

Starting is compared with an empty PySide6 window, streaming with `QTextBrowser.setMarkdown` on
the whole text, each in the same run.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QTextBrowser
from pytestqt.qtbot import QtBot

from assistant.ui.markdown.view import TextView
from assistant.ui.theme.theme import Theme
from tests.e2e.app import App
from tests.fixtures.tiny_gguf import STORY

ROUNDS = 5
TOKEN_CHARACTERS = 4
TOKENS_PER_UPDATE = 2
UPDATE_S = 0.04
TELLINGS = 6
PLAIN_WINDOW = """
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QTextBrowser
app = QApplication([])
window = QTextBrowser()
window.show()
app.processEvents()
print("shown", flush=True)
"""


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def bare_window() -> None:
    subprocess.run([sys.executable, "-c", PLAIN_WINDOW], check=True, capture_output=True)


@pytest.mark.timeout(300)
def test_time_to_the_first_picture(tmp_path: Path) -> None:
    ours: list[float] = []
    bare: list[float] = []
    for number in range(ROUNDS):
        bare.append(milliseconds(bare_window))
        data = tmp_path / str(number) / "data"
        data.parent.mkdir()
        start = time.perf_counter()
        with App(data) as app:
            app.wait_for("window")
            ours.append((time.perf_counter() - start) * 1000)
            app.quit()
    report("start, ms", statistics.median(ours), "bare PySide6 window", statistics.median(bare))


@pytest.mark.timeout(600)
def test_cost_of_a_streamed_token(qtbot: QtBot, qapp: QApplication) -> None:
    text = STORY * TELLINGS
    size = TOKEN_CHARACTERS * TOKENS_PER_UPDATE
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    theme = Theme(qapp, "light")
    view = TextView(theme)
    qtbot.addWidget(view)
    view.resize(760, 800)
    view.show()
    ours = [cost(qapp, view.append_markdown, piece, UPDATE_S) for piece in pieces]
    naive = QTextBrowser()
    qtbot.addWidget(naive)
    naive.resize(760, 800)
    naive.show()
    told = ""
    theirs = []
    # Every 20th update is enough to know a cost that only grows.
    for number, piece in enumerate(pieces):
        told += piece
        if number % 20 == 0:
            theirs.append(cost(qapp, naive.setMarkdown, told, 0))
    p99 = sorted(ours)[int(len(ours) * 0.99)] / TOKENS_PER_UPDATE
    share = sum(ours) / (len(ours) * UPDATE_S * 1000)
    line = {"what": "streaming at 50 tokens/s", "p99 ms per token": round(p99, 3)}
    print(json.dumps(line | {"share of a core": round(share, 3), "tokens": len(ours) * 2}))
    last = slice(-max(1, len(theirs) // 10), None)
    report(
        "streaming at the end, ms per update",
        statistics.mean(ours[-len(ours) // 10 :]),
        "setMarkdown",
        statistics.mean(theirs[last]),
    )


def cost(qapp: QApplication, show: Callable[[str], object], text: str, seconds: float) -> float:
    """Milliseconds of this thread's CPU time until the next update is due, painting included."""
    start = time.thread_time()
    show(text)
    qapp.processEvents()
    if seconds:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
    return (time.thread_time() - start) * 1000


def report(what: str, mine: float, peer: str, theirs: float) -> None:
    ratio = round(mine / theirs, 3)
    line = {"what": what, "hearth": round(mine, 2), peer: round(theirs, 2), "ratio": ratio}
    print(json.dumps(line))
    assert mine > 0
