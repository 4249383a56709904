"""The Guide, built in: what it answers with, and how an answer says what it is.

An answer of the Guide is an ordinary message of the assistant. What it is stands in the options
of its `Provenance`, so that the right button is there also after a restart; `mark_of` reads it.
"""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.chat import Message, MessageId, MessageState, Role

GUIDE_NAME = "Guide"
"""Its name in `Provenance.model_name` and `InstalledModel.name`; what a user types for it."""

PART_OPTION = "guide"
"""Which option tells the part of the Guide that answered."""

KEPT_OPTION = "kept"
"""Which option of a real model's answer names the question that the Guide had kept."""

_ARTICLE = "article"
_ACTION = "action"
_LANGUAGE = "language"
_RECOMMENDED = ("name", "repo", "file")
_SIZE = "size_bytes"


class GuideAction(StrEnum):
    """What the button below an article does."""

    OPEN_MODELS = "open-models"
    ADD_MODEL = "add-model"
    OPEN_GGUF = "open-gguf"
    OPEN_SETTINGS = "open-settings"
    NEW_CHAT = "new-chat"
    SEARCH_CHATS = "search-chats"
    RECOVERY_CODE = "recovery-code"
    NONE = "none"


class GuidePart(StrEnum):
    """Which part of the Guide answers."""

    HELP = "help"
    """An article about Hearth, word for word."""

    PASSAGE = "passage"
    """The small model, on a question about a text given with it."""

    TALK = "talk"
    """The small model, on small talk."""

    BEYOND = "beyond"
    """Out of its depth: a sentence and a recommended model; the question is kept."""


@dataclass(frozen=True, slots=True)
class Article:
    """One help article in one language (`en`, `fa`, `zh_CN`, `zh_TW`). `text` is Markdown."""

    id: str
    language: str
    title: str
    text: str
    action: GuideAction


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A GGUF file on the Hub that suits this computer's memory."""

    name: str
    repo: str
    file: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class GuideReply:
    """How one message is answered.

    HELP and BEYOND carry their whole text; TALK and PASSAGE the one user message that goes to
    the model. `article` is there for HELP alone, `recommendation` for BEYOND alone.
    """

    part: GuidePart
    language: str
    text: str = ""
    prompt: str = ""
    article: Article | None = None
    recommendation: Recommendation | None = None

    @property
    def is_decoded(self) -> bool:
        """Whether the model writes the answer."""
        return self.part in {GuidePart.TALK, GuidePart.PASSAGE}

    def options(self) -> dict[str, object]:
        """What is stored in `Provenance.options`; `mark_of` reads it."""
        options: dict[str, object] = {PART_OPTION: self.part.value, _LANGUAGE: self.language}
        if self.article is not None:
            options[_ARTICLE] = self.article.id
            options[_ACTION] = self.article.action.value
        if self.recommendation is not None:
            for name in (*_RECOMMENDED, _SIZE):
                options[name] = getattr(self.recommendation, name)
        return options


@dataclass(frozen=True, slots=True)
class GuideMark:
    """What a stored answer of the Guide is.

    `article` is the article's id, "" for other parts, and `action` its button; `recommendation`
    is there for BEYOND alone, and may be missing even there.
    """

    part: GuidePart
    language: str = "en"
    article: str = ""
    action: GuideAction = GuideAction.NONE
    recommendation: Recommendation | None = None


def mark_of(message: Message) -> GuideMark | None:
    """Read what an answer of the Guide is; None for every other message, and for nonsense."""
    if message.role is not Role.ASSISTANT or message.provenance is None:
        return None
    options = message.provenance.options
    try:
        part = GuidePart(_text(options.get(PART_OPTION)))
    except ValueError:
        return None
    return GuideMark(
        part,
        _text(options.get(_LANGUAGE)) or "en",
        _text(options.get(_ARTICLE)),
        _action(options),
        _recommendation(options) if part is GuidePart.BEYOND else None,
    )


def kept_question(message: Message) -> MessageId | None:
    """Read which question, kept by the Guide, an answer is to; None for every other message."""
    if message.role is not Role.ASSISTANT or message.provenance is None:
        return None
    return MessageId(_text(message.provenance.options.get(KEPT_OPTION))) or None


def is_vain_try(message: Message) -> bool:
    """Whether an answer to a kept question ended, not by the user's will, without a word."""
    ended = message.state in {MessageState.FAILED, MessageState.INTERRUPTED}
    return kept_question(message) is not None and ended and not message.text


def _action(options: dict[str, object]) -> GuideAction:
    try:
        return GuideAction(_text(options.get(_ACTION)))
    except ValueError:  # a newer Hearth's, or nonsense
        return GuideAction.NONE


def _recommendation(options: dict[str, object]) -> Recommendation | None:
    name, repo, file = (_text(options.get(each)) for each in _RECOMMENDED)
    size = options.get(_SIZE)
    if not (repo and file) or isinstance(size, bool) or not isinstance(size, int) or size < 0:
        return None
    return Recommendation(name or repo, repo, file, size)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
