"""The command `hearth`: opens the app, or hands over to a command."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from assistant import __version__
from assistant.cli.context import CliContext, data_dir_option, existing_file
from assistant.cli.errors import speaking_plainly

# Plain imports in functions, not names in strings: the bundle's builder has to see them.


def _ask() -> click.Command:
    from assistant.cli.ask import command

    return command


def _chat() -> click.Command:
    from assistant.cli.chats import command

    return command


def _doctor() -> click.Command:
    from assistant.cli.doctor import command

    return command


def _models() -> click.Command:
    from assistant.cli.models import command

    return command


def _open() -> click.Command:
    from assistant.cli.open_app import command

    return command


def _parse() -> click.Command:
    from assistant.cli.parse import command

    return command


_COMMANDS: dict[str, tuple[Callable[[], click.Command], str]] = {
    "ask": (_ask, "Ask a model one thing and print its answer."),
    "chat": (_chat, "List, show and export the saved chats."),
    "doctor": (_doctor, "Check that everything Hearth needs is in order."),
    "models": (_models, "List, download and remove models."),
    "open": (_open, "Open the app, with a model file where one is named."),
    "parse": (_parse, ""),
}


class HearthGroup(click.Group):
    """Loads a command only when it is called for, so that each starts quickly.

    `hearth FILE` opens the app with that file.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names that the help shows."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        load, _ = _COMMANDS[cmd_name]
        return load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items() if text])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a file in a command's place as something to open."""
        if args and args[0] not in _COMMANDS and _is_file(args[0]):
            args = ["open", *args]
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> Any:  # noqa: ANN401 - click's signature
        """Run; errors become one sentence and an exit status, and end the program."""
        del standalone_mode
        # What the log says is for the log: a terminal gets one sentence at the end.
        logging.getLogger().addHandler(logging.NullHandler())
        run = partial(
            super().main, args, prog_name or "hearth", complete_var, standalone_mode=False, **extra
        )
        speaking_plainly(run)


def _is_file(word: str) -> bool:
    return word.lower().endswith(".gguf") or existing_file(word) is not None


@click.group(
    cls=HearthGroup,
    name="hearth",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="hearth")
@click.option(
    "--smoke-test", type=click.Path(exists=True, path_type=Path), hidden=True, help="Ask once."
)
@data_dir_option
@click.pass_context
def hearth(ctx: click.Context, smoke_test: Path | None) -> None:
    """Hearth: an assistant that is wholly yours.

    Without a command it opens the app. With the name of a GGUF file it opens the app with that
    model.
    """
    context = ctx.ensure_object(CliContext)
    if smoke_test is not None:
        from assistant.cli import smoke

        ctx.exit(smoke.smoke_test(context.paths, smoke_test.absolute()))
    if ctx.invoked_subcommand is None:
        ctx.invoke(_open())
