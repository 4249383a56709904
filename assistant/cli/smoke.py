"""`hearth --smoke-test MODEL`: the window really opens, answers once and closes."""

import asyncio
from pathlib import Path

import click

from assistant import app
from assistant.cli.errors import FAILED, tell
from assistant.domain.errors import KeyringUnavailableError
from assistant.domain.vault import VaultState
from assistant.services.vault import VaultService
from assistant.settings.paths import DataPaths
from assistant.settings.store import SettingsStore


class _NoKeyring:
    """A test's chats leave no entry in a person's keyring."""

    async def backend(self) -> str:
        raise KeyringUnavailableError(detail="not in a smoke test")

    async def get(self, name: str) -> str | None:
        raise KeyringUnavailableError(detail=name)

    async def set(self, name: str, secret: str) -> None:
        del secret
        raise KeyringUnavailableError(detail=name)

    async def delete(self, name: str) -> None:
        raise KeyringUnavailableError(detail=name)


def smoke_test(paths: DataPaths, model: Path) -> int:
    """Give 0 where the window answered. Only for a data folder that holds no chats yet."""
    from assistant.ui import smoke

    if not asyncio.run(_make_history(paths)):
        tell("The data folder of a smoke test must be empty.")
        return FAILED
    answer = smoke.run(lambda publish: app.build(paths, publish), model)
    click.echo(answer)
    return 0 if answer else FAILED


async def _make_history(paths: DataPaths) -> bool:
    """Make chats without a lock, as a user without a keyring may choose to."""
    vault = VaultService(paths, _NoKeyring(), SettingsStore(paths.settings), lambda _: None)
    status = await vault.open()
    if status.state is VaultState.NEW:
        status = await vault.choose_unencrypted()
    await vault.close()
    return status.state is VaultState.OPEN
