"""`hearth chat`: what was said, on the terminal or in a file."""

import asyncio
import json
import sys
from pathlib import Path

import click

from assistant.cli.context import CliContext, data_dir_option
from assistant.cli.terminal import printable
from assistant.cli.unlock import opened_history
from assistant.domain.chat import Chat, Message
from assistant.domain.errors import ChatNotFoundError, FileWriteError
from assistant.services.history import HistoryService

_SHORTEST_PREFIX = 4


@click.group("chat")
@data_dir_option
def command() -> None:
    """List, show and export the saved chats."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@data_dir_option
@click.pass_obj
def list_chats(context: CliContext, *, as_json: bool) -> None:
    """List the chats, the newest first."""
    asyncio.run(_list(context, as_json=as_json))


@command.command("show")
@click.argument("chat")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@data_dir_option
@click.pass_obj
def show(context: CliContext, chat: str, *, as_json: bool) -> None:
    """Print a chat. CHAT is its id, the beginning of it, or its title."""
    asyncio.run(_show(context, chat, as_json=as_json))


@command.command("export")
@click.argument("chat")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File.")
@data_dir_option
@click.pass_obj
def export(context: CliContext, chat: str, output: Path | None) -> None:
    """Write a chat as Markdown, to the standard output or a file."""
    text = asyncio.run(_export(context, chat))
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileWriteError(path=str(output), detail=error.strerror or str(error)) from error


async def _list(context: CliContext, *, as_json: bool) -> None:
    async with opened_history(context) as history:
        chats = [] if history is None else await history.chats()
    if as_json:
        click.echo(json.dumps([_chat_json(chat) for chat in chats], ensure_ascii=False, indent=2))
        return
    for chat in chats:
        when = chat.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(printable(f"{chat.id}  {when}  {chat.title}"))


async def _show(context: CliContext, text: str, *, as_json: bool) -> None:
    async with opened_history(context) as history:
        chat = await _find(history, text)
        messages = [] if history is None else await history.messages(chat.id)
    if as_json:
        values = _chat_json(chat) | {"messages": [_message_json(each) for each in messages]}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    for message in messages:
        name = message.provenance.model_name if message.provenance else message.role.value
        state = "" if message.state.value == "done" else f" ({message.state.value})"
        click.echo(printable(f"{name}{state}:\n{message.text}\n"))


async def _export(context: CliContext, text: str) -> str:
    async with opened_history(context) as history:
        chat = await _find(history, text)
        return "" if history is None else await history.export_markdown(chat.id)


async def _find(history: HistoryService | None, text: str) -> Chat:
    """Find the one chat that is meant.

    Raises:
        ChatNotFoundError: none is, or several are.

    """
    chats = [] if history is None else await history.chats()
    exact = [chat for chat in chats if text in {chat.id, chat.title}]
    begun = [chat for chat in chats if len(text) >= _SHORTEST_PREFIX and chat.id.startswith(text)]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
    raise ChatNotFoundError(chat=text)


def _chat_json(chat: Chat) -> dict[str, object]:
    return {
        "id": chat.id,
        "title": chat.title,
        "created_at": chat.created_at.isoformat(),
        "updated_at": chat.updated_at.isoformat(),
    }


def _message_json(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "role": message.role.value,
        "text": message.text,
        "state": message.state.value,
        "created_at": message.created_at.isoformat(),
        "model": message.provenance.model_name if message.provenance else None,
    }
