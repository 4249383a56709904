"""Fills the page of settings and keeps what is chosen."""

from typing import TypeVar

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QLineEdit

from assistant.domain.errors import HearthError
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.settings.table import (
    CONTEXT_TOKENS,
    GUIDE_SHOWN,
    HUB_ENDPOINT,
    HUB_KEYRING_ENTRY,
    LANGUAGE,
    THEME,
    Setting,
)
from assistant.ui.bridge import Bridge
from assistant.ui.locales import LANGUAGES
from assistant.ui.ports import Services
from assistant.ui.preferences.page import PreferencesPage, SettingRow
from assistant.ui.preferences.passphrase import PassphraseDialog
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.check import Check
from assistant.ui.widgets.choice import Choice

Value = TypeVar("Value")

_FIELD = 230


class PreferencesController(QObject):
    """One method for each setting; every change is kept at once."""

    recovery_wanted = Signal()

    def __init__(
        self, theme: Theme, bridge: Bridge, services: Services, page: PreferencesPage
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._bridge = bridge
        self._services = services
        self._page = page
        page.add_group(self.tr("Appearance"), [self._theme_row(), self._language_row()])
        page.add_group(self.tr("Models"), [self._context_row(), self._guide_row()])
        page.add_group(self.tr("Hub"), [self._endpoint_row(), self._token_row()])
        self._recovery_row = self._make_recovery_row()
        self._passphrase_row = self._make_passphrase_row()
        page.add_group(
            self.tr("Your data"), [self._folder_row(), self._recovery_row, self._passphrase_row]
        )

    def show_status(self, status: VaultStatus) -> None:
        """What can be done about the lock depends on how it stands."""
        locked = status.state == VaultState.OPEN and status.protection != Protection.NONE
        self._recovery_row.setEnabled(locked)
        self._passphrase_row.setEnabled(locked)

    def show_guide(self) -> None:
        """Take over whether the Guide is shown: another screen can hide it."""
        self._guide_box.setChecked(self._services.settings.get(GUIDE_SHOWN))

    # --- appearance -------------------------------------------------------------------------

    def _theme_row(self) -> SettingRow:
        box = Choice(self._theme)
        box.addItem(self.tr("As the system"), "system")
        box.addItem(self.tr("Light"), "light")
        box.addItem(self.tr("Dark"), "dark")
        box.select(self._services.settings.get(THEME))
        box.activated.connect(lambda _at: self._use_theme(str(box.currentData())))
        return SettingRow(self.tr("Theme"), self.tr("Light, dark, or as the system is."), [box])

    def _use_theme(self, mode: str) -> None:
        if self._keep(THEME, mode):
            self._theme.set_mode(mode)

    def _language_row(self) -> SettingRow:
        box = Choice(self._theme)
        box.addItem(self.tr("As the system"), "")
        for code, name in LANGUAGES.items():
            box.addItem(name, code)
        box.select(self._services.settings.get(LANGUAGE))
        box.activated.connect(lambda _at: self._use_language(str(box.currentData())))
        return SettingRow(
            self.tr("Language"), self.tr("The language of the window, from the next start."), [box]
        )

    def _use_language(self, code: str) -> None:
        if self._keep(LANGUAGE, code):
            self._page.notice.show_words(self.tr("Hearth will speak it from the next start."))

    # --- models -----------------------------------------------------------------------------

    def _context_row(self) -> SettingRow:
        field = QLineEdit(_whole(self._services.settings.get(CONTEXT_TOKENS)))
        field.setPlaceholderText(self.tr("the model's own"))
        field.setFixedWidth(150)
        field.setMaxLength(9)
        field.editingFinished.connect(lambda: self._use_context(field))
        return SettingRow(
            self.tr("Context"),
            self.tr(
                "Tokens that a conversation can hold. More need more memory; it holds from the"
                " next time a model is loaded."
            ),
            [field],
        )

    def _use_context(self, field: QLineEdit) -> None:
        known = self._services.settings.get(CONTEXT_TOKENS)
        wanted: int | None = None
        if field.text().strip():
            wanted, is_number = QLocale().toInt(field.text().strip())
            if not is_number:
                self._say_unusable()
                field.setText(_whole(known))
                return
        if wanted != known and not self._keep(CONTEXT_TOKENS, wanted):
            field.setText(_whole(known))

    def _guide_row(self) -> SettingRow:
        box = self._guide_box = Check(self._theme, self.tr("Show the Guide"))
        box.setObjectName("showGuide")
        box.clicked.connect(self._use_guide)
        self.show_guide()
        return SettingRow(
            self.tr("Guide"),
            self.tr("Answers questions about Hearth while no other model is here."),
            [box],
        )

    def _use_guide(self, shown: bool) -> None:
        self._bridge.run(
            self._services.library.show_guide(shown=shown),
            lambda _none: self._page.notice.hide(),
            self._guide_not_kept,
        )

    def _guide_not_kept(self, error: HearthError) -> None:
        self.show_guide()
        self._page.notice.show_error(error)

    # --- the Hub ----------------------------------------------------------------------------

    def _endpoint_row(self) -> SettingRow:
        field = QLineEdit(self._services.settings.get(HUB_ENDPOINT))
        field.setFixedWidth(_FIELD)
        field.editingFinished.connect(lambda: self._use_endpoint(field))
        return SettingRow(
            self.tr("Address of the Hub"),
            self.tr("Where models are looked up. Nothing is asked there until you ask for it."),
            [field],
        )

    def _use_endpoint(self, field: QLineEdit) -> None:
        if field.text().strip() == self._services.settings.get(HUB_ENDPOINT):
            return
        if not self._keep(HUB_ENDPOINT, field.text().strip() or HUB_ENDPOINT.default):
            field.setText(self._services.settings.get(HUB_ENDPOINT))

    def _token_row(self) -> SettingRow:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(self.tr("hf_…"))
        field.setFixedWidth(_FIELD)
        save = TextButton(self._theme, self.tr("Save"))
        save.setAccessibleName(self.tr("Save the access token"))
        forget = TextButton(self._theme, self.tr("Forget"))
        forget.setAccessibleName(self.tr("Forget the access token"))
        keyring = self._services.secrets

        def stored(words: str) -> None:
            field.clear()
            self._page.notice.show_words(words)

        def keep() -> None:
            if field.text().strip():
                self._bridge.run(
                    keyring.set(HUB_KEYRING_ENTRY, field.text().strip()),
                    lambda _none: stored(self.tr("The token is in the keyring.")),
                    self._page.notice.show_error,
                )

        def drop() -> None:
            self._bridge.run(
                keyring.delete(HUB_KEYRING_ENTRY),
                lambda _none: stored(self.tr("The token is forgotten.")),
                self._page.notice.show_error,
            )

        save.clicked.connect(keep)
        field.returnPressed.connect(keep)
        forget.clicked.connect(drop)
        return SettingRow(
            self.tr("Access token"),
            self.tr("For models that ask for it. It is kept in the system's keyring only."),
            [field, save, forget],
        )

    # --- data -------------------------------------------------------------------------------

    def _folder_row(self) -> SettingRow:
        field = QLineEdit(str(self._services.paths.root))
        field.setReadOnly(True)
        field.setFixedWidth(_FIELD + 90)
        field.setCursorPosition(0)
        return SettingRow(
            self.tr("Data folder"), self.tr("Everything that Hearth writes lies here."), [field]
        )

    def _make_recovery_row(self) -> SettingRow:
        button = TextButton(self._theme, self.tr("Make a recovery code"))
        button.clicked.connect(self.recovery_wanted)
        return SettingRow(
            self.tr("Recovery code"),
            self.tr("Opens your chats when their key is lost. A new code replaces the old one."),
            [button],
        )

    def _make_passphrase_row(self) -> SettingRow:
        button = TextButton(self._theme, self.tr("Change passphrase…"))
        button.clicked.connect(self._change_passphrase)
        return SettingRow(
            self.tr("Passphrase"),
            self.tr("Lock your chats with a passphrase of your own."),
            [button],
        )

    def _change_passphrase(self) -> None:
        dialog = PassphraseDialog(self._theme, self._page.window())
        dialog.chosen.connect(
            lambda text: self._bridge.run(
                self._services.vault.choose_passphrase(text),
                self._passphrase_chosen,
                self._page.notice.show_error,
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _passphrase_chosen(self, status: VaultStatus) -> None:
        if status.problem is not None:
            self._page.notice.show_error(status.problem)
        elif status.protection == Protection.PASSPHRASE:
            self._page.notice.show_words(self.tr("Your chats open with the new passphrase."))

    # --- keeping ----------------------------------------------------------------------------

    def _keep(self, setting: Setting[Value], value: Value) -> bool:
        try:
            self._services.settings.set(setting, value)
        except HearthError as error:
            self._page.notice.show_error(error)
            return False
        except (ValueError, TypeError):
            self._say_unusable()
            return False
        except OSError as error:
            self._page.notice.show_words(
                self.tr("The settings can't be written."), str(error.strerror or error), "bad"
            )
            return False
        self._page.notice.hide()
        return True

    def _say_unusable(self) -> None:
        self._page.notice.show_words(
            self.tr("This value can't be used."), self.tr("The old one stays in force."), "bad"
        )


def _whole(value: int | None) -> str:
    """A whole number for a field, without separators; empty for none."""
    if value is None:
        return ""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value)
