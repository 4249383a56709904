"""Search over short texts: which label's examples are nearest to a question.

Cosine of tf-idf vectors over words and pieces of words (Salton, Buckley 1988: "Term-weighting
approaches in automatic text retrieval"). A word that no example has counts as the rarest of all,
so that a question full of unknown words is near to nothing.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.services.guide.text import normalise, pieces, words

_WORD_WEIGHT = 1.0
_PIECE_WEIGHT = 0.6
_NEAREST = 3
_BEST_SHARE, _NEAREST_SHARE, _ALL_SHARE = 0.1, 0.1, 0.8
_EXAMPLES_OF_TEXT = 5
"""An article's title and text count as much as that many examples in its profile."""

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is found under one label: short examples of it, and longer text about it."""

    label: str
    examples: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How near a label is, from 0 to about 1, and its nearest example alone."""

    label: str
    score: float
    nearest: float


class Index:
    """Built once, searched often; neither takes long for some thousand examples."""

    def __init__(self, entries: Iterable[Labelled]) -> None:
        self._labels: list[str] = []
        self._owners: list[int] = []
        counted: list[Counter[str]] = []
        about: list[Counter[str]] = []
        for owner, entry in enumerate(entries):
            self._labels.append(entry.label)
            about.append(features(entry.about))
            counted += [features(example) for example in entry.examples]
            self._owners += [owner] * len(entry.examples)
        self._weights = _weights(counted)
        self._rarest = math.log(2.0 * (len(counted) + 1.0)) + 1.0
        examples = [self._vector(each) for each in counted]
        self._examples = _postings(examples)
        self._profiles = _postings(self._sum_up(examples, about))

    def search(self, text: str) -> list[Found]:
        """Give every label that shares anything with the text, the nearest first."""
        vector = self._vector(features(text))
        examples = _scores(vector, self._examples)
        whole = _scores(vector, self._profiles)
        nearest: defaultdict[int, list[float]] = defaultdict(list)
        for example, score in examples.items():
            nearest[self._owners[example]].append(score)
        found = [
            self._found(owner, nearest.get(owner, []), whole.get(owner, 0.0))
            for owner in nearest.keys() | whole.keys()
        ]
        return sorted(found, key=lambda each: (-each.score, each.label))

    def _found(self, owner: int, scores: list[float], whole: float) -> Found:
        best = heapq.nlargest(_NEAREST, scores) or [0.0]
        score = (
            _BEST_SHARE * best[0]
            + _NEAREST_SHARE * sum(best) / _NEAREST
            + _ALL_SHARE * whole
        )  # fmt: skip
        return Found(self._labels[owner], score, best[0])

    def _vector(self, counted: Mapping[str, int]) -> Vector:
        """Weigh and bring to length 1."""
        weighed: Vector = {}
        for feature, count in counted.items():
            weight = self._weights.get(feature) or self._rarest * _kind(feature)
            weighed[feature] = weight if count == 1 else weight * (1.0 + math.log(count))
        length = math.sqrt(sum(weight * weight for weight in weighed.values()))
        return {feature: weight / length for feature, weight in weighed.items()} if length else {}

    def _sum_up(self, examples: list[Vector], about: list[Counter[str]]) -> list[Vector]:
        """One vector for each label: all its examples and its text together."""
        sums: list[defaultdict[str, float]] = [defaultdict(float) for _ in self._labels]
        for owner, vector in zip(self._owners, examples, strict=True):
            for feature, weight in vector.items():
                sums[owner][feature] += weight
        for total, text in zip(sums, about, strict=True):
            for feature, weight in self._vector(text).items():
                total[feature] += _EXAMPLES_OF_TEXT * weight
        profiles = []
        for total in sums:
            # The square root keeps what every example says from drowning what a few say.
            length = math.sqrt(sum(total.values())) or 1.0
            profiles.append({key: math.sqrt(weight) / length for key, weight in total.items()})
        return profiles


def features(text: str) -> Counter[str]:
    """Count words (`w:…`) and pieces of words (`p:…`)."""
    plain = normalise(text)
    counted = Counter(f"w:{word}" for word in words(plain))
    counted.update(f"p:{piece}" for piece in pieces(plain))
    return counted


def _kind(feature: str) -> float:
    return _WORD_WEIGHT if feature.startswith("w:") else _PIECE_WEIGHT


def _weights(counted: list[Counter[str]]) -> dict[str, float]:
    """Inverse document frequency, smoothed, by kind: the rarer, the more a feature says."""
    among: Counter[str] = Counter()
    for each in counted:
        among.update(each.keys())
    return {
        feature: (math.log((len(counted) + 1.0) / (count + 0.5)) + 1.0) * _kind(feature)
        for feature, count in among.items()
    }


def _postings(vectors: list[Vector]) -> dict[str, list[tuple[int, float]]]:
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for feature, weight in vector.items():
            postings[feature].append((number, weight))
    return dict(postings)


def _scores(vector: Vector, postings: dict[str, list[tuple[int, float]]]) -> dict[int, float]:
    scores: defaultdict[int, float] = defaultdict(float)
    for feature, weight in vector.items():
        for number, other in postings.get(feature, ()):
            scores[number] += weight * other
    return scores
