"""What the Guide says on a terminal."""

import re

import click

from assistant import app
from assistant.cli.context import CliContext
from assistant.cli.terminal import printable
from assistant.domain.guide import GuideReply, Recommendation
from assistant.domain.sizes import readable_size
from assistant.settings.store import SettingsStore

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BYTES_PER_MINUTE = 50_000_000 / 8 * 60
"""Of a line of 50 Mbit/s."""


def reply_to(context: CliContext, text: str) -> GuideReply:
    """Let the Guide decide about a question that is not kept."""
    settings = SettingsStore(context.paths.settings)
    return app.build_guide(settings, context.resources).reply(text, keeps=False)


def print_reply(reply: GuideReply) -> None:
    """Print an answer that needs no model, and how to get the model that a question needs."""
    click.echo(printable(plain(reply.text)))
    if reply.recommendation is not None:
        click.echo(how_to_get(reply.recommendation), err=True)


def plain(markdown: str) -> str:
    """Drop the marks of bold words; those around commands stay, as in every hint."""
    return _BOLD.sub(r"\1", markdown)


def how_to_get(model: Recommendation) -> str:
    """Say which model suits this computer, and the command that downloads it."""
    minutes = max(round(model.size_bytes / _BYTES_PER_MINUTE), 1)
    size = readable_size(model.size_bytes)
    return (
        f"hint: {model.name} suits this computer ({size}, about {minutes} min at 50 Mbit/s):\n"
        f"  hearth models pull {model.repo} {model.file}"
    )
