"""`hearth parse`: the parser child. The app starts it; people have no use for it."""

import io
import json
import sys

import click

from assistant.cli.context import data_dir_option
from assistant.cli.errors import FAILED
from assistant.extract import child
from assistant.extract.limits import Limits

_SAMPLE = "A first paragraph.\n\nسلام 你好 👩🏽‍🚀\n"


@click.command("parse", hidden=True)
@click.option("--self-check", is_flag=True, help="Read a text of its own, within the limits.")
@data_dir_option
@click.pass_context
def command(ctx: click.Context, *, self_check: bool) -> None:
    """Read one file from the standard input and print its paragraphs as JSON lines."""
    ctx.exit(_check() if self_check else _parse())


def _parse() -> int:
    target = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    try:
        return child.run(sys.stdin.buffer, target, Limits())
    finally:
        target.detach()


def _check() -> int:
    target = io.StringIO()
    status = child.run(io.BytesIO(_SAMPLE.encode()), target, Limits())
    texts = [json.loads(line).get("text") for line in target.getvalue().splitlines()]
    if status == 0 and texts == _SAMPLE.strip().split("\n\n"):
        click.echo("The parser reads.")
        return 0
    return FAILED
