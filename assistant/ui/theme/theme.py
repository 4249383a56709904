"""The theme in force: follows the system or the setting, and tells who paints by hand."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from assistant.settings.paths import resource_folder
from assistant.ui.theme.fonts import text_font
from assistant.ui.theme.icons import IconSet
from assistant.ui.theme.qss import style_sheet
from assistant.ui.theme.tokens import DARK, LIGHT, Tokens

MODES = ("system", "light", "dark")


class Theme(QObject):
    """Gives colours and icons; `changed` says that they are others now."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._icons = IconSet(resource_folder() / "icons")
        self._tokens = self._wanted()
        app.setStyle("Fusion")
        app.setFont(text_font())
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def mode(self) -> str:
        """`system`, `light` or `dark`."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Follow the system, or stay light or dark. Other words mean the system."""
        self._mode = mode
        self._refresh()

    def colour(self, ink: str) -> QColor:
        """One colour by its token's name."""
        return QColor(getattr(self._tokens, ink))

    def icon(self, name: str, ink: str = "muted", size: int = 18) -> QIcon:
        """An icon in a token's colour, mirrored where the window runs right to left."""
        return QIcon(self.pixmap(name, ink, size))

    def pixmap(self, name: str, ink: str = "muted", size: int = 18) -> QPixmap:
        """The same as a pixmap."""
        return self._icons.pixmap(
            name,
            getattr(self._tokens, ink),
            size,
            ratio=self._app.devicePixelRatio(),
            mirrored=self._app.layoutDirection() == Qt.LayoutDirection.RightToLeft,
        )

    def _wanted(self) -> Tokens:
        if self._mode in {"light", "dark"}:
            return DARK if self._mode == "dark" else LIGHT
        scheme = self._app.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted == self._tokens:
            return
        self._tokens = wanted
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._app.setPalette(palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens))


def palette(tokens: Tokens) -> QPalette:
    """What Fusion paints by itself: menus, selections, placeholders, links."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: tokens.ground,
        roles.WindowText: tokens.text,
        roles.Base: tokens.raised,
        roles.AlternateBase: tokens.side,
        roles.Text: tokens.text,
        roles.Button: tokens.raised,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.on_accent,
        roles.Highlight: tokens.accent_soft,
        roles.HighlightedText: tokens.text,
        roles.Accent: tokens.accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.PlaceholderText: tokens.faint,
        roles.ToolTipBase: tokens.raised,
        roles.ToolTipText: tokens.text,
        roles.Light: tokens.raised,
        roles.Midlight: tokens.line,
        roles.Mid: tokens.line,
        roles.Dark: tokens.line,
        roles.Shadow: tokens.line,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return made
