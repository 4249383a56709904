"""The recovery code: offered before the first message is stored, and shown once."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from assistant.domain.errors import HearthError
from assistant.domain.vault import Protection, VaultState
from assistant.settings.table import RECOVERY_OFFERED
from assistant.ui.bridge import Bridge
from assistant.ui.ports import Services
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice


class RecoveryDialog(QDialog):
    """Offers a code, then shows it with copy and save."""

    code_wanted = Signal()
    done_with = Signal()
    """The user has decided: a code was shown, or not now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recovery code"))
        self.setModal(True)
        self._making = False
        self._decided = False
        self.setFixedWidth(520)
        title = QLabel(self.tr("Keep a way back to your chats"), self)
        title.setObjectName("pageTitle")
        self._words = plain_label(
            self.tr(
                "Your chats are encrypted. If this computer loses their key, only a recovery code"
                " opens them. It is shown once; keep it outside this computer."
            ),
            "muted",
        )
        self.code = QLabel(self)
        self.code.setObjectName("code")
        self.code.setTextFormat(Qt.TextFormat.PlainText)
        self.code.setWordWrap(True)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.code.setAccessibleName(self.tr("Recovery code"))
        self.code.hide()
        self.notice = Notice(theme, self)
        self.make = TextButton(theme, self.tr("Make a recovery code"), self, role="primary")
        self.make.setObjectName("makeRecoveryCode")
        self.later = TextButton(theme, self.tr("Not now"), self)
        self.later.setObjectName("notNow")
        self.copy = TextButton(theme, self.tr("Copy"), self, icon="copy")
        self.save = TextButton(theme, self.tr("Save to a file…"), self, icon="download")
        self.kept = TextButton(theme, self.tr("I have kept it"), self, role="primary")
        self.make.clicked.connect(self._make)
        self.later.clicked.connect(self._finish)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose_file)
        self.kept.clicked.connect(self._finish)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.copy, self.save):
            row.addWidget(button)
            button.hide()
        row.addStretch(1)
        for button in (self.later, self.make, self.kept):
            row.addWidget(button)
        self.kept.hide()
        lines = self._lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 22, 24, 20)
        lines.setSpacing(14)
        for widget in (title, self._words, self.code, self.notice):
            lines.addWidget(widget)
        lines.addLayout(row)
        self._fit()

    def show_code(self, code: str) -> None:
        """Show the code that was made."""
        self._making = False
        self.code.setText(code)
        self.code.show()
        for button in (self.copy, self.save, self.kept):
            button.show()
        for button in (self.make, self.later):
            button.hide()
        self.kept.setFocus()
        self._fit()

    def show_error(self, error: HearthError) -> None:
        """No code could be made."""
        self._making = False
        self.make.setEnabled(True)
        self.later.setEnabled(True)
        self.notice.show_error(error)
        self._fit()

    def write_to(self, path: Path) -> None:
        """Write the code to a file of the user's choice, which only the user may read."""
        try:
            with open(path, "w", encoding="utf-8", opener=_for_the_user_only) as file:
                file.write(self.code.text() + "\n")
        except OSError as error:
            self.notice.show_words(
                self.tr("The file could not be written."), str(error.strerror or error), "bad"
            )
        else:
            self.notice.show_words(self.tr("The code was saved."), path.name)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is what Escape is."""
        event.ignore()
        self.reject()

    def reject(self) -> None:
        """Escape is `Not now`, but never hides a code that is being made or was just made."""
        if not self._making and not self.code.text():
            self._finish()

    def _make(self) -> None:
        self._making = True
        self.make.setEnabled(False)
        self.later.setEnabled(False)
        self.code_wanted.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.notice.show_words(self.tr("The code was copied."))
        self._fit()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self.tr("hearth-recovery-code.txt"))
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fit(self) -> None:
        """As high as the wrapped words need: Qt's dialogs don't ask for that by themselves."""
        self._lines.activate()
        self.setFixedHeight(self._lines.totalHeightForWidth(self.width()))

    def _finish(self) -> None:
        if self._decided:
            return
        self._decided = True
        self.accept()
        self.done_with.emit()


def _for_the_user_only(path: str, flags: int) -> int:
    # A file of that name may be there already, open to others.
    descriptor = os.open(path, flags, 0o600)
    if os.name == "posix":
        os.fchmod(descriptor, 0o600)
    return descriptor


class RecoveryOffer(QObject):
    """Decides when the code is offered."""

    def __init__(self, theme: Theme, bridge: Bridge, services: Services, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._services = services
        self._window = window

    def before_first(self, go_on: Callable[[], None]) -> None:
        """Offer a code unless that was done, then go on. The user's words wait meanwhile."""
        if not self._is_due():
            go_on()
            return
        dialog = self.open()
        dialog.done_with.connect(lambda: self._answered(go_on))

    def open(self) -> RecoveryDialog:
        """Offer a code now."""
        dialog = RecoveryDialog(self._theme, self._window)
        dialog.code_wanted.connect(
            lambda: self._bridge.run(
                self._services.vault.make_recovery_code(), dialog.show_code, dialog.show_error
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _is_due(self) -> bool:
        status = self._services.vault.status
        locked = status.protection in {Protection.KEYRING, Protection.PASSPHRASE}
        offered = self._services.settings.get(RECOVERY_OFFERED)
        opened = status.state == VaultState.OPEN
        return opened and locked and not status.has_recovery_code and not offered

    def _answered(self, go_on: Callable[[], None]) -> None:
        try:
            self._services.settings.set(RECOVERY_OFFERED, value=True)
        except HearthError as error:
            self._bridge.failed.emit(error)
        go_on()
