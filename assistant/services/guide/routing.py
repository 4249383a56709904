"""Which part of the Guide a message is for: help, small talk, or beyond it.

A linear scorer (multinomial logistic regression) over a few signs. `_WEIGHTS` were fitted on
questions that stand nowhere else: neither among the examples, nor in the benchmark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.guide import Article, GuidePart
from assistant.services.guide.articles import Topic
from assistant.services.guide.index import Found, Index, Labelled
from assistant.services.guide.lexicon import Lexicon, WordUse

_TALK, _BEYOND, _HELP = GuidePart.TALK.value, GuidePart.BEYOND.value, GuidePart.HELP.value
_NOTHING = Found("", 0.0, 0.0)

SIGNS = (
    "always", "article", "nearest article", "talk", "nearest talk", "beyond", "nearest beyond",
    "unknown words", "length", "help over beyond", "help over talk", "hearth", "computer",
    "requests", "others", "world", "begins as request", "begins as request, of Hearth",
)  # fmt: skip
_WEIGHTS: dict[GuidePart, tuple[float, ...]] = {
    GuidePart.HELP: (
        -0.14, 3.94, 0.86, -2.86, -1.25, -3.94, -0.77, -0.05, 0.26,
        0.29, 0.11, 0.51, 0.07, 0.07, -0.56, -0.12, -0.07, 0.26,
    ),
    GuidePart.TALK: (
        1.57, -2.03, -0.74, 5.34, 2.53, -4.35, 0.24, -0.32, -0.52,
        0.04, -0.21, -0.19, -0.09, -0.28, -0.10, -0.31, -0.58, -0.03,
    ),
    GuidePart.BEYOND: (
        -1.43, -1.91, -0.12, -2.48, -1.29, 8.29, 0.52, 0.36, 0.27,
        -0.32, 0.10, -0.31, 0.02, 0.20, 0.66, 0.43, 0.65, -0.23,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a message goes. `article` is the nearest one, whatever the part; None without any."""

    part: GuidePart
    article: Article | None
    lead: float
    """By how much HELP is ahead of the best other part (log odds); negative where it is not."""


class Router:
    """Decides for one language."""

    def __init__(
        self,
        topics: Sequence[Topic],
        small_talk: Sequence[str],
        beyond: Sequence[str],
        lexicon: Lexicon,
    ) -> None:
        self._articles = {topic.article.id: topic.article for topic in topics}
        self._lexicon = lexicon
        self._index = Index(
            [
                *(Labelled(each.article.id, _examples(each), each.about) for each in topics),
                Labelled(_TALK, tuple(small_talk)),
                Labelled(_BEYOND, tuple(beyond)),
            ]
        )
        helping = [text for each in topics for text in (*_examples(each), each.about)]
        self._use = WordUse({_HELP: helping, _TALK: small_talk, _BEYOND: beyond})

    def decide(self, text: str) -> Verdict:
        """Give the part with the highest score, and the nearest article."""
        found = self._index.search(text)
        articles = [each for each in found if each.label in self._articles]
        signs = self._signs(text, found, articles)
        scores = {
            part: sum(weight * sign for weight, sign in zip(weights, signs, strict=True))
            for part, weights in _WEIGHTS.items()
        }
        if not articles:
            del scores[GuidePart.HELP]
        part = max(scores, key=scores.__getitem__)
        article = self._articles[articles[0].label] if articles else None
        others = max(scores[GuidePart.TALK], scores[GuidePart.BEYOND])
        return Verdict(part, article, scores.get(GuidePart.HELP, -math.inf) - others)

    def _signs(self, text: str, found: list[Found], articles: list[Found]) -> tuple[float, ...]:
        """Give what the decision rests on, in the order of `SIGNS`."""
        talk = _of(found, _TALK)
        beyond = _of(found, _BEYOND)
        hints = self._lexicon.hints(text)
        return (
            1.0,
            articles[0].score if articles else 0.0,
            max((each.nearest for each in articles), default=0.0),
            talk.score,
            talk.nearest,
            beyond.score,
            beyond.nearest,
            self._use.unknown(text, _HELP),
            math.log1p(len(text)),
            self._use.lean(text, _HELP, _BEYOND),
            self._use.lean(text, _HELP, _TALK),
            hints.hearth,
            hints.computer,
            hints.requests,
            hints.others,
            hints.world,
            hints.begins_as_request,
            hints.begins_as_request and hints.hearth > 0,
        )


def _examples(topic: Topic) -> tuple[str, ...]:
    return (*topic.asked, topic.article.title)


def _of(found: list[Found], label: str) -> Found:
    return next((each for each in found if each.label == label), _NOTHING)
