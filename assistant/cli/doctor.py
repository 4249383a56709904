"""`hearth doctor`: whether everything that Hearth needs is in order. Uses no network."""

import asyncio
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

import click

from assistant import __version__
from assistant.cli.context import CliContext, data_dir_option
from assistant.cli.errors import FAILED
from assistant.cli.terminal import printable
from assistant.domain.errors import HearthError, HistoryUnreadableError
from assistant.domain.generation import GenerationDone, GenerationOptions, ModelFile
from assistant.domain.sizes import readable_size
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from assistant.settings.secrets import KeyringSecrets
from assistant.settings.store import SettingsStore
from assistant.storage.connection import is_plain
from assistant.storage.keyfile import KeyFile
from assistant.storage.versions import sqlcipher_version, sqlite_version

_LITTLE_SPACE_BYTES = 2_000_000_000
_MEASURED_TOKENS = 32


@dataclass
class Check:
    """One finding. `state` is ok, warning or failed; `facts` are for programs."""

    name: str
    state: str
    text: str
    hint: str = ""
    facts: dict[str, object] = field(default_factory=dict)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "-m",
    "--model",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="Also load this GGUF file; tells the processor's variant or the GPU, and the speed.",
)
@data_dir_option
@click.pass_context
def command(ctx: click.Context, model: Path | None, *, as_json: bool) -> None:
    """Check that everything Hearth needs is in order."""
    context = ctx.ensure_object(CliContext)
    checks = asyncio.run(_all_checks(context, model))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            click.echo(printable(f"{_MARKS[check.state]} {check.name}: {check.text}"))
            if check.hint:
                click.echo(f"    hint: {check.hint}")
    ctx.exit(FAILED if any(check.state == "failed" for check in checks) else 0)


_MARKS = {"ok": "[ok]     ", "warning": "[warning]", "failed": "[failed] "}


async def _all_checks(context: CliContext, model: Path | None) -> list[Check]:
    steps: list[tuple[str, Callable[[], Awaitable[Check]]]] = [
        ("Versions", _versions),
        ("Engine", lambda: _engine(context, model)),
        ("Data folder", lambda: _data_folder(context)),
        ("Settings", lambda: _settings(context)),
        ("Chats", lambda: _chats(context)),
        ("Keyring", _keyring),
    ]
    checks = []
    for name, step in steps:
        try:
            checks.append(await step())
        except HearthError as error:
            checks.append(Check(name, "failed", error.message, error.next_step))
    return checks


async def _versions() -> Check:
    facts: dict[str, object] = {
        "hearth": __version__,
        "python": platform.python_version(),
        "qt": _version_of("pyside6"),
        "sqlite": sqlite_version(),
        "sqlcipher": sqlcipher_version(),
        "system": platform.platform(),
        "bundle": hasattr(sys, "_MEIPASS"),
    }
    text = (
        f"Hearth {facts['hearth']}, Python {facts['python']}, Qt {facts['qt']},"
        f" SQLite {facts['sqlite']}, SQLCipher {facts['sqlcipher'] or 'missing'},"
        f" {facts['system']}"
    )
    return Check("Versions", "ok" if facts["sqlcipher"] else "failed", text, facts=facts)


def _version_of(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


async def _engine(context: CliContext, model: Path | None) -> Check:
    """Really start it, ask it, and load a model where one was named."""
    program = context.engine_command()
    supervisor = EngineSupervisor(program, publish=lambda _: None)
    began = time.monotonic()
    try:
        client = await supervisor.start()
        facts: dict[str, object] = {
            "program": program[0],
            "version": await client.health(),
            "start_ms": round((time.monotonic() - began) * 1000),
            "processor_variants": _processor_variants(Path(program[0])),
        }
        text = f"version {facts['version']}, started in {facts['start_ms']} ms"
        if model is not None:
            more, words = await _try_model(client, model)
            facts |= more
            text += f", {words}"
    finally:
        await supervisor.stop()
    return Check("Engine", "ok", text, facts=facts)


async def _try_model(client: EngineClient, path: Path) -> tuple[dict[str, object], str]:
    file = ModelFile("doctor", path)
    info = await client.load(file, lambda _: None)
    options = GenerationOptions(temperature=0, max_tokens=_MEASURED_TOKENS)
    rate = 0.0
    async for event in client.complete(file.id, "Once upon a time", options):
        if isinstance(event, GenerationDone):
            rate = event.predicted_per_second
    facts: dict[str, object] = {
        "device": info.device,
        "model": info.description,
        "tokens_per_second": round(rate, 1),
    }
    return facts, f"{info.description} on {info.device}: {rate:.1f} tokens per second"


def _processor_variants(program: Path) -> list[str]:
    """Name the variants of the computing libraries that lie beside the program."""
    names = sorted(path.name for path in program.parent.glob("libggml-cpu-*"))
    return [name.removeprefix("libggml-cpu-").split(".")[0] for name in names]


async def _data_folder(context: CliContext) -> Check:
    root = context.paths.root
    existing = _nearest_existing(root)
    free = shutil.disk_usage(existing).free
    facts: dict[str, object] = {"path": str(root), "free_bytes": free}
    text = f"{root}, {readable_size(free)} free"
    if not os.access(existing, os.W_OK | os.X_OK):
        hint = "Choose another folder with `--data-dir`."
        return Check("Data folder", "failed", f"{existing} can't be written", hint, facts)
    if free < _LITTLE_SPACE_BYTES:
        return Check("Data folder", "warning", text, "Models need several gigabytes.", facts)
    return Check("Data folder", "ok", text, facts=facts)


def _nearest_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


async def _settings(context: CliContext) -> Check:
    if not context.paths.settings.exists():
        return Check("Settings", "ok", "none changed yet")
    problem = SettingsStore(context.paths.settings).problem
    if problem is not None:
        return Check("Settings", "warning", problem.message, problem.next_step)
    return Check("Settings", "ok", "readable")


async def _chats(context: CliContext) -> Check:
    """Say how the chats are protected, without opening them."""
    record = KeyFile(context.paths.key_file, _never_write).read()
    database = context.paths.database
    size = database.stat().st_size if database.exists() else 0
    if record is None and size and not is_plain(database):
        raise HistoryUnreadableError(
            path=str(database), detail="the file key.json beside it is missing"
        )
    if record is None:
        return Check("Chats", "ok", "not encrypted" if size else "none yet")
    facts: dict[str, object] = {
        "protection": record.protection.value,
        "recovery_code": record.recovery is not None,
        "bytes": size,
    }
    text = f"{readable_size(size)}, protected by: {record.protection.value}"
    if record.recovery is None and record.protection.value != "none":
        hint = "Save a recovery code in Settings."
        return Check("Chats", "warning", f"{text}, no recovery code", hint, facts)
    return Check("Chats", "ok", text, facts=facts)


def _never_write(path: Path, data: bytes) -> None:
    raise AssertionError(path, data)


async def _keyring() -> Check:
    """A missing keyring is no failure: a passphrase does as well."""
    try:
        name = await KeyringSecrets().backend()
    except HearthError as error:
        return Check("Keyring", "warning", error.message, error.next_step)
    return Check("Keyring", "ok", name, facts={"backend": name})
