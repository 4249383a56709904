"""Starts the window and ends it."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assistant import __version__
from assistant.domain.events import Event
from assistant.settings.table import LANGUAGE, THEME
from assistant.ui.bridge import Bridge
from assistant.ui.locales import Speech
from assistant.ui.ports import Services
from assistant.ui.report import report
from assistant.ui.session import Session
from assistant.ui.theme.theme import Theme
from assistant.ui.watchdog import Watchdog

QUIT_WITHIN_S = 3.0

ServicesFactory = Callable[[Callable[[Event], None]], Services]

_log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(services_factory: ServicesFactory, open_file: Path | None) -> int:
    """Show the window until it is closed; gives the exit code.

    `services_factory` gets what publishes events and gives the services.
    """
    app = make_application()
    qInstallMessageHandler(lambda kind, _context, text: _log.log(_LEVELS[kind], "%s", text))
    bridge = Bridge()
    try:
        services = services_factory(bridge.publish)
    except BaseException:
        bridge.close()
        raise
    speech = Speech(app)
    speech.use(services.settings.get(LANGUAGE))
    theme = Theme(app, services.settings.get(THEME))
    session = Session(theme, bridge, services, open_file)
    watchdog = Watchdog()
    old_hook = sys.excepthook
    sys.excepthook = _hook(session)
    session.window.closing.connect(app.quit)
    session.start()
    try:
        return app.exec()
    finally:
        sys.excepthook = old_hook
        watchdog.stop()
        end(session, bridge, services)
        qInstallMessageHandler(None)


def make_application() -> QApplication:
    """The one `QApplication`, with its names and high-DPI as the screens have it."""
    known = QApplication.instance()
    if known is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
    app = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Hearth")
    app.setApplicationDisplayName("Hearth")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("hearth")
    app.setQuitOnLastWindowClosed(False)
    return app


def end(session: Session, bridge: Bridge, services: Services) -> None:
    """Hide the window at once, close the services, end the thread: at most three seconds."""
    session.keep_geometry()
    session.window.hide()
    if services.lock is not None:
        services.lock.on_raise = None
    if not bridge.close(session.close_services(), QUIT_WITHIN_S):
        _log.warning("the services did not end within %.0f s", QUIT_WITHIN_S)
    session.window.deleteLater()


def _hook(
    session: Session,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def say(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            session.window.close()
            return
        _log.error("an unforeseen exception", exc_info=(kind, error, trace))
        report(session.window, error)

    return say
