"""Runs steps on a vault within one D-Bus session, and says what came of each as a line of JSON.

Arguments: the data folder, the state of the keyring (unlocked, locked, none), then the steps:
open, write:WORDS, list, code, recover:CODE, passphrase:WORDS, forget, spoil.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.domain.vault import VaultStatus
from assistant.services.vault import VaultService
from assistant.settings.paths import DataPaths
from assistant.settings.secrets import KeyringSecrets
from assistant.settings.store import SettingsStore
from assistant.storage.sealing import Cost

PASSWORD = b"login password"
CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
ENTRY = "history-key-{}"


@contextmanager
def daemon(state: str) -> Iterator[None]:
    """gnome-keyring: `unlocked` has a collection of its own, `locked` finds the one on disk."""
    if state == "none":
        yield
        return
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    command.append("--unlock" if state == "unlocked" else "--start")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        process.stdin.write(PASSWORD if state == "unlocked" else b"")
        process.stdin.close()
        wait_for_service()
        try:
            yield
        finally:
            process.terminate()


def wait_for_service() -> None:
    """Wait until the daemon has its name on the bus."""
    ask = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus"]
    ask += ["--object-path", "/org/freedesktop/DBus", "--method"]
    ask += ["org.freedesktop.DBus.NameHasOwner", "org.freedesktop.secrets"]
    deadline = time.monotonic() + 10
    while subprocess.run(ask, capture_output=True, check=False).stdout != b"(true,)\n":
        if time.monotonic() > deadline:
            raise RuntimeError("gnome-keyring does not start")
        time.sleep(0.02)


def told(status: VaultStatus) -> dict[str, object]:
    return {
        "state": status.state.value,
        "protection": status.protection.value if status.protection else None,
        "problem": status.problem.code if status.problem else None,
    }


class Steps:
    def __init__(self, root: Path) -> None:
        self.paths = DataPaths(root)
        self.secrets = KeyringSecrets(patience_s=5)
        settings = SettingsStore(self.paths.settings)
        self.vault = VaultService(
            self.paths, self.secrets, settings, lambda event: None, cost=CHEAP
        )

    async def take(self, step: str) -> object:
        name, _, words = step.partition(":")
        unlocking: dict[str, Callable[[], Awaitable[VaultStatus]]] = {
            "open": self.vault.open,
            "recover": lambda: self.vault.unlock_with_recovery_code(words),
            "passphrase": lambda: self.vault.choose_passphrase(words),
        }
        if name in unlocking:
            return told(await unlocking[name]())
        if name == "code":
            return await self.vault.make_recovery_code()
        if name == "forget":
            await self.secrets.delete(self.entry())
        elif name == "spoil":
            await self.secrets.set(self.entry(), "00" * 32)
        else:
            return await self.chats(name, words)
        return None

    async def chats(self, name: str, words: str) -> list[str]:
        assert self.vault.history is not None
        if name == "write":
            chat = await self.vault.history.create_chat(words)
            await self.vault.history.add_user_message(chat.id, None, words)
        return [chat.title for chat in await self.vault.history.chats()]

    def entry(self) -> str:
        folder = json.loads(self.paths.key_file.read_bytes())["folder"]
        return ENTRY.format(folder)


async def run(root: Path, steps: list[str]) -> None:
    house = Steps(root)
    for step in steps:
        sys.stdout.write(json.dumps(await house.take(step)) + "\n")
    await house.vault.close()


if __name__ == "__main__":
    with daemon(sys.argv[2]):
        asyncio.run(run(Path(sys.argv[1]), sys.argv[3:]))
