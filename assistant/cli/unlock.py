"""Opening the chats from a terminal."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import click

from assistant.cli.context import CliContext
from assistant.cli.errors import tell
from assistant.domain.errors import HistoryLockedError
from assistant.domain.events import Event
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.services.history import HistoryService
from assistant.services.vault import VaultService
from assistant.settings.secrets import KeyringSecrets
from assistant.settings.store import SettingsStore

_TRIES = 3


@asynccontextmanager
async def unlocked_vault(
    context: CliContext, publish: Callable[[Event], None]
) -> AsyncIterator[VaultService]:
    """Open the chats, asking for a passphrase or a recovery code where one is needed.

    Raises:
        HearthError: why they can't be opened; nothing was changed.

    """
    settings = SettingsStore(context.paths.settings)
    vault = VaultService(context.paths, KeyringSecrets(), settings, publish, sole_user=False)
    try:
        status = await vault.open()
        for _ in range(_TRIES):
            if not _can_ask(status):
                break
            status = await _try_once(vault, status)
            if status.state is not VaultState.OPEN and status.problem and sys.stdin.isatty():
                tell(status.problem.message)
        if status.state is not VaultState.OPEN:
            raise status.problem or HistoryLockedError()
        yield vault
    finally:
        await vault.close()


@asynccontextmanager
async def opened_history(context: CliContext) -> AsyncIterator[HistoryService | None]:
    """Give the chats; None where there are none yet, and then none are made."""
    if not context.paths.database.exists():
        yield None
        return
    async with unlocked_vault(context, lambda _: None) as vault:
        yield vault.history


def _can_ask(status: VaultStatus) -> bool:
    if status.state is not VaultState.LOCKED:
        return False
    return status.protection is Protection.PASSPHRASE or status.has_recovery_code


async def _try_once(vault: VaultService, status: VaultStatus) -> VaultStatus:
    if status.protection is Protection.PASSPHRASE:
        return await vault.unlock_with_passphrase(_secret("Passphrase"))
    if status.problem is not None and sys.stdin.isatty():
        tell(status.problem.message)
    return await vault.unlock_with_recovery_code(_secret("Recovery code"))


def _secret(label: str) -> str:
    """Ask on the terminal without showing it; from a pipe, take one line. Never from a variable."""
    if sys.stdin.isatty():
        answer: str = click.prompt(label, hide_input=True, err=True)
        return answer
    line = sys.stdin.readline()
    if not line:
        raise HistoryLockedError
    return line.rstrip("\r\n")
