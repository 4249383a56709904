"""A chat as the engine gets it, and how far the engine has read it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.domain.chat import Message
from assistant.domain.generation import PromptMessage, PromptRead
from assistant.domain.guide import GuidePart, kept_question, mark_of

_LONG_PROMPT_TOKENS = 256
_TELL_EVERY_SECONDS = 0.1


def prompt_messages(messages: Iterable[Message]) -> list[PromptMessage]:
    """Give the conversation for the engine.

    Answers that were stopped or interrupted count as far as they came; empty ones are left
    out, and so is where the Guide said that a question is beyond it. Neighbours of one role, as
    a failed answer leaves them, become one message: many chat templates refuse roles that do
    not alternate. A question that was asked again later counts there alone.
    """
    shown = list(messages)
    asked_again = {kept_question(each) for each in shown if kept_question(each) != each.parent_id}
    prompt: list[PromptMessage] = []
    for message in shown:
        if not message.text or _says_beyond(message) or message.id in asked_again:
            continue
        role, text = message.role.value, message.text
        if prompt and prompt[-1].role == role:
            text = f"{prompt.pop().content}\n\n{text}"
        prompt.append(PromptMessage(role, text))
    return prompt


def _says_beyond(message: Message) -> bool:
    mark = mark_of(message)
    return mark is not None and mark.part is GuidePart.BEYOND


@dataclass
class ReadingPace:
    """How fast a prompt is read; tells about long ones only, at most ten times a second."""

    clock: Callable[[], float]
    _began: float | None = None
    _told: float = field(default=float("-inf"))

    def note(self, read: PromptRead) -> tuple[float, float | None] | None:
        """Give the fraction read (0 to 1) and the seconds left; None where it is not worth it."""
        now = self.clock()
        self._began = now if self._began is None else self._began
        computed = read.processed - read.cached
        wanted = read.total - read.cached
        if wanted < _LONG_PROMPT_TOKENS or read.total <= 0:
            return None
        if now - self._told < _TELL_EVERY_SECONDS and read.processed < read.total:
            return None
        self._told = now
        elapsed = now - self._began
        left = elapsed / computed * (wanted - computed) if computed > 0 and elapsed > 0 else None
        return read.processed / read.total, left
