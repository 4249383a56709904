"""A data folder and its keyring, for tests of the vault."""

import json
from pathlib import Path

from assistant.domain.events import Event
from assistant.services.vault import VaultService
from assistant.settings.paths import DataPaths
from assistant.settings.store import SettingsStore
from assistant.storage.sealing import Cost
from tests.fakes.secrets import MemorySecrets

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
MARKER = "xyzzy-marker-plugh"


class House:
    """A data folder with its keyring, in which vaults are opened one after the other."""

    def __init__(self, root: Path) -> None:
        self.paths = DataPaths(root)
        self.secrets = MemorySecrets()
        self.events: list[Event] = []

    def vault(self, *, sole_user: bool = True) -> VaultService:
        settings = SettingsStore(self.paths.settings)
        return VaultService(
            self.paths,
            self.secrets,
            settings,
            self.events.append,
            cost=CHEAP,
            sole_user=sole_user,
        )

    def files(self) -> dict[str, bytes]:
        return {
            path.name: path.read_bytes() for path in self.paths.root.rglob("*") if path.is_file()
        }

    def key_json(self) -> dict[str, object]:
        values: dict[str, object] = json.loads(self.paths.key_file.read_bytes())
        return values


async def write_chat(vault: VaultService, text: str = MARKER) -> None:
    assert vault.history is not None
    chat = await vault.history.create_chat()
    await vault.history.add_user_message(chat.id, None, text)


async def chats_of(vault: VaultService) -> list[str]:
    assert vault.history is not None
    return [chat.title for chat in await vault.history.chats()]
