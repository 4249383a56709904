"""Small talk in the Guide's four languages, and titles of chats."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_LANGUAGES = ("en", "fa", "zh_CN", "zh_TW")
_MARKS = {
    "en": ("", ".", "!", " :)"),
    "fa": ("", "!", "."),
    "zh_CN": ("", "。", "！"),
    "zh_TW": ("", "。", "！"),
}


def small_talk(chance: Random) -> list[tuple[str, str]]:
    """One line of small talk, and a fitting reply."""
    language = _language(chance)
    kind = chance.choice(_table(language)["kind"])
    asked = _spoken(chance.choice(kind["users"]), chance)
    if language == "en" and chance.random() < 0.3:
        asked = asked.lower() if chance.random() < 0.7 else asked.capitalize()
    if asked[-1:].isalnum() and chance.random() < 0.5:
        asked += chance.choice(_MARKS[language])
    if chance.random() < 0.04 and len(asked) > 4:
        at = chance.randrange(1, len(asked) - 1)
        asked = asked[:at] + asked[at + 1 :]
    return [(asked, chance.choice(kind["replies"]))]


def title(chance: Random) -> list[tuple[str, str]]:
    """A first message, and a short name for the chat."""
    language = _language(chance)
    table = _table("titles")
    entry = chance.choice([one for one in table["title"] if one["language"] == language])
    topics = chance.sample(table["topics"][language], 2)
    filled = {"topic": topics[0], "topic2": topics[1]}

    def fill(text: str) -> str:
        return _SLOT.sub(lambda found: filled[found[1]], text)

    name = fill(chance.choice(entry["titles"]))
    asked = fill(_spoken(chance.choice(entry["users"]), chance))
    return [(f"Title: {asked}", name[:1].upper() + name[1:])]


def _language(chance: Random) -> str:
    return chance.choices(_LANGUAGES, (4, 2, 2, 2))[0]


def _spoken(text: str, chance: Random) -> str:
    """Choose among the alternatives `(a|b|)` of a phrase."""
    text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), text)
    return re.sub(r"\s+", " ", text).strip()


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(
        (Path(__file__).parent / "talk" / f"{name}.toml").read_text(encoding="utf-8")
    )
