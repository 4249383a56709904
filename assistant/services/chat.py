"""Chat turns: a question is saved, the engine answers it, the answer is kept as it grows."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace

from assistant.domain.chat import (
    ChatId,
    Message,
    MessageState,
    Provenance,
)
from assistant.domain.errors import (
    ChatBusyError,
    EngineCrashedError,
    EngineUnavailableError,
    HearthError,
    HistoryLockedError,
    ModelNotFoundError,
    NoModelError,
)
from assistant.domain.events import (
    EngineStateChanged,
    Event,
    MessageAdded,
    MessageEnded,
    PromptReading,
)
from assistant.domain.generation import (
    GenerationDone,
    GenerationOptions,
    PromptMessage,
    PromptRead,
    TextDelta,
)
from assistant.domain.llm import InstalledModel, LoadedInfo
from assistant.engine_client.protocol import EngineSource
from assistant.services.answer import GrowingAnswer
from assistant.services.chat_ports import History, Library, Vault
from assistant.services.model_loading import ModelLoader
from assistant.services.prompt import ReadingPace, prompt_messages
from assistant.settings.store import SettingsStore
from assistant.settings.table import LAST_MODEL

_WEDGED_AFTER_SECONDS = 15.0
"""A prompt that is read is told of more often, also on slow machines."""


@dataclass(frozen=True)
class Asked:
    """What goes to the engine, and where the answer goes."""

    history: History
    model: InstalledModel
    prompt: list[PromptMessage]
    options: GenerationOptions


@dataclass
class Turn:
    """One question and its answer, from the moment that `send` is called."""

    stop_asked: bool = False
    ending: bool = False
    task: asyncio.Task[None] | None = None


class ChatService:
    """Sends questions and keeps answers. One answer at a time in a chat, any number of chats.

    Args:
        vault: gives the history once it is unlocked.
        engine: gives a client of the running engine.
        settings: remembers the model in use.
        library: knows which models there are.
        publish: gets what changes.
        clock: seconds, monotonic.
        sleep: waits that many seconds.

    """

    def __init__(
        self,
        vault: Vault,
        engine: EngineSource,
        settings: SettingsStore,
        library: Library,
        publish: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vault = vault
        self._settings = settings
        self._library = library
        self._publish = publish
        self._clock = clock
        self._sleep = sleep
        self._loader = ModelLoader(engine, settings, publish, clock)
        self._turns: dict[ChatId, Turn] = {}
        self._heard_at = clock()

    @property
    def model(self) -> InstalledModel | None:
        """The model in use, loaded or not."""
        return self._loader.model

    @property
    def loaded(self) -> LoadedInfo | None:
        """What the engine says of it; None while it is not loaded."""
        return self._loader.info

    def note(self, event: Event) -> None:
        """Take an event of the engine: with it, its models are gone."""
        if isinstance(event, EngineStateChanged) and not event.ready:
            self._loader.forget()

    def is_answering(self, chat_id: ChatId) -> bool:
        """Whether an answer is in progress in that chat."""
        return chat_id in self._turns

    async def send(
        self, chat_id: ChatId, text: str, options: GenerationOptions | None = None
    ) -> None:
        """Save the user's message, then have it answered; returns when the message is saved.

        Raises:
            ChatBusyError: the chat's last answer is not finished.
            HistoryLockedError: the chats are not unlocked yet.
            HistoryDiskError: the message can't be saved; nothing was sent.
            NoModelError: there is no model to answer; nothing was saved.
            ChatNotFoundError: no such chat.

        """
        history = self._history()
        if chat_id in self._turns:
            raise ChatBusyError
        turn = self._turns[chat_id] = Turn()
        try:
            model = await self._chosen_model()
            messages = await history.messages(chat_id)
            parent = messages[-1].id if messages else None
            question = await history.add_user_message(chat_id, parent, text)
            self._publish(MessageAdded(question))
            prompt = prompt_messages([*messages, question])
            asked = Asked(history, model, prompt, options or GenerationOptions())
            answer = await history.begin_answer(chat_id, question.id, _provenance(asked))
            self._publish(MessageAdded(answer))
        except BaseException:
            del self._turns[chat_id]
            raise
        turn.task = asyncio.create_task(self._answer(turn, asked, answer), name="answer")

    async def stop(self, chat_id: ChatId) -> None:
        """End the answer in progress, keeping what was written; returns when it has ended.

        Where the engine has been silent for long, its worker is taken for wedged and ended too,
        so that the next question is answered by a new one.
        """
        turn = self._turns.get(chat_id)
        if turn is None:
            return
        turn.stop_asked = True
        is_wedged = self.loaded and self._clock() - self._heard_at >= _WEDGED_AFTER_SECONDS
        await _end(turn)
        if is_wedged:
            await self._loader.end_worker()

    async def use_model(self, model: InstalledModel) -> None:
        """Load a model in the place of the one in use.

        Answers in progress are stopped, a load in progress is cancelled. Raises the errors of
        the engine and of the model file.
        """
        if self.model is None or self.model.id != model.id:
            await self._stop_all()
        await self._loader.use(model)

    async def unload(self) -> None:
        """Stop all answers and give the model's memory back."""
        await self._stop_all()
        await self._loader.unload()

    async def close(self) -> None:
        """End all answers as interrupted, and a load in progress."""
        await asyncio.gather(*(_end(turn) for turn in list(self._turns.values())))
        await self._loader.cancel_load()

    async def _stop_all(self) -> None:
        await asyncio.gather(*(self.stop(chat_id) for chat_id in list(self._turns)))

    def _history(self) -> History:
        history = self._vault.history
        if history is None:
            raise HistoryLockedError
        return history

    async def _chosen_model(self) -> InstalledModel:
        """Give the model in use, else the one used last, else the first there is."""
        if self._loader.model is not None:
            return self._loader.model
        models = await self._library.models()
        last = self._settings.get(LAST_MODEL)
        for model in models:
            if model.id == last:
                return model
        if not models:
            raise NoModelError
        return models[0]

    async def _answer(self, turn: Turn, asked: Asked, message: Message) -> None:
        async def save(text: str) -> None:
            await asked.history.save_answer(message.id, text)

        answer = GrowingAnswer(message, save, self._publish, self._clock, self._sleep)
        state = MessageState.FAILED
        problem: HearthError | None = None
        try:
            async with answer.growing():
                if not turn.stop_asked:
                    await self._generate(answer, asked)
            state = MessageState.DONE if answer.done else MessageState.STOPPED
        except asyncio.CancelledError:
            state = MessageState.STOPPED if turn.stop_asked else MessageState.INTERRUPTED
        except EngineCrashedError as error:
            self._loader.forget()
            state, problem = MessageState.INTERRUPTED, error
        except HearthError as error:
            problem = error
        finally:
            turn.ending = True
            await self._end(asked.history, answer, state, problem)
            del self._turns[message.chat_id]

    async def _generate(self, answer: GrowingAnswer, asked: Asked) -> None:
        try:
            await self._generate_once(answer, asked)
        except (ModelNotFoundError, EngineUnavailableError):
            # The worker or the engine ended between two questions: load again, ask again.
            if answer.text or self.loaded is None:
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
                        answer.add(text)
                    case PromptRead():
                        answer.prompt = event
                        self._tell_reading(answer.message, pace.note(event))
                    case GenerationDone():
                        answer.done = event

    def _tell_reading(self, message: Message, how_far: tuple[float, float | None] | None) -> None:
        if how_far is not None:
            self._publish(PromptReading(message.chat_id, message.id, *how_far))

    async def _end(
        self,
        history: History,
        answer: GrowingAnswer,
        state: MessageState,
        problem: HearthError | None,
    ) -> None:
        """Store the answer's end. Where the disk fails, the text still goes to the window."""
        stats = answer.stats()
        code = problem.code if problem else ""
        seed = answer.done.seed if answer.done else None
        try:
            message = await history.end_answer(
                answer.message.id, answer.text, state, stats=stats, error_code=code, seed=seed
            )
        except HearthError as error:
            problem = error
            message = replace(
                answer.message,
                text=answer.text,
                state=MessageState.FAILED,
                stats=stats,
                error_code=error.code,
            )
        self._publish(MessageEnded(message, problem))


async def _end(turn: Turn) -> None:
    """Cancel a turn and wait for its end; one that is ending already is only waited for."""
    if turn.task is None:
        return
    # A task that is cancelled before its first step never runs, and its turn would never end.
    await asyncio.sleep(0)
    if not turn.ending:
        turn.task.cancel()
    await asyncio.wait({turn.task})


def _provenance(asked: Asked) -> Provenance:
    every = asdict(asked.options)
    chosen = {name: value for name, value in every.items() if value not in (None, ())}
    return Provenance(asked.model.id, asked.model.name, chosen, asked.options.seed)
