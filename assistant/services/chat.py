"""Chat turns: a question is saved, the engine answers it, the answer is kept as it grows."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from assistant.domain.chat import ChatId, Message, MessageState
from assistant.domain.errors import (
    ChatBusyError,
    HistoryLockedError,
    NoModelError,
)
from assistant.domain.events import EngineStateChanged, Event, MessageAdded
from assistant.domain.generation import GenerationOptions, PromptMessage
from assistant.domain.guide import GuideReply
from assistant.domain.llm import InstalledModel, LoadedInfo
from assistant.engine_client.protocol import EngineSource
from assistant.services.answering import Answering
from assistant.services.chat_ports import Guide, History, Library, Vault
from assistant.services.guide.decoding import answer_options
from assistant.services.guide.titles import ChatTitles
from assistant.services.kept import KeptQuestions
from assistant.services.model_loading import ModelLoader
from assistant.services.prompt import prompt_messages
from assistant.services.turn import Asked, Turn
from assistant.settings.store import SettingsStore
from assistant.settings.table import LAST_MODEL

_WEDGED_AFTER_SECONDS = 15.0
"""A prompt that is read is told of more often, also on slow machines."""


class ChatService:
    """Sends questions and keeps answers. One answer at a time in a chat, any number of chats.

    Args:
        vault: gives the history once it is unlocked.
        engine: gives a client of the running engine.
        settings: remembers the model in use.
        library: knows which models there are.
        publish: gets what changes.
        guide: answers while no model is installed; None for a service without the Guide.
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
        guide: Guide | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._vault = vault
        self._settings = settings
        self._library = library
        self._publish = publish
        self._guide = guide
        self._loader = ModelLoader(engine, settings, publish, clock)
        self._answering = Answering(self._loader, publish, clock, sleep)
        self._titles = ChatTitles(self._loader)
        self._turns: dict[ChatId, Turn] = {}
        self._insists_on_guide = False
        self._kept = KeptQuestions(
            self._loader, self._turns, publish, self._chosen_model, self._answer
        )
        self._closing = False

    @property
    def model(self) -> InstalledModel | None:
        """The model in use, loaded or not; the Guide's own once it was needed (`built_in`)."""
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

        Where the Guide answers without its model, its answer is there when this returns.

        Raises:
            ChatBusyError: the chat's last answer is not finished.
            HistoryLockedError: the chats are not unlocked yet.
            HistoryDiskError: the message can't be saved; nothing was sent.
            NoModelError: there is no model to answer, nor the Guide; nothing was saved.
            ChatNotFoundError: no such chat.

        """
        history = self._history()
        if chat_id in self._turns:
            raise ChatBusyError
        turn = self._turns[chat_id] = Turn()
        try:
            model = await self._chosen_model()
            messages = await history.messages(chat_id)
            reply = await self._reply_of_guide(model, text, messages)
            parent = messages[-1].id if messages else None
            question = await history.add_user_message(chat_id, parent, text)
            self._publish(MessageAdded(question))
            asked = _asked(history, model, [*messages, question], options, reply)
            answer = await history.begin_answer(chat_id, question.id, asked.provenance())
            self._publish(MessageAdded(answer))
        except BaseException:
            del self._turns[chat_id]
            raise
        if reply is None or reply.is_decoded:
            turn.task = asyncio.create_task(self._answer(turn, asked, answer), name="answer")
            return
        turn.ending = True
        turn.task = asyncio.create_task(self._say(asked, reply, answer), name="said")
        await asyncio.wait({turn.task})

    async def answer_kept(self) -> int:
        """Answer the questions that the Guide kept, with the model in use: one after the other.

        The latest chat comes first. Where the Guide's answer is the last of its chat, the new one
        stands beside it, under the question; else the question is asked again at the chat's end.
        What fails before its first word is taken back, and the question stays kept. So it is
        where another model is chosen meanwhile; whoever chose it calls this again. Gives how many
        were begun; 0 at once where no model is installed, nothing is kept, the history is locked,
        or this goes on already.

        Raises:
            HearthError: the model can't be loaded; what is still kept stays so.

        """
        history = self._vault.history
        return 0 if history is None else await self._kept.answer_all(history)

    async def stop(self, chat_id: ChatId) -> None:
        """End the answer in progress, keeping what was written; returns when it has ended.

        Where the engine has been silent for long, its worker is taken for wedged and ended too,
        so that the next question is answered by a new one.
        """
        turn = self._turns.get(chat_id)
        if turn is None:
            return
        turn.stop_asked = True
        is_wedged = self.loaded and self._answering.silent_seconds >= _WEDGED_AFTER_SECONDS
        await turn.end()
        if is_wedged:
            await self._loader.end_worker()

    async def use_model(self, model: InstalledModel) -> None:
        """Load a model in the place of the one in use.

        Answers in progress are stopped, a load in progress is cancelled. Raises the errors of
        the engine and of the model file.
        """
        self._insists_on_guide = model.built_in
        if self.model is None or self.model.id != model.id:
            await self._stop_all()
        await self._loader.use(model)

    async def unload(self) -> None:
        """Stop all answers and give the model's memory back."""
        await self._stop_all()
        await self._loader.unload()

    async def close(self) -> None:
        """End all answers as interrupted, and a load in progress."""
        self._closing = True
        self._kept.close()
        await asyncio.gather(*(turn.end() for turn in list(self._turns.values())))
        await self._titles.close()
        await self._loader.cancel_load()

    async def _stop_all(self) -> None:
        for turn in self._turns.values():
            turn.gives_way = True
        await asyncio.gather(*(self.stop(chat_id) for chat_id in list(self._turns)))

    def _history(self) -> History:
        history = self._vault.history
        if history is None:
            raise HistoryLockedError
        return history

    async def _chosen_model(self) -> InstalledModel:
        """Give the model in use, else the one used last, else the first there is, else the Guide.

        The Guide gives way as soon as there is any other, unless it was asked for by name.
        """
        used = self._loader.model
        if used is not None and (not used.built_in or self._insists_on_guide):
            return used
        models = await self._library.models()
        if not models:
            guide = await self._library.guide() if self._guide is not None else None
            if guide is None:
                raise NoModelError
            return guide
        if used is not None:
            answering = [chat_id for chat_id, turn in self._turns.items() if turn.task is not None]
            await asyncio.gather(*(self.stop(chat_id) for chat_id in answering))
        last = self._settings.get(LAST_MODEL)
        chosen = next((model for model in models if model.id == last), models[0])
        if used is not None:
            await self._loader.choose(chosen)
        return chosen

    async def _reply_of_guide(
        self, model: InstalledModel, text: str, before: list[Message]
    ) -> GuideReply | None:
        if self._guide is None or not model.built_in:
            return None
        return await asyncio.to_thread(self._guide.reply, text, before)

    async def _answer(self, turn: Turn, asked: Asked, message: Message) -> None:
        try:
            state = await self._answering.decode(turn, asked, message)
        finally:
            del self._turns[message.chat_id]
        if asked.opening and state is MessageState.DONE and not self._closing:
            self._titles.begin(asked, message.chat_id)

    async def _say(self, asked: Asked, reply: GuideReply, message: Message) -> None:
        try:
            await self._answering.say(asked, reply.text, message)
            if asked.opening and reply.article is not None:
                await self._titles.suggest(asked, message.chat_id, reply.article.title)
        finally:
            del self._turns[message.chat_id]


def _asked(
    history: History,
    model: InstalledModel,
    messages: list[Message],
    options: GenerationOptions | None,
    reply: GuideReply | None,
) -> Asked:
    options = options or GenerationOptions()
    if reply is None:
        return Asked(history, model, prompt_messages(messages), options)
    opening = messages[0].text if len(messages) == 1 else ""
    if not reply.is_decoded:
        return Asked(history, model, [], GenerationOptions(), reply, opening=opening)
    prompt = [PromptMessage("user", reply.prompt)]
    return Asked(history, model, prompt, answer_options(options), reply, opening=opening)
