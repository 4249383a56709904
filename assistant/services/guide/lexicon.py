"""Words that tell what a message is about, before any search."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.services.guide.text import HAN, normalise, words

_MOST = 4
_SHORT = 3
_ENDING = r"(?:s|ها|های|هام|هایم|ی|م|ت|ش|و|رو|مو|تو|شو)?\b"
_SMOOTHING = 0.3


@dataclass(frozen=True, slots=True)
class Hints:
    """How many of the listed words a message has, up to a few each."""

    hearth: int
    computer: int
    requests: int
    others: int
    world: int
    begins_as_request: bool


class Lexicon:
    """The lists of `resources/help/routing.toml` in one language.

    In Chinese a word counts wherever it stands, elsewhere at the beginning of a word.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]], *, spaced: bool) -> None:
        self._patterns = {name: _pattern(listed, spaced=spaced) for name, listed in lists.items()}

    def hints(self, text: str) -> Hints:
        """Count the listed words of a message."""
        plain = normalise(text).strip()
        count = {
            name: min(len(set(pattern.findall(plain))), _MOST)
            for name, pattern in self._patterns.items()
        }
        begins = self._patterns["request"].match(plain) is not None
        return Hints(
            count["hearth"],
            count["computer"],
            count["request"],
            count["others"],
            count["world"],
            begins,
        )


class WordUse:
    """How often the words of several kinds of text are used: a naive Bayes model of each."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        self._counts = {kind: _count(texts) for kind, texts in kinds.items()}
        known = set().union(*self._counts.values())
        self._totals = {
            kind: sum(counts.values()) + _SMOOTHING * len(known)
            for kind, counts in self._counts.items()
        }

    def lean(self, text: str, kind: str, other: str) -> float:
        """Tell how much more the words are those of `kind`: a log ratio, over √words."""
        found = _words_and_pairs(text)
        leans = (self._log_share(word, kind) - self._log_share(word, other) for word in found)
        return sum(leans) / math.sqrt(max(len(found), 1))

    def unknown(self, text: str, kind: str) -> int:
        """Count the words that `kind` never uses, up to a few."""
        return min(sum(word not in self._counts[kind] for word in _words(text)), _MOST)

    def _log_share(self, word: str, kind: str) -> float:
        return math.log((self._counts[kind][word] + _SMOOTHING) / self._totals[kind])


def _pattern(listed: Sequence[str], *, spaced: bool) -> re.Pattern[str]:
    longest_first = sorted((normalise(word) for word in listed), key=len, reverse=True)
    if not spaced:
        return re.compile("|".join(map(re.escape, longest_first)))
    return re.compile(rf"\b(?:{'|'.join(map(_beginning, longest_first))})")


def _beginning(word: str) -> str:
    """Match what begins with the word; a short one (car, war) only alone or with an ending."""
    return f"{re.escape(word)}{_ENDING}" if len(word) <= _SHORT else re.escape(word)


def _count(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_words_and_pairs(text))
    return counts


def _words_and_pairs(text: str) -> list[str]:
    """Every word, and every two neighbours: how a message begins and ends tells much."""
    spaced = ["", *words(normalise(text)), ""]
    pairs = dict.fromkeys(f"{left} {right}" for left, right in pairwise(spaced))
    return [*_words(text), *pairs]


def _words(text: str) -> list[str]:
    """Every word once; of Chinese also the single characters, as its examples are few."""
    plain = normalise(text)
    return list(dict.fromkeys([*words(plain), *HAN.findall(plain)]))
