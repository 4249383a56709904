"""Runs the real app with a hand on its mouse and keyboard.

`python -m tests.e2e.robot ARGUMENTS OF hearth`: commands come as JSON lines on standard input,
answers go as JSON lines to standard output. Widgets are named by their object name, or by the
accessible name that a screen reader would say, or a button by its words.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_TURNS_OF_LAYOUT = 5
"""Rows within rows are laid out one after the other."""


class Robot(QObject):
    """Lives on the main thread once the application is there; commands reach it by a signal."""

    asked = Signal(str)

    @Slot(str)
    def answer(self, line: str) -> None:
        command: dict[str, Any] = json.loads(line)
        try:
            result: Any = getattr(self, "do_" + command.pop("do"))(**command)
            reply = {"ok": True, "result": result}
        except (LookupError, AttributeError, TypeError, ValueError) as error:
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        sys.__stdout__.write(json.dumps(reply) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]

    def find(self, name: str) -> Any:
        found = self.find_all(name)
        if not found:
            raise LookupError(f"no widget '{name}' is shown")
        return found[0]

    def find_all(self, name: str) -> list[QWidget]:
        return [widget for widget in self.shown() if name in names_of(widget)]

    def shown(self) -> list[QWidget]:
        found: list[QWidget] = []
        for top in QApplication.topLevelWidgets():
            if top.isVisible():
                found.append(top)
                found += [child for child in top.findChildren(QWidget) if child.isVisible()]
        return found

    def do_widgets(self) -> list[dict[str, str]]:
        return [describe(widget) for widget in self.shown()]

    def do_read(self, name: str) -> str:
        return text_of(self.find(name))

    def do_read_all(self, name: str) -> list[str]:
        return [text_of(widget) for widget in self.find_all(name)]

    def do_shows(self, text: str) -> bool:
        return any(text in text_of(widget) for widget in self.shown())

    def do_enabled(self, name: str) -> bool:
        return bool(self.find(name).isEnabled())

    def do_click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def do_rows(self, name: str) -> list[str]:
        rows = self.find(name).model()
        return [str(rows.index(row, 0).data() or "") for row in range(rows.rowCount())]

    def do_click_row(self, name: str, text: str) -> None:
        view = self.find(name)
        row = self.do_rows(name).index(text)
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def do_type(self, name: str, text: str) -> None:
        widget = self.find(name)
        widget.setFocus()
        if text.isascii():
            QTest.keyClicks(widget, text)
            return
        # Qt's test keys are those of ASCII; other scripts come as an input method brings them.
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(widget, event)

    def do_has_cursor(self, name: str) -> bool:
        """Whether keys go there while its window is active: a bare X server activates none."""
        widget = self.find(name)
        return widget.window().focusWidget() is widget

    def do_clear(self, name: str) -> None:
        self.find(name).clear()

    def do_key(self, name: str, key: str) -> None:
        QTest.keyClick(self.find(name), getattr(Qt.Key, f"Key_{key}"))

    def do_grab(self, path: str) -> None:
        for _ in range(_TURNS_OF_LAYOUT):
            QApplication.processEvents()
        largest = max(self.shown(), key=lambda widget: widget.width() * widget.height())
        largest.window().grab().save(path)

    def do_maps(self) -> str:
        return Path("/proc/self/maps").read_text(encoding="utf-8")

    def do_quit(self) -> None:
        for top in QApplication.topLevelWidgets():
            if top.isWindow() and top.isVisible():
                top.close()


def names_of(widget: QWidget) -> tuple[str, ...]:
    names = (widget.objectName(), widget.accessibleName())
    return (*names, widget.text()) if isinstance(widget, QAbstractButton) else names


def text_of(widget: QWidget) -> str:
    for name in ("toPlainText", "text", "plain_text"):
        read = getattr(widget, name, None)
        if callable(read):
            return str(read())
    return ""


def describe(widget: QWidget) -> dict[str, str]:
    return {
        "class": type(widget).__name__,
        "name": widget.objectName(),
        "says": widget.accessibleName(),
        "text": text_of(widget)[:2000],
    }


def listen() -> None:
    """Hands each line on standard input to the main thread."""
    while (application := QApplication.instance()) is None:
        time.sleep(0.01)
    robot = Robot()
    robot.moveToThread(application.thread())
    robot.asked.connect(robot.answer, Qt.ConnectionType.QueuedConnection)
    for line in sys.stdin:
        robot.asked.emit(line)


def main() -> None:
    from assistant.cli import main as hearth

    threading.Thread(target=listen, daemon=True).start()
    hearth()


if __name__ == "__main__":
    main()
