"""`hearth open`: the app. What `hearth` and `hearth FILE` do."""

from pathlib import Path

import click

from assistant import app
from assistant.cli.context import CliContext, data_dir_option


@click.command("open")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@data_dir_option
@click.pass_context
def command(ctx: click.Context, file: Path | None = None) -> None:
    """Open the app, with a model file where one is named."""
    context = ctx.ensure_object(CliContext)
    path = None if file is None else file.expanduser().absolute()
    ctx.exit(app.run_gui(context.paths, path))
