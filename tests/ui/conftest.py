"""The window on fakes, and what holds for every test of it."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from assistant.domain.vault import VaultStatus
from assistant.ui.application import make_application
from assistant.ui.bridge import Bridge
from assistant.ui.locales import Speech
from assistant.ui.session import Session
from assistant.ui.theme.theme import Theme
from assistant.ui.watchdog import Block, Watchdog
from tests.ui.fakes import FakeServices

# Other work shares the machine: what counts is the time that the main thread itself computed,
# and a long standstill whatever it was for. `HEARTH_BLOCK_FACTOR` tightens both.
FACTOR = float(os.environ.get("HEARTH_BLOCK_FACTOR", "1"))
CPU_LIMIT_S = 0.25 * FACTOR
WALL_LIMIT_S = 2.5 * FACTOR


def too_long(block: Block) -> bool:
    return block.cpu_seconds > CPU_LIMIT_S or block.seconds > WALL_LIMIT_S


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    make_application()
    return QApplication


@pytest.fixture
def watchdog(qapp: QApplication) -> Iterator[Watchdog]:
    """Fails a test that blocks the main thread while events run."""
    dog = Watchdog(limit_s=0.1, every_s=0.01)
    yield dog
    dog.stop()
    blocks = [block for block in dog.blocks if too_long(block)]
    assert not blocks, "\n\n".join(f"{b.seconds:.2f} s\n{b.stack}" for b in blocks)


@pytest.fixture(autouse=True)
def no_widget_left(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a window behind."""
    before = set(map(id, QApplication.topLevelWidgets()))
    yield
    # Widgets that Qt was asked to delete go with the next turns of the event loop.
    for _ in range(3):
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    left = [each for each in QApplication.topLevelWidgets() if id(each) not in before]
    assert not left, left


@pytest.fixture
def theme(qapp: QApplication, speech: Speech) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    assert made.close(), "the asyncio thread did not end"


@pytest.fixture
def services(bridge: Bridge, tmp_path: Path) -> FakeServices:
    return FakeServices(bridge.publish, tmp_path)


class Desk:
    """The whole window on fakes, and hands to work it."""

    def __init__(
        self,
        qtbot: QtBot,
        theme: Theme,
        bridge: Bridge,
        services: FakeServices,
        watchdog: Watchdog,
    ) -> None:
        self.qtbot = qtbot
        self.watchdog = watchdog
        self.theme = theme
        self.bridge = bridge
        self.services = services
        self.session: Session | None = None

    def open(self, status: VaultStatus | None = None, file: Path | None = None) -> Session:
        if status is not None:
            self.services.vault.after_open = status
        self.session = Session(self.theme, self.bridge, self.services, file)
        self.session.start()
        self.session.window.activateWindow()
        self.until(self.session.window.isActiveWindow)
        self.until(lambda: "open" in self.services.vault.calls)
        self.settle()
        # Making all pages is one piece of work before there is anything to wait for.
        self.watchdog.blocks.clear()
        return self.session

    def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Waits until it holds; what is not there yet (`LookupError`) may still come."""

        def holds() -> bool:
            try:
                return bool(condition())
            except LookupError:
                return False

        self.qtbot.waitUntil(holds, timeout=int(seconds * 1000))

    def open_gate(self, gate: asyncio.Event) -> None:
        """Lets those pass who wait for it, on their own thread."""

        async def opened() -> None:
            gate.set()

        self.bridge.run(opened())

    def settle(self) -> None:
        """Waits until the services have nothing left to say: one question there and back."""
        for _ in range(3):
            said: list[None] = []
            self.bridge.run(nothing(), said.append)
            self.until(lambda said=said: said)  # type: ignore[misc]
        QApplication.processEvents()


async def nothing() -> None:
    """A coroutine that does nothing."""


@pytest.fixture
def desk(
    qtbot: QtBot, theme: Theme, bridge: Bridge, services: FakeServices, watchdog: Watchdog
) -> Iterator[Desk]:
    made = Desk(qtbot, theme, bridge, services, watchdog)
    yield made
    if made.session is not None:
        made.session.window.close()
        made.session.window.deleteLater()


@pytest.fixture
def speech(qapp: QApplication) -> Iterator[Speech]:
    made = Speech(qapp)
    made.use("en")
    yield made
    made.use("en")


def child(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def shown_text(widget: QWidget) -> str:
    """All words of a widget that are on screen."""
    parts = [part for part in widget.findChildren(QWidget) if part.isVisibleTo(widget)]
    return "\n".join(
        part.text() for part in parts if isinstance(part, QLabel | QAbstractButton | QLineEdit)
    )


def wait_ms(qtbot: QtBot, milliseconds: int) -> None:
    """Lets the event loop run for a known time, where time itself is what is tested."""
    end = time.monotonic() + milliseconds / 1000
    qtbot.waitUntil(lambda: time.monotonic() >= end, timeout=milliseconds + 5000)
