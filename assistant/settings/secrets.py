"""The keyring: the one place where secrets are kept, and the only door to it.

Secret Service or KWallet on Linux, the Keychain on macOS, the Credential Manager on Windows.
Anything else that `keyring` may find (files in the clear, nothing at all) is refused: a secret
is never kept in the clear.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Protocol, TypeVar, cast

import keyring
import keyring.errors

from assistant.domain.errors import HearthError, KeyringLockedError, KeyringUnavailableError

R = TypeVar("R")

SERVICE = "Hearth"
PATIENCE_S = 15.0
"""A keyring may show a prompt and wait for the user for ever; so long do we."""

SAFE_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    }
)
_CHAIN = "keyring.backends.chainer"
_NOTHING = frozenset({"keyring.backends.fail", "keyring.backends.null"})


class Backend(Protocol):
    """What we use of one of `keyring`'s backends. Every method may block on a prompt."""

    def get_password(self, service: str, username: str, /) -> str | None: ...  # noqa: D102
    def set_password(self, service: str, username: str, password: str, /) -> None: ...  # noqa: D102
    def delete_password(self, service: str, username: str, /) -> None: ...  # noqa: D102


class SecretStore(Protocol):
    """Keeps small secrets by name.

    Every method raises KeyringUnavailableError or KeyringLockedError.
    """

    async def backend(self) -> str:
        """Give the name of what keeps the secrets, for people."""
        ...

    async def get(self, name: str) -> str | None:
        """Give a secret; None where there is none of that name."""
        ...

    async def set(self, name: str, secret: str) -> None:
        """Keep a secret."""
        ...

    async def delete(self, name: str) -> None:
        """Forget a secret. Harmless where there is none."""
        ...


def system_backend() -> Backend:
    """Find the system's own keyring. Raises KeyringUnavailableError."""
    return choose(keyring.get_keyring())


def choose(found: object) -> Backend:
    """Give `found` where it is a system's keyring, or the first such one that it chains.

    Raises KeyringUnavailableError.
    """
    members: Sequence[object] = (found,)
    if _module(found) == _CHAIN:
        members = getattr(found, "backends", ())
    for member in members:
        if _module(member) in SAFE_BACKENDS:
            return cast("Backend", member)
    if _module(found) in _NOTHING or not members:
        raise KeyringUnavailableError(detail="none is installed or running")
    raise KeyringUnavailableError(detail=f"{_module(found)} is not a system's keyring")


def _module(value: object) -> str:
    return type(value).__module__


class KeyringSecrets:
    """The system's keyring as a SecretStore. Calls run on threads of their own, with a limit."""

    def __init__(
        self,
        find_backend: Callable[[], Backend] = system_backend,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._find_backend = find_backend
        self._patience_s = patience_s

    async def backend(self) -> str:
        """Give the module and class of the keyring, as `key.json` records it."""
        return await self._call(lambda found: f"{_module(found)}.{type(found).__name__}")

    async def get(self, name: str) -> str | None:
        """Give a secret; None where there is none of that name."""
        return await self._call(lambda found: found.get_password(SERVICE, name))

    async def set(self, name: str, secret: str) -> None:
        """Keep a secret."""
        await self._call(lambda found: found.set_password(SERVICE, name, secret))

    async def delete(self, name: str) -> None:
        """Forget a secret. Harmless where there is none."""

        def forget(found: Backend) -> None:
            # Some raise this where there was nothing to delete.
            with suppress(keyring.errors.PasswordDeleteError):
                found.delete_password(SERVICE, name)

        await self._call(forget)

    async def _call(self, use: Callable[[Backend], R]) -> R:
        answer: Future[R] = Future()
        # Once running it can't be cancelled: the thread may always leave its result there.
        answer.set_running_or_notify_cancel()

        def work() -> None:
            try:
                answer.set_result(use(self._find_backend()))
            except Exception as error:  # noqa: BLE001 - handed over to the caller, below
                answer.set_exception(error)

        # A daemon: a prompt that nobody answers must not keep the program from ending.
        threading.Thread(target=work, name="keyring", daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), self._patience_s)
        except HearthError:
            raise
        except Exception as error:
            raise _explained(error) from error


def _explained(error: Exception) -> HearthError:
    if isinstance(error, (TimeoutError, keyring.errors.KeyringLocked)):
        return KeyringLockedError()
    if isinstance(error, keyring.errors.NoKeyringError):
        return KeyringUnavailableError(detail="none is installed or running")
    if isinstance(error, keyring.errors.InitError):
        return KeyringUnavailableError(detail="it holds no collection")
    name = type(error).__name__
    # SecretStorage's own, for an entry that is locked while its collection is not.
    if name in {"LockedException", "PromptDismissedException"}:
        return KeyringLockedError()
    return KeyringUnavailableError(detail=name)
