"""The one table of colours. Style sheet, painters and the contrast test read from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme: every colour as `#RRGGBB`."""

    dark: bool
    ground: str
    side: str
    raised: str
    line: str
    text: str
    muted: str
    faint: str
    """Placeholders and ornament only."""
    accent: str
    accent_soft: str
    on_accent: str
    bubble: str
    code: str
    good: str
    warn: str
    bad: str
    hover: str
    """Ground of a row or button under the pointer."""
    code_keyword: str
    code_name: str
    code_string: str
    code_number: str
    code_comment: str


LIGHT = Tokens(
    dark=False,
    ground="#FBF9F6",
    side="#F3EFE9",
    raised="#FFFFFF",
    line="#E6DFD6",
    text="#24211E",
    muted="#6A625A",
    faint="#7D746B",
    accent="#B0461B",
    accent_soft="#F6E6DC",
    on_accent="#FFFFFF",
    bubble="#F1EBE3",
    code="#F6F2EC",
    good="#2F6B40",
    warn="#8A5508",
    bad="#A3302A",
    hover="#ECE6DD",
    code_keyword="#97297F",
    code_name="#245FA8",
    code_string="#2F6B40",
    code_number="#8A5508",
    code_comment="#70675E",
)

DARK = Tokens(
    dark=True,
    ground="#1D1B19",
    side="#171513",
    raised="#262320",
    line="#35312D",
    text="#ECE6DF",
    muted="#A79E94",
    faint="#948B82",
    accent="#EC8353",
    accent_soft="#3A2920",
    on_accent="#1D1B19",
    bubble="#2B2824",
    code="#161412",
    good="#7FBF8C",
    warn="#E0AE5B",
    bad="#F08A80",
    hover="#24211E",
    code_keyword="#D79BD0",
    code_name="#82B4EC",
    code_string="#8FC79A",
    code_number="#E0AE5B",
    code_comment="#948B82",
)

TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: least ratio of text to its ground."""

ORNAMENT_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: least ratio of a meaningful graphic to its ground."""

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "muted") for ground in ("ground", "side", "raised")),
    *((ink, "bubble") for ink in ("text", "muted")),
    *((ink, "code") for ink in ("text", "muted")),
    *((ink, "hover") for ink in ("text", "muted")),
    *((ink, "accent_soft") for ink in ("text", "muted", "accent")),
    ("on_accent", "accent"),
    *(
        (ink, ground)
        for ink in ("accent", "good", "warn", "bad")
        for ground in ("ground", "raised")
    ),
    *(
        (ink, "code")
        for ink in (
            "code_keyword",
            "code_name",
            "code_string",
            "code_number",
            "code_comment",
        )
    ),
)
"""Every pair of text and ground in use, as names of tokens."""

ORNAMENT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("faint", "accent") for ground in ("ground", "side", "raised")),
    *((ink, ground) for ink in ("good", "warn", "bad") for ground in ("side", "raised")),
)
"""Every pair of icon, dot or placeholder and ground in use."""


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
