"""`hearth models`: what is installed; bring more, take some away."""

import asyncio
import json

import click

from assistant import app
from assistant.cli.context import CliContext, data_dir_option
from assistant.cli.terminal import ProgressLine, printable
from assistant.domain.errors import HearthError, HubNotFoundError, all_errors
from assistant.domain.events import DownloadChanged, Event
from assistant.domain.llm import Download, DownloadState, HubFile, HubRepo, InstalledModel
from assistant.domain.sizes import readable_size
from assistant.services.library import LibraryService
from assistant.settings.secrets import KeyringSecrets
from assistant.settings.store import SettingsStore


@click.group("models")
@data_dir_option
def command() -> None:
    """List, download and remove models."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@data_dir_option
@click.pass_obj
def list_models(context: CliContext, *, as_json: bool) -> None:
    """List the models on this computer."""
    models = asyncio.run(_all_models(context))
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in models], ensure_ascii=False, indent=2))
        return
    width = max((len(model.name) for model in models), default=0)
    for model in models:
        where = "built in" if model.built_in else model.repo or str(model.path)
        size = readable_size(model.size_bytes)
        click.echo(printable(f"{model.name:<{width}}  {size:>9}  {where}"))


@command.command("guide")
@click.option("--show/--hide", "shown", default=None, help="Bring it back, or hide it.")
@data_dir_option
@click.pass_obj
def guide(context: CliContext, *, shown: bool | None) -> None:
    """Tell whether the Guide is shown; show or hide it.

    The Guide is built in. It answers as long as no model is installed.
    """
    click.echo(asyncio.run(_show_guide(context, shown)), err=True)


@command.command("rm")
@click.argument("model")
@data_dir_option
@click.pass_obj
def remove(context: CliContext, model: str) -> None:
    """Remove a model. A file that Hearth did not download stays where it is.

    The Guide is only hidden: `hearth models guide --show` brings it back.
    """
    asyncio.run(_remove(context, model))


@command.command("pull")
@click.argument("repo")
@click.argument("file", required=False)
@data_dir_option
@click.pass_obj
def pull(context: CliContext, repo: str, file: str | None) -> None:
    """Download a model from a Hub.

    REPO is owner/name or its address. FILE is one of its GGUF files, or a part of the name that
    only one has (Q4_K_M); it may be left out where there is only one. What arrived is kept when
    the download is cut off: the same command goes on.
    """
    asyncio.run(_pull(context, repo, file))


def _library(context: CliContext) -> LibraryService:
    settings = SettingsStore(context.paths.settings)
    return app.build_library(context.paths, settings, lambda _: None, context.resources)


async def _all_models(context: CliContext) -> list[InstalledModel]:
    library = _library(context)
    built_in = await library.guide()
    return [*await library.models(), *([built_in] if built_in is not None else [])]


async def _show_guide(context: CliContext, shown: bool | None) -> str:
    library = _library(context)
    if shown is not None:
        await library.show_guide(shown=shown)
    if await library.guide() is not None:
        return "The Guide is shown. It answers as long as no model is installed."
    if shown:
        return "The Guide is missing from this copy of Hearth."
    return "The Guide is hidden; `hearth models guide --show` brings it back."


async def _remove(context: CliContext, text: str) -> None:
    library = _library(context)
    model = await library.find(text)
    if model.built_in:
        click.echo(await _show_guide(context, shown=False), err=True)
        return
    await library.remove(model.id)
    done = "Removed" if model.owned else "Forgot (the file stays)"
    click.echo(printable(f"{done}: {model.name}"), err=True)


async def _pull(context: CliContext, text: str, wanted: str | None) -> None:
    changes: asyncio.Queue[Download] = asyncio.Queue()

    def note(event: Event) -> None:
        if isinstance(event, DownloadChanged):
            changes.put_nowait(event.download)

    settings = SettingsStore(context.paths.settings)
    downloads = app.build_downloads(context.paths, settings, KeyringSecrets(), note)
    try:
        repo = await downloads.look_up(text)
        file = _choose(repo, wanted)
        line = ProgressLine(file.name)
        started = await downloads.start(repo, file)
        try:
            await _until_done(started, changes, line)
        finally:
            line.clear()
    finally:
        await downloads.close()
    click.echo(f"{repo.repo}: {file.name}", err=True)


async def _until_done(
    download: Download, changes: asyncio.Queue[Download], line: ProgressLine
) -> None:
    while download.state is not DownloadState.DONE:
        if download.error_code or download.state in {DownloadState.FAILED, DownloadState.CANCELLED}:
            raise _error_of(download)
        fraction = download.received_bytes / max(download.total_bytes, 1)
        line.update(fraction, _speed(download))
        latest = await changes.get()
        download = latest if latest.id == download.id else download


def _speed(download: Download) -> str:
    left = download.seconds_left
    if left is None:
        return "checking" if download.state is DownloadState.VERIFYING else ""
    speed = readable_size(int(download.bytes_per_second))
    return f"{speed}/s, {int(left // 60)}:{int(left % 60):02} left"


def _choose(repo: HubRepo, wanted: str | None) -> HubFile:
    """Find the file that is meant: its name, or the only one that has `wanted` in it."""
    if wanted is None:
        found = list(repo.files)
    else:
        found = [file for file in repo.files if file.name == wanted]
        found = found or [file for file in repo.files if wanted.lower() in file.name.lower()]
    if len(found) == 1:
        return found[0]
    if wanted is not None and not found:
        raise HubNotFoundError(host=repo.repo, what=wanted)
    names = "".join(f"\n  {readable_size(each.size_bytes):>9}  {each.name}" for each in found)
    raise click.UsageError(f"{repo.repo} has {len(found)} such files; name one:{names}")


def _error_of(download: Download) -> HearthError:
    params = dict(download.error_params)
    for kind in all_errors():
        if kind.code == download.error_code:
            return kind(**params)
    return HearthError()


def _as_json(model: InstalledModel) -> dict[str, object]:
    return {
        "id": model.id,
        "name": model.name,
        "path": str(model.path),
        "size_bytes": model.size_bytes,
        "repo": model.repo,
        "verified": model.verified,
        "owned": model.owned,
        "built_in": model.built_in,
    }
