"""The dialog for what should never happen: a bug, with its stack, to copy."""

import traceback

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def report(parent: QWidget | None, error: BaseException) -> QMessageBox:
    """Say that something unforeseen happened; the stack is folded below and stays here."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(translate("Report", "Something unforeseen happened"))
    box.setText(translate("Report", "This is a mistake in Hearth, not yours. Your chats are safe."))
    box.setInformativeText(
        translate("Report", "You can go on. The details below help to mend it; nothing was sent.")
    )
    box.setDetailedText("".join(traceback.format_exception(error)))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.finished.connect(box.deleteLater)
    box.open()
    return box
