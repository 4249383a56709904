"""Frames: a happening or a state, several ways to say it, and for each part several ways to ask.

They lie in the `*.toml` files beside this one; the page `README.md` one folder up says how they
are written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from corpus import names, slots
from corpus.words import WORDS

_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_PLAIN = frozenset(WORDS["plain"])
"""Words that carry a question: they are never put out of joint."""

_LEFT_OUT = 0.13
_IN_LINES = 0.07
_STRANGE = 0.3


@dataclass(frozen=True)
class Frame:
    """What can be told: texts and questions with `{slots}`, and lists that fill them."""

    ways: tuple[tuple[str, ...], ...]
    """Each a list of sentences; where there are several, some may be left out."""
    questions: dict[str, tuple[str, ...]]
    absent: tuple[str, ...]
    """Questions that none of the ways answers."""
    words: dict[str, list[str]]


@dataclass(frozen=True)
class Told:
    """A frame with names and numbers, told in one of its ways."""

    frame: Frame
    filled: dict[str, str]
    text: str
    said: frozenset[str]
    """Slots that the text holds."""
    lost: frozenset[str]
    """Slots of sentences that were left out; some may be said in another place."""
    swaps: tuple[tuple[re.Pattern[str], str], ...]

    def ask(self, question: str, filled: dict[str, str] | None = None) -> str:
        """Fill a question in, with the same words put out of joint as in the text."""
        return _articles(self._swap(_fill(question, filled or self.filled)))

    def span(self, slot: str) -> str:
        """The words of a slot, as the text has them."""
        value = re.escape(self.filled[slot])
        found = re.search(rf"(?i:{value})\w*", self.text)
        return found[0] if found is not None else ""

    def _swap(self, text: str) -> str:
        for pattern, other in self.swaps:
            text = pattern.sub(other, text)
        return text


def slots_of(text: str) -> list[str]:
    """The slots of a sentence or question, in order."""
    return _SLOT.findall(text)


@cache
def all_frames() -> tuple[Frame, ...]:
    """Every frame of every file."""
    files = sorted((Path(__file__).parent / "told").glob("*.toml"))
    return tuple(frame for path in files for frame in _read(path))


@cache
def stories() -> tuple[Frame, ...]:
    """Those that are whole passages."""
    return tuple(frame for frame in all_frames() if len(frame.ways[0]) > 1)


@cache
def happenings() -> tuple[Frame, ...]:
    """Those that take a sentence or two."""
    return tuple(frame for frame in all_frames() if len(frame.ways[0]) == 1)


def tell(frame: Frame, chance: Random, given: dict[str, str] | None = None) -> Told:
    """Tell a frame in one of its ways, with fresh names but for those that are given."""
    way = chance.choice(frame.ways)
    kept = [one for one in way if len(way) == 1 or chance.random() >= _LEFT_OUT] or [way[0]]
    every = {slot for text in _texts(frame) for slot in slots_of(text)}
    filled = dict(given or {})
    for slot in sorted(every - set(filled)):
        filled[slot] = fresh(slot, frame, chance, set(filled.values()))
    gap = "\n" if len(way) > 1 and chance.random() < _IN_LINES else " "
    sentence = gap.join(kept)
    swaps = tuple(_swaps(sentence, frame, chance))
    text = _fill(sentence, filled)
    for pattern, other in swaps:
        text = pattern.sub(other, text)
    text = _articles(text)
    text = re.sub(r"(^|[.!?]\s)([a-z])", lambda found: found[1] + found[2].upper(), text)
    lost = {slot for one in way if one not in kept for slot in slots_of(one)}
    return Told(frame, filled, text, frozenset(slots_of(sentence)), frozenset(lost), swaps)


def fresh(slot: str, frame: Frame, chance: Random, taken: set[str]) -> str:
    """Fill a slot with something that is not there already."""
    for _ in range(20):
        value = _one(slot, frame, chance)
        if value not in taken:
            return value
    return value


def _one(slot: str, frame: Frame, chance: Random) -> str:
    ready = slots.fill(slot, chance)
    if ready is not None:
        return ready
    listed = frame.words.get(slot) or frame.words[slot.rstrip("23456789")]
    return names.made(chance) if chance.random() < 0.12 else chance.choice(listed)


def _swaps(sentence: str, frame: Frame, chance: Random) -> Iterator[tuple[re.Pattern[str], str]]:
    """Choose fixed words that become words nobody knows, in text and questions alike."""
    if chance.random() >= _STRANGE:
        return
    bare = _SLOT.sub(" ", sentence)
    asked = " ".join(text for texts in frame.questions.values() for text in texts)
    for word in sorted(set(_WORD.findall(bare)) - _PLAIN):
        if chance.random() < (0.35 if word in asked else 0.15):
            ending = next((end for end in ("ing", "ed", "s", "ly", "er") if word.endswith(end)), "")
            yield re.compile(rf"\b{word}\b"), names.made(chance) + ending


def _texts(frame: Frame) -> Iterator[str]:
    for way in frame.ways:
        yield from way
    for questions in frame.questions.values():
        yield from questions
    yield from frame.absent


def _articles(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


def _fill(text: str, filled: dict[str, str]) -> str:
    return _SLOT.sub(lambda found: filled[found[1]], text)


def _read(path: Path) -> Iterator[Frame]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    words: dict[str, list[str]] = content.get("words", {})
    for entry in content.get("frame", ()):
        questions = {slot: tuple(texts) for slot, texts in entry["ask"].items()}
        yield Frame(tuple((way,) for way in entry["say"]), questions, (), words)
    for entry in content.get("state", ()):
        questions = {slot: tuple(texts) for slot, texts in entry["ask"].items()}
        own = words | {"noun": entry["nouns"]}
        yield Frame(tuple((way,) for way in entry["say"]), questions, (), own)
    for entry in content.get("story", ()):
        questions = {slot: tuple(texts) for slot, texts in entry["ask"].items()}
        yield Frame((tuple(entry["say"]),), questions, tuple(entry["absent"]), words)
