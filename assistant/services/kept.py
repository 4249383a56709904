"""Questions that the Guide kept: a real model answers them as soon as there is one."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Coroutine

from assistant.domain.chat import ChatId, Message, MessageId
from assistant.domain.errors import (
    ChatNotFoundError,
    ContextExceededError,
    EngineCancelledError,
    MessageNotFoundError,
    NoModelError,
)
from assistant.domain.events import Event, MessageAdded
from assistant.domain.generation import GenerationOptions
from assistant.domain.guide import is_vain_try
from assistant.domain.llm import InstalledModel
from assistant.services.chat_ports import History
from assistant.services.model_loading import ModelLoader
from assistant.services.prompt import prompt_messages
from assistant.services.turn import Asked, Turn

_FAILURES_IN_A_ROW = 2
"""From as many on, the model is to blame, not the questions."""


class KeptQuestions:
    """Has the kept questions answered, one after the other.

    All that it needs to know is in the history: a crash at any point neither loses a question nor
    has it answered twice.

    Args:
        loader: gives the engine with the model loaded.
        turns: the answers in progress; shared with whoever begins others.
        publish: gets what changes.
        choose: gives the model to use. Raises NoModelError.
        answer: writes an answer to its end and takes its turn out of `turns`.

    """

    def __init__(
        self,
        loader: ModelLoader,
        turns: dict[ChatId, Turn],
        publish: Callable[[Event], None],
        choose: Callable[[], Awaitable[InstalledModel]],
        answer: Callable[[Turn, Asked, Message], Coroutine[None, None, None]],
    ) -> None:
        self._loader = loader
        self._turns = turns
        self._publish = publish
        self._choose = choose
        self._answer = answer
        self._failed: dict[MessageId, int] = {}
        self._failures = itertools.count(1)
        self._is_answering = False
        self._closing = False

    async def answer_all(self, history: History) -> int:
        """Answer what is kept; gives how many answers were begun. 0 where this goes on already.

        Raises HearthError where the model can't be loaded.
        """
        if self._is_answering:
            return 0
        self._is_answering = True
        try:
            return await self._answer_all(history)
        finally:
            self._is_answering = False

    def close(self) -> None:
        """Begin no further answer."""
        self._closing = True

    async def _answer_all(self, history: History) -> int:
        begun = failed_in_a_row = 0
        for chat_id, question in self._failed_last(await history.kept_questions()):
            model = await self._real_model()
            if model is None or self._closing:
                break
            try:
                await self._loader.ready(model)
            except EngineCancelledError:
                break  # another model was chosen; its loading calls again
            turn = await self._answer_one(history, model, chat_id, question)
            if turn is None:
                continue
            begun += 1
            if turn.gives_way:
                break  # whoever chose another model calls again
            if turn.problem is not None:
                self._failed[question] = next(self._failures)
            is_too_long = isinstance(turn.problem, ContextExceededError)
            failed_in_a_row = failed_in_a_row + 1 if turn.problem and not is_too_long else 0
            if failed_in_a_row == _FAILURES_IN_A_ROW:
                break
        return begun

    def _failed_last(self, kept: list[tuple[ChatId, MessageId]]) -> list[tuple[ChatId, MessageId]]:
        """A question that brings the engine down each time must not hold up the others."""
        return sorted(kept, key=lambda each: self._failed.get(each[1], 0))

    async def _real_model(self) -> InstalledModel | None:
        try:
            model = await self._choose()
        except NoModelError:
            return None
        return None if model.built_in else model

    async def _answer_one(
        self, history: History, model: InstalledModel, chat_id: ChatId, question: MessageId
    ) -> Turn | None:
        """Give the turn when it has ended; None where there is nothing to answer any more."""
        if chat_id in self._turns:
            return None
        turn = self._turns[chat_id] = Turn()
        try:
            asked, answer = await self._begin(history, model, chat_id, question)
        except (ChatNotFoundError, MessageNotFoundError):
            del self._turns[chat_id]
            return None  # deleted, or gone on, meanwhile
        except BaseException:
            del self._turns[chat_id]
            raise
        turn.task = asyncio.create_task(self._answer(turn, asked, answer), name="answer")
        await asyncio.wait({turn.task})
        return turn

    async def _begin(
        self, history: History, model: InstalledModel, chat_id: ChatId, question_id: MessageId
    ) -> tuple[Asked, Message]:
        kept = await history.kept_questions()
        if (chat_id, question_id) not in kept:
            raise MessageNotFoundError
        branch = await history.messages(chat_id)
        if is_vain_try(branch[-1]):  # a crash left it
            await history.withdraw_answer(branch[-1].id)
            branch = await history.messages(chat_id)
        [question] = [each for each in branch if each.id == question_id]
        # Each question that waits is asked alone, and once.
        before = [each for each in branch if (chat_id, each.id) not in kept]
        prompt = prompt_messages([*before, question])
        asked = Asked(history, model, prompt, GenerationOptions(), kept=question_id)
        end = branch[-1]
        if end.parent_id == question_id:
            answer = await history.begin_answer(chat_id, question_id, asked.provenance())
        else:
            again, answer = await history.ask_again(
                chat_id, end.id, question.text, asked.provenance()
            )
            self._publish(MessageAdded(again))
        self._publish(MessageAdded(answer))
        return asked, answer
