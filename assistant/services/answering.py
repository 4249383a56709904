"""How an answer comes about: decoded by a model, or said whole by the Guide."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from assistant.domain.chat import Message, MessageState
from assistant.domain.errors import (
    EngineCancelledError,
    EngineCrashedError,
    EngineUnavailableError,
    HearthError,
    ModelNotFoundError,
)
from assistant.domain.events import Event, MessageEnded, PromptReading
from assistant.domain.generation import GenerationDone, PromptRead, TextDelta
from assistant.services.answer import GrowingAnswer
from assistant.services.model_loading import ModelLoader
from assistant.services.prompt import ReadingPace
from assistant.services.turn import Asked, Ending, Turn


class Answering:
    """Brings answers to their end, whatever happens; each is stored and told of.

    Args:
        loader: gives the engine with the model loaded.
        publish: gets what changes.
        clock: seconds, monotonic.
        sleep: waits that many seconds.

    """

    def __init__(
        self,
        loader: ModelLoader,
        publish: Callable[[Event], None],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._loader = loader
        self._publish = publish
        self._clock = clock
        self._sleep = sleep
        self._heard_at = clock()

    @property
    def silent_seconds(self) -> float:
        """For how long the engine has said nothing in an answer."""
        return self._clock() - self._heard_at

    async def say(self, asked: Asked, text: str, message: Message) -> None:
        """End an answer that is whole from the beginning."""
        await self._end(asked, message, Ending(text, MessageState.DONE))

    async def decode(self, turn: Turn, asked: Asked, message: Message) -> MessageState:
        """Let the model write the answer; gives how it ended. A failure is in `turn.problem`."""

        async def save(text: str) -> None:
            await asked.history.save_answer(message.id, text)

        answer = GrowingAnswer(message, save, self._publish, self._clock, self._sleep)
        state = MessageState.FAILED
        try:
            async with answer.growing():
                if not turn.stop_asked:
                    await self._generate(answer, asked)
            state = MessageState.DONE if answer.done else _cut_short(turn, asked)
        except asyncio.CancelledError:
            state = _cut_short(turn, asked)
        except EngineCrashedError as error:
            self._loader.forget()
            state, turn.problem = MessageState.INTERRUPTED, error
        except HearthError as error:
            if asked.kept is not None and isinstance(error, EngineCancelledError):
                state, turn.gives_way = MessageState.INTERRUPTED, True
            else:
                turn.problem = error
        finally:
            turn.ending = True
            seed = answer.done.seed if answer.done else None
            ending = Ending(answer.text, state, answer.stats(), turn.problem, seed)
            await self._end(asked, message, ending)
        return state

    async def _generate(self, answer: GrowingAnswer, asked: Asked) -> None:
        try:
            await self._generate_once(answer, asked)
        except (ModelNotFoundError, EngineUnavailableError):
            # The worker or the engine ended between two questions: load again, ask again.
            if answer.text or self._loader.info is None:
                raise
            self._loader.forget()
            await self._generate_once(answer, asked)

    async def _generate_once(self, answer: GrowingAnswer, asked: Asked) -> None:
        client, info = await self._loader.ready(asked.model)
        pace = ReadingPace(self._clock)
        answer.begin(info.n_ctx)
        self._heard_at = self._clock()
        events = client.chat(asked.model.id, asked.prompt, asked.options)
        async with aclosing(events):
            async for event in events:
                self._heard_at = self._clock()
                match event:
                    case TextDelta(text):
                        # The Guide's model begins with a space, as its tokenizer has it.
                        is_start = asked.reply is not None and not answer.text
                        answer.add(text.lstrip() if is_start else text)
                    case PromptRead():
                        answer.prompt = event
                        self._tell_reading(answer.message, pace.note(event))
                    case GenerationDone():
                        answer.done = event

    def _tell_reading(self, message: Message, how_far: tuple[float, float | None] | None) -> None:
        if how_far is not None:
            self._publish(PromptReading(message.chat_id, message.id, *how_far))

    async def _end(self, asked: Asked, message: Message, ending: Ending) -> None:
        """Store the answer's end. Where the disk fails, the text still goes to the window."""
        problem = ending.problem
        try:
            ended = await asked.history.end_answer(
                message.id,
                ending.text,
                ending.state,
                stats=ending.stats,
                error_code=problem.code if problem else "",
                seed=ending.seed,
            )
            if asked.kept is not None and ending.came_to_nothing:
                await asked.history.withdraw_answer(message.id)
        except HearthError as error:
            problem = error
            ended = replace(
                message,
                text=ending.text,
                state=MessageState.FAILED,
                stats=ending.stats,
                error_code=error.code,
            )
        self._publish(MessageEnded(ended, problem))


def _cut_short(turn: Turn, asked: Asked) -> MessageState:
    """Give the state of an answer that did not end by itself.

    Whoever takes another model has not given up a question that was kept.
    """
    is_put_off = turn.gives_way and asked.kept is not None
    if turn.stop_asked and not is_put_off:
        return MessageState.STOPPED
    return MessageState.INTERRUPTED
