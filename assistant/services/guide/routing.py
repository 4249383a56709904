"""Which part of the Guide a message is for: help, small talk, or beyond it.

A linear scorer (multinomial logistic regression) over a few signs. `_WEIGHTS` were fitted on
questions that stand nowhere else: neither among the examples, nor in the benchmark.
"""

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
    "known words", "help over beyond", "help over talk", "hearth", "computer", "requests", "world",
    "begins as request", "begins as request, of Hearth",
)  # fmt: skip
_WEIGHTS: dict[GuidePart, tuple[float, ...]] = {
    GuidePart.HELP: (
        -0.23, 4.50, 1.43, -3.19, -1.27, -1.95, -0.58, -0.01,
        0.31, 0.13, 0.52, 0.17, 0.02, -0.14, -0.17, 0.26,
    ),
    GuidePart.TALK: (
        0.52, -2.94, -0.58, 5.11, 2.57, -7.25, 0.82, -0.27,
        0.13, -0.21, -0.30, -0.22, -0.35, -0.60, -0.75, -0.04,
    ),
    GuidePart.BEYOND: (
        -0.29, -1.56, -0.85, -1.92, -1.30, 9.21, -0.23, 0.28,
        -0.44, 0.08, -0.22, 0.05, 0.33, 0.74, 0.92, -0.21,
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
        others = max(scores[GuidePart.TALK], scores[GuidePart.BEYOND])
        part = max(scores, key=scores.__getitem__) if articles else GuidePart.BEYOND
        article = self._articles[articles[0].label] if articles else None
        return Verdict(part, article, scores[GuidePart.HELP] - others)

    def signs(self, text: str) -> tuple[float, ...]:
        """Give what the decision rests on, in the order of `SIGNS`."""
        found = self._index.search(text)
        return self._signs(text, found, [each for each in found if each.label in self._articles])

    def _signs(self, text: str, found: list[Found], articles: list[Found]) -> tuple[float, ...]:
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
            self._use.known(text, _HELP),
            self._use.lean(text, _HELP, _BEYOND),
            self._use.lean(text, _HELP, _TALK),
            hints.hearth,
            hints.computer,
            hints.requests,
            hints.world,
            hints.begins_as_request,
            hints.begins_as_request and hints.hearth > 0,
        )


def _examples(topic: Topic) -> tuple[str, ...]:
    return (*topic.asked, topic.article.title)


def _of(found: list[Found], label: str) -> Found:
    return next((each for each in found if each.label == label), _NOTHING)
