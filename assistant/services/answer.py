"""One answer while it grows: what is shown of it, and what is saved of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from assistant.domain.chat import AnswerStats, Message
from assistant.domain.errors import HearthError
from assistant.domain.events import Event, MessageGrew
from assistant.domain.generation import GenerationDone, PromptRead

_LOGGER = logging.getLogger(__name__)
_SHOW_EVERY_SECONDS = 1 / 30
_SAVE_AFTER_SECONDS = 0.4


class GrowingAnswer:
    """Collects an answer's text; tells of it at most 30 times a second, saves it twice a second.

    A save that fails does not end the answer: the next one tries again.

    Args:
        message: the answer as it was begun.
        save: stores the text so far.
        publish: gets `MessageGrew`.
        clock: seconds, monotonic.
        sleep: waits that many seconds.

    """

    def __init__(
        self,
        message: Message,
        save: Callable[[str], Awaitable[None]],
        publish: Callable[[Event], None],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.message = message
        self.text = ""
        self.context_tokens = 0
        self.prompt: PromptRead | None = None
        self.done: GenerationDone | None = None
        self._save = save
        self._publish = publish
        self._clock = clock
        self._sleep = sleep
        self._shown = 0
        self._to_show = asyncio.Event()
        self._to_save = asyncio.Event()
        self._asked_at = clock()
        self._first_token_ms = 0.0

    def begin(self, context_tokens: int) -> None:
        """Note that the engine is asked now: the first token's time counts from here."""
        self.context_tokens = context_tokens
        self._asked_at = self._clock()

    def add(self, text: str) -> None:
        """Take new text."""
        if not self.text:
            self._first_token_ms = (self._clock() - self._asked_at) * 1000
        self.text += text
        self._to_show.set()
        self._to_save.set()

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[None]:
        """Show and save what comes within; at its end everything was shown."""
        helpers = [asyncio.create_task(self._show()), asyncio.create_task(self._keep())]
        try:
            yield
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.wait(helpers)
            self._show_rest()
        for helper in helpers:
            if not helper.cancelled():
                helper.result()

    def stats(self) -> AnswerStats:
        """What the answer cost; of one that did not end by itself, what is known."""
        if self.done is None:
            prompt = self.prompt or PromptRead(0, 0, 0)
            return AnswerStats(
                prompt_tokens=prompt.total,
                cached_tokens=prompt.cached,
                context_tokens=self.context_tokens,
                first_token_ms=self._first_token_ms,
            )
        return AnswerStats(
            prompt_tokens=self.done.prompt_tokens,
            cached_tokens=self.done.cached_tokens,
            completion_tokens=self.done.completion_tokens,
            context_tokens=self.context_tokens,
            first_token_ms=self._first_token_ms,
            prompt_per_second=self.done.prompt_per_second,
            predicted_per_second=self.done.predicted_per_second,
            finish_reason=self.done.finish_reason,
        )

    async def _show(self) -> None:
        while True:
            await self._to_show.wait()
            self._show_rest()
            await self._sleep(_SHOW_EVERY_SECONDS)

    def _show_rest(self) -> None:
        self._to_show.clear()
        added = self.text[self._shown :]
        self._shown = len(self.text)
        if added:
            self._publish(MessageGrew(self.message.chat_id, self.message.id, added))

    async def _keep(self) -> None:
        while True:
            await self._to_save.wait()
            await self._sleep(_SAVE_AFTER_SECONDS)
            self._to_save.clear()
            try:
                await self._save(self.text)
            except HearthError as error:
                _LOGGER.warning("An answer in progress can't be saved: %s", error)
                self._to_save.set()
