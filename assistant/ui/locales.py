"""Languages of the window: which translation a locale gets, and how it is installed."""

from collections.abc import Iterable

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from assistant.settings.paths import resource_folder

LANGUAGES: dict[str, str] = {
    "en": "English",
    "fa": "فارسی",
    "zh_CN": "简体中文",
    "zh_TW": "繁體中文",
}
"""Every language there is a translation for, with its own name."""

_TRADITIONAL = frozenset({"TW", "HK", "MO"})
_RIGHT_TO_LEFT = frozenset({"fa"})


def language_for(tags: Iterable[str]) -> str:
    """The first language of `tags` (BCP 47, as `zh-Hant-HK` or `fa_IR`) that we speak, or `en`."""
    for tag in tags:
        parts = tag.replace("_", "-").split("-")
        language = parts[0].lower()
        if language == "zh":
            return "zh_TW" if _is_traditional(parts[1:]) else "zh_CN"
        if language in LANGUAGES:
            return language
    return "en"


def _is_traditional(parts: list[str]) -> bool:
    scripts = {part.title() for part in parts if len(part) == 4}
    if scripts:
        return "Hant" in scripts
    return bool(_TRADITIONAL & {part.upper() for part in parts})


class Speech:
    """Puts one language in force: texts, numbers, dates, direction."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self.language = "en"

    def use(self, chosen: str) -> None:
        """Speak `chosen`; empty means the system's language."""
        wanted = language_for([chosen] if chosen else QLocale.system().uiLanguages())
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        self.language = wanted
        # English has a file too: it holds only the plural forms.
        self._install("hearth", str(resource_folder() / "translations"))
        if wanted != "en":
            path = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self._install("qtbase", path)
        QLocale.setDefault(QLocale(wanted))
        rtl = wanted in _RIGHT_TO_LEFT
        self._app.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        )

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self._app)
        if translator.load(f"{name}_{self.language}", folder):
            self._app.installTranslator(translator)
            self._installed.append(translator)
