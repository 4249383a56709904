"""The Guide: decides how a message is answered, and with what."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.domain.chat import Message
from assistant.domain.guide import (
    GuidePart,
    GuideReply,
    Recommendation,
    mark_of,
)
from assistant.services.guide.articles import Topic, read_toml, read_topics
from assistant.services.guide.language import language_of
from assistant.services.guide.lexicon import Lexicon
from assistant.services.guide.memory import total_memory_bytes
from assistant.services.guide.passage import PassageQuestion, follow_up, read_passage
from assistant.services.guide.recommend import recommended
from assistant.services.guide.routing import Router

_SURE_OF_HELP = 2.0
"""Log odds from which on a question right after a passage is one about Hearth."""
_LONGEST_READ = 2000
"""Characters of a message that decide where it goes: a pasted book takes no longer."""
_LONGEST_TALK = 400
"""Characters: what is longer is no small talk, and might not fit the model's context."""


class GuideService:
    """Reads its resources once, when they are first needed. Safe between threads.

    Args:
        resources: the folder `resources`.
        ui_language: tells the language of the window, where a question does not.
        memory_bytes: tells this computer's memory.

    """

    def __init__(
        self,
        resources: Path,
        ui_language: Callable[[], str],
        memory_bytes: Callable[[], int] = total_memory_bytes,
    ) -> None:
        self._folder = resources / "help"
        self._recommended = resources / "recommended.toml"
        self._ui_language = ui_language
        self._memory_bytes = memory_bytes
        self._reading = threading.Lock()
        self._topics: dict[str, tuple[Topic, ...]] = {}
        self._routers: dict[str, Router] = {}
        self._words: dict[str, dict[str, str]] = {}

    def reply(self, text: str, before: Sequence[Message] = (), *, keeps: bool = True) -> GuideReply:
        """Decide how a message is answered.

        `before` is the chat so far, root first; `keeps` whether the question is going to be
        kept where it is beyond the Guide.

        Blocks: up to 0.3 s at the first message of a language, some milliseconds afterwards.
        """
        opening = text[:_LONGEST_READ]
        language = language_of(opening, self._ui_language())
        passage = read_passage(text)
        if passage is not None:
            return self._on_passage(passage, language, keeps)
        verdict = self._router(language).decide(opening)
        earlier = _passage_before(before)
        if earlier is not None and verdict.lead < _SURE_OF_HELP:
            passage = follow_up(text, earlier)
            if passage is not None:
                return self._on_passage(passage, language, keeps)
        if verdict.part is GuidePart.HELP and verdict.article is not None:
            article = verdict.article
            return GuideReply(GuidePart.HELP, language, article.text, article=article)
        if verdict.part is GuidePart.TALK and len(text) <= _LONGEST_TALK:
            return GuideReply(GuidePart.TALK, language, prompt=text)
        return self._beyond(language, keeps)

    def recommendation(self) -> Recommendation:
        """Give the model that suits this computer."""
        return recommended(self._recommended, self._memory_bytes())

    def _on_passage(self, passage: PassageQuestion, language: str, keeps: bool) -> GuideReply:
        if not passage.is_readable:
            return self._beyond(language, keeps)
        return GuideReply(GuidePart.PASSAGE, language, prompt=passage.prompt)

    def _beyond(self, language: str, keeps: bool) -> GuideReply:
        with self._reading:
            if not self._words:
                self._words = read_toml(self._folder / "words.toml")
        text = self._words[language]["kept" if keeps else "beyond"]
        return GuideReply(GuidePart.BEYOND, language, text, recommendation=self.recommendation())

    def _topics_of(self, language: str) -> tuple[Topic, ...]:
        with self._reading:
            if language not in self._topics:
                self._topics[language] = read_topics(self._folder, language)
            return self._topics[language]

    def _router(self, language: str) -> Router:
        topics = self._topics_of(language)
        with self._reading:
            if language not in self._routers:
                self._routers[language] = Router(
                    topics,
                    read_toml(self._folder / "small_talk.toml")[language],
                    read_toml(self._folder / "beyond.toml")[language],
                    Lexicon(
                        read_toml(self._folder / "routing.toml")[language],
                        spaced=not language.startswith("zh"),
                    ),
                )
            return self._routers[language]


def _passage_before(before: Sequence[Message]) -> PassageQuestion | None:
    """Find the passage that the last answer was about: with it, or before other questions on it."""
    answered = True
    for message in reversed(before):
        mark = mark_of(message)
        if answered and (mark is None or mark.part is not GuidePart.PASSAGE):
            return None
        if not answered:
            found = read_passage(message.text)
            if found is not None:
                return found
        answered = not answered
    return None
