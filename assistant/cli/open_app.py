"""`hearth open`: the app. What `hearth` and `hearth FILE` do."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from assistant import app
from assistant.cli.context import CliContext, data_dir_option, existing_file
from assistant.domain.errors import ModelNotFoundError, NoWindowError

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@click.command("open")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@data_dir_option
@click.pass_context
def command(ctx: click.Context, file: Path | None = None) -> None:
    """Open the app, with a model file where one is named."""
    context = ctx.ensure_object(CliContext)
    path = None if file is None else existing_file(file)
    if file is not None and path is None:
        raise ModelNotFoundError(model=str(file))
    require_screen(sys.platform, os.environ)
    try:
        status = app.run_gui(context.paths, path)
    except ImportError as error:
        # Qt's own libraries are ours; those of the system that they need may be missing.
        raise NoWindowError(detail=str(error)) from error
    ctx.exit(status)


def require_screen(system: str, variables: Mapping[str, str]) -> None:
    """Say it where there is no screen: Qt would end the program without a word of ours.

    Raises:
        NoWindowError: neither X11 nor Wayland, and no other platform was asked for.

    """
    if system == "linux" and not any(variables.get(name) for name in _SCREENS):
        raise NoWindowError(detail="there is no screen")
