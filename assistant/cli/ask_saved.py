"""`hearth ask --save`: the question goes through the chats, as in the window."""

import asyncio

import click

from assistant import app
from assistant.cli.choice import Question, chosen_model
from assistant.cli.context import CliContext
from assistant.cli.guide import how_to_get, plain
from assistant.cli.terminal import AnswerPrinter, ProgressLine
from assistant.cli.unlock import unlocked_vault
from assistant.domain.chat import Message
from assistant.domain.errors import HearthError, HistoryLockedError
from assistant.domain.events import (
    Event,
    MessageEnded,
    MessageGrew,
    ModelStateChanged,
    PromptReading,
)
from assistant.domain.guide import mark_of
from assistant.engine_client.supervisor import EngineSupervisor
from assistant.services.chat import ChatService
from assistant.settings.store import SettingsStore


class _Screen:
    """Shows what the chat service tells; knows when and how the answer ended."""

    def __init__(self) -> None:
        self._progress = ProgressLine("Working")
        self._printer = AnswerPrinter()
        self.ended = asyncio.Event()
        self.error: HearthError | None = None

    def take(self, event: Event) -> None:
        """Show one event."""
        match event:
            case ModelStateChanged(progress=progress) if not event.info and not event.error:
                self._progress.update(progress)
            case PromptReading(fraction=fraction):
                self._progress.update(fraction)
            case MessageGrew(added=added):
                self._progress.clear()
                self._printer.add(added)
            case MessageEnded(message, error):
                self._end_of_guide(message)
                self.error = error
                self.ended.set()
            case _:
                pass

    def _end_of_guide(self, message: Message) -> None:
        """Show an answer that came whole, and what helps where it says that it is no answer."""
        mark = mark_of(message)
        if mark is None or message.stats is not None:
            return
        self._printer.add(plain(message.text))
        self._printer.end()
        if mark.recommendation is not None:
            click.echo(how_to_get(mark.recommendation), err=True)

    def close(self) -> None:
        """End the lines that are open."""
        self._progress.clear()
        self._printer.end()


async def ask_and_save(context: CliContext, question: Question) -> None:
    """Ask in a chat of its own, print the answer, keep both.

    Raises:
        HearthError: the chats can't be opened, or the answer failed; what came is kept.

    """
    screen = _Screen()
    model = await chosen_model(context, question.model)
    supervisor = EngineSupervisor(context.engine_command(), screen.take)
    settings = SettingsStore(context.paths.settings)
    async with unlocked_vault(context, screen.take) as vault:
        if vault.history is None:
            raise HistoryLockedError
        library = app.build_library(context.paths, settings, screen.take, context.resources)
        guide = app.build_guide(settings, context.resources)
        chat = ChatService(vault, supervisor, settings, library, screen.take, guide=guide)
        try:
            if not model.built_in or question.model is not None:
                await chat.use_model(model)
            created = await vault.history.create_chat()
            await chat.send(created.id, question.prompt, question.options)
            await screen.ended.wait()
        finally:
            screen.close()
            await chat.close()
            await supervisor.stop()
    if screen.error is not None:
        raise screen.error
