"""Font families and sizes. Sizes are pixels, so that they scale with the screen's own factor."""

from PySide6.QtGui import QFont, QFontDatabase

TEXT_PX = 14
ANSWER_PX = 15
CODE_PX = 13
SMALL_PX = 12

_TEXT_FAMILIES = ("Inter",)
_SCRIPT_FAMILIES = (
    "Vazirmatn",
    "Noto Sans Arabic",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei UI",
    "Noto Color Emoji",
)
_CODE_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas")


def text_families() -> list[str]:
    """Inter, the platform's interface font, then fonts for Persian and Chinese."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).families()
    return [*_TEXT_FAMILIES, *system, *_SCRIPT_FAMILIES]


def code_families() -> list[str]:
    """JetBrains Mono, the platforms' fixed fonts, then fonts for Persian and Chinese."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families()
    return [*_CODE_FAMILIES, *system, *_SCRIPT_FAMILIES]


def text_font(pixels: int = TEXT_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Font for reading, `pixels` high."""
    font = QFont(text_families())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def code_font(pixels: int = CODE_PX) -> QFont:
    """Font for code: fixed pitch, ligatures off."""
    font = QFont(code_families())
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    for feature in ("liga", "calt"):
        tag = QFont.Tag.fromString(feature)
        if tag is not None:
            font.setFeature(tag, 0)
    return font
