"""What belongs to one question and its answer, from the moment it is sent."""

import asyncio
from dataclasses import asdict, dataclass

from assistant.domain.chat import AnswerStats, MessageId, MessageState, Provenance
from assistant.domain.errors import HearthError
from assistant.domain.generation import GenerationOptions, PromptMessage
from assistant.domain.guide import KEPT_OPTION, GuideReply
from assistant.domain.llm import InstalledModel
from assistant.services.chat_ports import History


@dataclass(frozen=True)
class Asked:
    """What goes to the engine, and where the answer goes."""

    history: History
    model: InstalledModel
    prompt: list[PromptMessage]
    options: GenerationOptions
    reply: GuideReply | None = None
    """What the Guide decided, where it answers."""
    kept: MessageId | None = None
    """The question, where the Guide had kept it: it stays kept where this answer fails."""
    opening: str = ""
    """The chat's first message, where the Guide answers it and may name the chat."""

    def provenance(self) -> Provenance:
        """Where the answer comes from."""
        every = asdict(self.options)
        chosen = {name: value for name, value in every.items() if value not in (None, ())}
        if self.reply is not None:
            chosen |= self.reply.options()
        if self.kept is not None:
            chosen[KEPT_OPTION] = self.kept
        return Provenance(self.model.id, self.model.name, chosen, self.options.seed)


@dataclass(frozen=True)
class Ending:
    """How an answer ended."""

    text: str
    state: MessageState
    stats: AnswerStats | None = None
    problem: HearthError | None = None
    seed: int | None = None

    @property
    def came_to_nothing(self) -> bool:
        """Whether it failed, not by the user's will, before its first word."""
        failed = self.state in {MessageState.FAILED, MessageState.INTERRUPTED}
        return failed and not self.text


@dataclass
class Turn:
    """One question and its answer, from the moment that `send` is called."""

    stop_asked: bool = False
    gives_way: bool = False
    """Another model takes the place of the one that answers, or none does."""
    ending: bool = False
    problem: HearthError | None = None
    task: asyncio.Task[None] | None = None

    async def end(self) -> None:
        """Cancel it and wait for its end; one that is ending already is only waited for."""
        if self.task is None:
            return
        # A task that is cancelled before its first step never runs, and its turn would never end.
        await asyncio.sleep(0)
        if not self.ending:
            self.task.cancel()
        await asyncio.wait({self.task})
