"""Names for chats that the Guide answers: an article's title, or what its model makes up."""

import asyncio
import logging
from contextlib import aclosing

from assistant.domain.chat import ChatId
from assistant.domain.errors import HearthError
from assistant.domain.generation import TextDelta
from assistant.services.guide.decoding import TITLE_OPTIONS, clean_title, title_prompt
from assistant.services.model_loading import ModelLoader
from assistant.services.turn import Asked

_LOGGER = logging.getLogger(__name__)


class ChatTitles:
    """Suggests titles; without a good one a chat keeps the first words of its first message."""

    def __init__(self, loader: ModelLoader) -> None:
        self._loader = loader
        self._making: set[asyncio.Task[None]] = set()

    def begin(self, asked: Asked, chat_id: ChatId) -> None:
        """Let the Guide's model name a chat by its first message, in the background."""
        task = asyncio.create_task(self._make(asked, chat_id), name="title")
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def suggest(self, asked: Asked, chat_id: ChatId, title: str) -> None:
        """Give a title, unless the user gave one. One that can't be stored is no failure."""
        try:
            await asked.history.suggest_title(chat_id, title)
        except HearthError as error:
            _LOGGER.info("The title was not stored: %s", error)

    async def close(self) -> None:
        """End what is being made."""
        making = list(self._making)
        for task in making:
            task.cancel()
        if making:
            await asyncio.wait(making)

    async def _make(self, asked: Asked, chat_id: ChatId) -> None:
        written = ""
        try:
            client, _ = await self._loader.ready(asked.model)
            events = client.chat(asked.model.id, title_prompt(asked.opening), TITLE_OPTIONS)
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, TextDelta):
                        written += event.text
        except HearthError as error:
            _LOGGER.info("No title was made: %s", error)
            return
        await self.suggest(asked, chat_id, clean_title(written))
