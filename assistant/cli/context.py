"""What every command knows: where Hearth keeps its things, and which engine it starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from assistant.engine_client.program import engine_command
from assistant.settings.paths import DataPaths, default_data_dir, resource_folder, typed_path

Decorated = TypeVar("Decorated", bound=Callable[..., object])


@dataclass
class CliContext:
    """Handed from the group to its commands as `ctx.obj`; tests bring an engine of their own.

    `resources` is the folder of that name, with the Guide in it.
    """

    data_dir: Path | None = None
    engine_command: Callable[[], list[str]] = field(default=engine_command)
    resources: Path = field(default_factory=resource_folder)

    @property
    def paths(self) -> DataPaths:
        """The data folder in force: the option, else `HEARTH_DATA_DIR`, else the platform's."""
        return DataPaths(self.data_dir or default_data_dir())


def _remember(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(CliContext).data_dir = typed_path(value)


def existing_file(text: str | Path) -> Path | None:
    """Give the file of that name; None where there is none, or none that may be seen."""
    path = typed_path(text)
    try:
        return path if path.is_file() else None
    except OSError:  # too long to be a name, or in a folder that is closed to us
        return None


def data_dir_option(command: Decorated) -> Decorated:
    """Add `--data-dir`; before and after a command's name it means the same."""
    option = click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_remember,
        expose_value=False,
        is_eager=True,
        help="Folder for everything that Hearth writes (else HEARTH_DATA_DIR).",
    )
    return option(command)
