"""How the history is locked: which way it opens, and what stands in the way."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.errors import HearthError


class Protection(StrEnum):
    """What holds the key of the history."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    NONE = "none"
    """Not encrypted, by the user's own plain choice."""


class VaultState(StrEnum):
    """Where the vault stands."""

    NEW = "new"
    """No history yet, and the keyring can't be used: the user has to choose."""
    LOCKED = "locked"
    """There is a history; a passphrase, the keyring or the recovery code is needed."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """What a window has to show before the chats can be."""

    state: VaultState
    protection: Protection | None
    has_recovery_code: bool = False
    problem: HearthError | None = None
    """Why it is locked, or why the keyring can't be used."""
