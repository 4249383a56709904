"""The way into the chats when the keyring alone does not open them."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from assistant.domain.errors import HearthError, WrongPassphraseError, WrongRecoveryCodeError
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.ui import errors
from assistant.ui.bridge import Bridge
from assistant.ui.ports import VaultPort
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice

_WIDTH = 460
SHORTEST_PASSPHRASE = 8
"""Characters. Argon2id makes guessing slow, but not impossible."""

_PATIENCE_MS = 200
"""What takes no longer needs no words."""


class UnlockPage(QWidget):
    """A new history: choose how it is locked. A locked one: passphrase, retry, recovery code."""

    opened = Signal(object)
    """The `VaultStatus` of an open vault."""

    def __init__(
        self, theme: Theme, bridge: Bridge, vault: VaultPort, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self._bridge = bridge
        self._vault = vault
        self._status: VaultStatus | None = None
        self._theme = theme
        self._picture = QLabel(self)
        self._title = plain_label()
        self._title.setObjectName("pageTitle")
        self._words = plain_label(role="muted")
        self.notice = Notice(theme, self, closable=False)
        self.passphrase = self._secret(self.tr("Passphrase"))
        self.again = self._secret(self.tr("Passphrase again"))
        self.code = QLineEdit(self)
        self.code.setObjectName("recoveryCode")
        self.code.setPlaceholderText(self.tr("Recovery code"))
        self.code.setAccessibleName(self.tr("Recovery code"))
        self.go = TextButton(theme, "", self, role="primary")
        self.go.setObjectName("unlock")
        self.use_code = TextButton(theme, self.tr("Open with recovery code"), self)
        self.retry = TextButton(theme, self.tr("Try the keyring again"), self, icon="retry")
        self.plain = TextButton(theme, self.tr("Keep the chats unencrypted"), self, role="link")
        self.plain.setObjectName("unencrypted")
        self._plain_words = plain_label(role="small")
        self.go.clicked.connect(self._with_passphrase)
        self.passphrase.returnPressed.connect(self._with_passphrase)
        self.again.returnPressed.connect(self._with_passphrase)
        self.use_code.clicked.connect(self._with_code)
        self.code.returnPressed.connect(self._with_code)
        self.retry.clicked.connect(self._retry)
        self.plain.clicked.connect(self._unencrypted)
        self._arrange()
        self._tint()
        theme.changed.connect(self._tint)
        for widget in self._form():
            widget.hide()
        QTimer.singleShot(_PATIENCE_MS, self, self._say_opening)

    def _form(self) -> tuple[QWidget, ...]:
        """All that is of use only once it is known what stands in the way."""
        fields = (self.passphrase, self.again, self.code)
        return (*fields, self.go, self.use_code, self.retry, self.plain, self._plain_words)

    def _say_opening(self) -> None:
        if self._status is None:
            self._title.setText(self.tr("Opening your chats…"))

    def show_status(self, status: VaultStatus) -> None:
        """Ask for what this state needs."""
        self._status = status
        self._busy(busy=False)
        self.notice.hide()
        new = status.state == VaultState.NEW
        by_passphrase = status.protection == Protection.PASSPHRASE
        self.passphrase.setVisible(new or by_passphrase)
        self.again.setVisible(new)
        self.go.setVisible(new or by_passphrase)
        self.go.setText(self.tr("Use this passphrase") if new else self.tr("Open my chats"))
        self.code.setVisible(not new and status.has_recovery_code)
        self.use_code.setVisible(not new and status.has_recovery_code)
        by_keyring = new or status.protection == Protection.KEYRING
        self.retry.setText(self.tr("Try the keyring again") if by_keyring else self.tr("Try again"))
        self.retry.setVisible(by_keyring or not by_passphrase)
        self.plain.setVisible(new)
        self._plain_words.setVisible(new)
        self._plain_words.setText(
            self.tr("Then everyone who can read this computer's files can read your chats.")
        )
        if new:
            self._title.setText(self.tr("How should your chats be locked?"))
            self._words.setText(
                self.tr(
                    "Hearth keeps your chats in an encrypted file. Usually the system's keyring"
                    " holds its key; here it can't. Choose a passphrase instead."
                )
            )
        else:
            self._title.setText(self.tr("Your chats are locked"))
            self._words.setText(self.tr("Nothing is lost. They open with their key."))
        if status.problem is not None:
            self._say(status.problem)

    # --- the user ---------------------------------------------------------------------------

    def _with_passphrase(self) -> None:
        text = self.passphrase.text()
        if self._status is None or not text:
            return
        if self._status.state != VaultState.NEW:
            self._try(self._vault.unlock_with_passphrase(text))
            return
        if len(text) < SHORTEST_PASSPHRASE:
            self.notice.show_words(
                self.tr("This passphrase is too short to protect anything."),
                self.tr("Take at least %Ln characters.", "", SHORTEST_PASSPHRASE),
                "warn",
            )
        elif text != self.again.text():
            self.notice.show_words(
                self.tr("The two passphrases differ."), self.tr("Type both again."), "warn"
            )
        else:
            self._try(self._vault.choose_passphrase(text))

    def _with_code(self) -> None:
        if self.code.text().strip():
            self._try(self._vault.unlock_with_recovery_code(self.code.text().strip()))

    def _retry(self) -> None:
        self._try(self._vault.open())

    def _unencrypted(self) -> None:
        self._try(self._vault.choose_unencrypted())

    def _try(self, work: Coroutine[Any, Any, VaultStatus]) -> None:
        self._busy(busy=True)
        self._bridge.run(work, self._tried, self._failed)

    def _tried(self, status: VaultStatus) -> None:
        if status.state == VaultState.OPEN:
            for field in (self.passphrase, self.again, self.code):
                field.clear()
            self._busy(busy=False)
            self.opened.emit(status)
            return
        self.show_status(status)
        self._point_at(status.problem)

    def _failed(self, error: HearthError) -> None:
        self._busy(busy=False)
        self._say(error)
        self._point_at(error)

    def _point_at(self, error: HearthError | None) -> None:
        if isinstance(error, WrongPassphraseError):
            self.passphrase.selectAll()
            self.passphrase.setFocus()
        if isinstance(error, WrongRecoveryCodeError):
            self.code.selectAll()
            self.code.setFocus()

    def _say(self, error: HearthError) -> None:
        step = errors.next_step(error)
        if self._status is not None and not self._status.has_recovery_code:
            step = errors.next_step_without_code(error)
        self.notice.show_words(errors.sentence(error), step, "warn")

    def _busy(self, *, busy: bool) -> None:
        for widget in (self.go, self.use_code, self.retry, self.plain):
            widget.setEnabled(not busy)

    # --- the widget -------------------------------------------------------------------------

    def _secret(self, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(words)
        field.setAccessibleName(words)
        return field

    def _arrange(self) -> None:
        inner = QWidget(self)
        inner.setObjectName("column")
        inner.setMaximumWidth(_WIDTH)
        lines = QVBoxLayout(inner)
        lines.setSpacing(10)
        lines.addStretch(2)
        top: tuple[QWidget, ...] = (self._picture, self._title, self._words, self.notice)
        fields: tuple[QWidget, ...] = (self.passphrase, self.again, self.go)
        other_ways: tuple[QWidget, ...] = (self.code, self.use_code, self.retry)
        for widget in (*top, *fields, *other_ways):
            lines.addWidget(widget)
        lines.addSpacing(10)
        lines.addWidget(self.plain, 0, Qt.AlignmentFlag.AlignLeading)
        lines.addWidget(self._plain_words)
        lines.addStretch(3)
        sides = QHBoxLayout(self)
        sides.addStretch(1)
        sides.addWidget(inner, 1000)
        sides.addStretch(1)

    def _tint(self) -> None:
        self._picture.setPixmap(self._theme.pixmap("flame", "accent", 40))
