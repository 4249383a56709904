"""Links that a model wrote: only web and mail, only after the user saw where they go."""

import unicodedata
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

_SCHEMES = frozenset({"http", "https", "mailto"})
_LONGEST = 300


def destination(address: str) -> str | None:
    """The host (IDN as punycode) or mail address that a link leads to; None if it may not open.

    A user name before the host, as in `https://bank.example@evil.example`, is not the host.
    """
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES:
        return None
    if parts.scheme.lower() == "mailto":
        return visible(parts.path) or None
    if not host:
        return None
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def visible(text: str) -> str:
    """The text without characters that hide or reorder others, at most 300 characters."""
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cn"})
    return kept if len(kept) <= _LONGEST else kept[:_LONGEST] + "…"


class LinkOpener(QObject):
    """Asks before anything leaves the computer."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def open(self, address: str) -> QMessageBox:
        """Ask whether to open it, or say that it is not opened."""
        host = destination(address)
        box = QMessageBox(self._window)
        box.setTextFormat(box.textFormat().PlainText)
        box.setWindowTitle(self.tr("Link"))
        if host is None:
            box.setText(
                self.tr("This link is not opened: it leads neither to the web nor to mail.")
            )
            box.setInformativeText(visible(address))
            box.setStandardButtons(QMessageBox.StandardButton.Close)
        else:
            box.setText(self.tr("Open a link to {host}?").format(host=host))
            box.setInformativeText(visible(address))
            opening = box.addButton(self.tr("Open in browser"), QMessageBox.ButtonRole.AcceptRole)
            box.addButton(QMessageBox.StandardButton.Cancel)
            opening.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        box.setModal(True)
        box.finished.connect(box.deleteLater)
        box.open()
        return box
