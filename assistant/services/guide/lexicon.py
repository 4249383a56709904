"""Words that tell what a message is about, before any search."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.services.guide.text import normalise, words

_MOST_HEARTH, _MOST_COMPUTER, _MOST_REQUESTS = 3, 5, 3
_SMOOTHING = 0.3


@dataclass(frozen=True, slots=True)
class Hints:
    """How many of the listed words a message has, up to a few each."""

    hearth: int
    computer: int
    requests: int
    begins_as_request: bool


class Lexicon:
    """The lists of `resources/help/routing.toml` in one language.

    In Chinese a word counts wherever it stands, elsewhere at the beginning of a word.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]], *, spaced: bool) -> None:
        self._hearth = _pattern(lists["hearth"], spaced=spaced)
        self._computer = _pattern(lists["computer"], spaced=spaced)
        self._request = _pattern(lists["request"], spaced=spaced)

    def hints(self, text: str) -> Hints:
        """Count the listed words of a message."""
        plain = normalise(text).strip()
        return Hints(
            hearth=min(len(set(self._hearth.findall(plain))), _MOST_HEARTH),
            computer=min(len(set(self._computer.findall(plain))), _MOST_COMPUTER),
            requests=min(len(set(self._request.findall(plain))), _MOST_REQUESTS),
            begins_as_request=self._request.match(plain) is not None,
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
        found = _words(text)
        leans = (self._log_share(word, kind) - self._log_share(word, other) for word in found)
        return sum(leans) / math.sqrt(max(len(found), 1))

    def known(self, text: str, kind: str) -> float:
        """Give the share of the words that `kind` uses at all, 0 to 1."""
        found = _words(text)
        return sum(word in self._counts[kind] for word in found) / max(len(found), 1)

    def _log_share(self, word: str, kind: str) -> float:
        return math.log((self._counts[kind][word] + _SMOOTHING) / self._totals[kind])


def _pattern(listed: Sequence[str], *, spaced: bool) -> re.Pattern[str]:
    longest_first = sorted((normalise(word) for word in listed), key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    return re.compile(rf"\b(?:{either})" if spaced else f"(?:{either})")


def _count(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_words(text))
    return counts


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(words(normalise(text))))
