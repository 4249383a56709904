import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from assistant.settings.paths import resource_folder
from assistant.ui.theme.fonts import code_font, text_families
from assistant.ui.theme.icons import POINTING, IconSet
from assistant.ui.theme.qss import mix, style_sheet
from assistant.ui.theme.theme import Theme
from assistant.ui.theme.tokens import (
    DARK,
    LIGHT,
    ORNAMENT_CONTRAST,
    ORNAMENT_PAIRS,
    TEXT_CONTRAST,
    TEXT_PAIRS,
    Tokens,
    contrast,
)

ICONS = resource_folder() / "icons"
UI = Path(__file__).parents[2] / "assistant" / "ui"


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-".join)
def test_words_stand_out_from_their_ground(tokens: Tokens, pair: tuple[str, str]) -> None:
    assert contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) >= TEXT_CONTRAST


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", ORNAMENT_PAIRS, ids="-".join)
def test_ornament_stands_out_from_its_ground(tokens: Tokens, pair: tuple[str, str]) -> None:
    assert contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) >= ORNAMENT_CONTRAST


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_words_on_the_pressed_accent_stand_out() -> None:
    for tokens in (LIGHT, DARK):
        hovered = mix(tokens.accent, tokens.text, 0.12)
        assert contrast(tokens.on_accent, hovered) >= TEXT_CONTRAST


def test_no_colour_stands_outside_the_table() -> None:
    for path in UI.rglob("*.py"):
        if path.name != "tokens.py":
            assert not re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8")), path


def test_the_style_sheet_has_no_gap() -> None:
    assert "$" not in style_sheet(LIGHT)
    assert LIGHT.accent in style_sheet(LIGHT)
    assert DARK.accent in style_sheet(DARK)


def used_icons() -> set[str]:
    names = {path.stem for path in ICONS.glob("*.svg")}
    said: set[str] = set()
    for path in UI.rglob("*.py"):
        if path.name == "icons.py":
            continue
        said |= set(re.findall(r'"([a-z-]+)"', path.read_text(encoding="utf-8")))
    return names & said


def test_every_icon_is_of_our_family_and_in_use() -> None:
    names = {path.stem for path in ICONS.glob("*.svg")}
    assert names == used_icons()
    for path in ICONS.glob("*.svg"):
        svg = ElementTree.parse(path).getroot()
        assert svg.get("viewBox") == "0 0 24 24", path
        assert svg.get("stroke-width") == "1.8", path
        assert svg.get("stroke-linecap") == svg.get("stroke-linejoin") == "round", path
        assert svg.get("stroke") == "currentColor", path


def test_icons_take_their_colour_and_turn(qapp: QApplication) -> None:
    icons = IconSet(ICONS)
    red = icons.pixmap("plus", "#FF0000", 24).toImage()
    assert red.pixelColor(12, 12).name() == "#ff0000"
    for name in POINTING:
        there = icons.pixmap(name, "#000000", 24).toImage()
        back = icons.pixmap(name, "#000000", 24, mirrored=True).toImage()
        assert difference(there.flipped(Qt.Orientation.Horizontal), back) < 8, name
        assert difference(there, back) > 8, name
    assert (
        icons.pixmap("plus", "#000000", 24).toImage()
        == icons.pixmap("plus", "#000000", 24, mirrored=True).toImage()
    )
    assert icons.pixmap("plus", "#000000", 24, ratio=2).width() == 48


def difference(one: QImage, other: QImage) -> int:
    """The greatest difference of coverage at any point, 0 to 255."""
    points = ((x, y) for x in range(one.width()) for y in range(one.height()))
    return max(abs(one.pixelColor(*at).alpha() - other.pixelColor(*at).alpha()) for at in points)


def test_a_name_without_a_file_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        IconSet(ICONS).pixmap("no-such-icon", "#000000", 24)


def test_the_setting_wins_over_the_system(theme: Theme) -> None:
    changes: list[None] = []
    theme.changed.connect(lambda: changes.append(None))
    theme.set_mode("dark")
    assert theme.tokens == DARK
    assert QGuiApplication.palette().window().color().name().upper() == DARK.ground
    theme.set_mode("dark")
    assert len(changes) == 1
    theme.set_mode("light")
    assert theme.tokens == LIGHT


def test_the_theme_follows_the_system(qapp: QApplication, theme: Theme) -> None:
    theme.set_mode("system")
    dark = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.tokens == (DARK if dark else LIGHT)
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    try:
        if qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark:
            assert theme.tokens == DARK
    finally:
        qapp.styleHints().unsetColorScheme()


def test_fonts_have_every_script(qapp: QApplication) -> None:
    families = text_families()
    assert families[0] == "Inter"
    assert {"Vazirmatn", "Noto Sans Arabic", "Noto Sans CJK SC"} <= set(families)
    assert code_font().families()[0] == "JetBrains Mono"
