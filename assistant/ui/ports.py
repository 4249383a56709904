"""What the window needs of the services, so that tests can stand small ones in their place."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from assistant.domain.chat import Chat, ChatId, Message
from assistant.domain.errors import SettingsUnreadableError
from assistant.domain.generation import GenerationOptions
from assistant.domain.llm import (
    Download,
    HubFile,
    HubRepo,
    InstalledModel,
    LoadedInfo,
    ModelId,
)
from assistant.domain.vault import VaultStatus
from assistant.settings.table import Setting

Value = TypeVar("Value")


class HistoryPort(Protocol):
    """Chats and their messages."""

    async def chats(self) -> list[Chat]:
        """Newest first."""
        ...

    async def create_chat(self, title: str = "") -> Chat:
        """Make an empty chat."""
        ...

    async def rename_chat(self, chat_id: ChatId, title: str) -> None:
        """Give a chat another title."""
        ...

    async def delete_chat(self, chat_id: ChatId) -> None:
        """Mark a chat as deleted; it can be brought back until it is purged."""
        ...

    async def undo_delete(self, chat_id: ChatId) -> None:
        """Bring a deleted chat back."""
        ...

    async def purge_deleted(self) -> object:
        """Really delete what is marked."""
        ...

    async def messages(self, chat_id: ChatId) -> list[Message]:
        """From the first message to the last of the branch that is shown."""
        ...


class VaultPort(Protocol):
    """The lock of the history."""

    @property
    def status(self) -> VaultStatus:
        """Where it stands."""
        ...

    @property
    def history(self) -> HistoryPort | None:
        """The chats, once it is open."""
        ...

    async def open(self) -> VaultStatus:
        """Try what needs no answer of the user: the keyring, or no lock at all."""
        ...

    async def unlock_with_passphrase(self, passphrase: str) -> VaultStatus:
        """Open with the passphrase."""
        ...

    async def unlock_with_recovery_code(self, code: str) -> VaultStatus:
        """Open with the recovery code."""
        ...

    async def choose_passphrase(self, passphrase: str) -> VaultStatus:
        """Lock with a passphrase from now on."""
        ...

    async def choose_unencrypted(self) -> VaultStatus:
        """Keep the chats without a lock."""
        ...

    async def make_recovery_code(self) -> str:
        """Make a new recovery code; it is given once."""
        ...

    async def close(self) -> None:
        """Close the history."""
        ...


class DownloadsPort(Protocol):
    """Models on their way from a Hub."""

    async def look_up(self, text: str) -> HubRepo:
        """The GGUF files of a repository, named by its id or address."""
        ...

    async def start(self, repo: HubRepo, file: HubFile) -> Download:
        """Begin a download."""
        ...

    async def pause(self, download_id: str) -> None:
        """Stop for now; what arrived is kept."""
        ...

    async def resume(self, download_id: str) -> None:
        """Go on."""
        ...

    async def cancel(self, download_id: str) -> None:
        """Stop, and drop what arrived."""
        ...

    def downloads(self) -> Sequence[Download]:
        """All of them as they stand now."""
        ...

    async def restore(self) -> None:
        """At the start: find what was left unfinished."""
        ...

    async def close(self) -> None:
        """Pause all."""
        ...


class LibraryPort(Protocol):
    """Models on this disk."""

    async def models(self) -> list[InstalledModel]:
        """What is installed, read from the disk."""
        ...

    async def guide(self) -> InstalledModel | None:
        """The Guide; None where it is hidden or its file is missing."""
        ...

    async def show_guide(self, *, shown: bool) -> None:
        """Hide the Guide, or show it again."""
        ...

    async def add_file(self, path: Path) -> InstalledModel:
        """Remember a GGUF file where it lies."""
        ...

    async def verify_all(self) -> None:
        """Hash what is unverified."""
        ...

    async def remove(self, model_id: ModelId) -> None:
        """Delete what is ours, forget what is not."""
        ...


class ChatPort(Protocol):
    """Turns of a conversation."""

    @property
    def model(self) -> InstalledModel | None:
        """The model in use."""
        ...

    @property
    def loaded(self) -> LoadedInfo | None:
        """What the engine says of it, once it is loaded."""
        ...

    async def send(self, chat_id: ChatId, text: str, options: GenerationOptions = ...) -> None:
        """Commit the user's words; the answer then runs on by itself."""
        ...

    async def answer_kept(self) -> object:
        """Answer the questions that were kept until there is a model, one after the other."""
        ...

    async def stop(self, chat_id: ChatId) -> None:
        """Stop the answer."""
        ...

    async def use_model(self, model: InstalledModel) -> None:
        """Load a model and use it from now on."""
        ...

    async def unload(self) -> None:
        """Give the model's memory back."""
        ...

    async def close(self) -> None:
        """Stop all answers."""
        ...


class SupervisorPort(Protocol):
    """The engine program."""

    async def restart(self) -> object:
        """Start again after it gave up."""
        ...

    async def stop(self) -> None:
        """End it."""
        ...


class SettingsPort(Protocol):
    """What the user chose."""

    problem: SettingsUnreadableError | None
    """Why defaults are in force."""

    def get(self, setting: Setting[Value]) -> Value:
        """The value in force."""
        ...

    def set(self, setting: Setting[Value], value: Value) -> None:
        """Change one; durable when it returns."""
        ...


class SecretsPort(Protocol):
    """The system's keyring."""

    async def set(self, name: str, secret: str) -> None:
        """Keep a secret."""
        ...

    async def delete(self, name: str) -> None:
        """Forget it. Harmless where there is none."""
        ...


class PathsPort(Protocol):
    """The data folder."""

    @property
    def root(self) -> Path:
        """The folder under which everything lies."""
        ...


class LockPort(Protocol):
    """The lock of the data folder."""

    on_raise: Callable[[Path | None], None] | None
    """Called on another thread when a second start asks for the window."""


class Services(Protocol):
    """Everything that the window is given."""

    @property
    def paths(self) -> PathsPort:
        """The data folder."""
        ...

    @property
    def lock(self) -> LockPort | None:
        """The lock of the data folder."""
        ...

    @property
    def settings(self) -> SettingsPort:
        """What the user chose."""
        ...

    @property
    def vault(self) -> VaultPort:
        """The lock of the history."""
        ...

    @property
    def downloads(self) -> DownloadsPort:
        """Models on their way."""
        ...

    @property
    def library(self) -> LibraryPort:
        """Models on this disk."""
        ...

    @property
    def chat(self) -> ChatPort:
        """Turns of a conversation."""
        ...

    @property
    def supervisor(self) -> SupervisorPort:
        """The engine program."""
        ...

    @property
    def secrets(self) -> SecretsPort:
        """The system's keyring."""
        ...
