import asyncio
import threading

import pytest
from keyring.errors import (  # the fakes below fail as the real ones do
    InitError,
    KeyringLocked,
    NoKeyringError,
    PasswordDeleteError,
    PasswordSetError,
)

from assistant.domain.errors import HearthError, KeyringLockedError, KeyringUnavailableError
from assistant.settings.secrets import SERVICE, Backend, KeyringSecrets, choose, system_backend


class Shelf:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError("No such password!")
        del self.entries[service, username]


async def test_secrets_are_kept_and_forgotten() -> None:
    shelf = Shelf()
    secrets = KeyringSecrets(lambda: shelf)
    assert await secrets.get("token") is None
    await secrets.set("token", "s3cret")
    assert await secrets.get("token") == "s3cret"
    assert list(shelf.entries) == [(SERVICE, "token")]
    assert (await secrets.backend()).endswith(".Shelf")
    await secrets.delete("token")
    await secrets.delete("token")
    assert shelf.entries == {}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (NoKeyringError("none"), KeyringUnavailableError),
        (InitError("no collection"), KeyringUnavailableError),
        (KeyringLocked("dismissed"), KeyringLockedError),
        (PasswordSetError("no"), KeyringUnavailableError),
        (type("LockedException", (Exception,), {})(), KeyringLockedError),
        (OSError("the bus is gone"), KeyringUnavailableError),
        (KeyringUnavailableError(detail="ours"), KeyringUnavailableError),
    ],
)
async def test_every_fault_becomes_one_of_two(fault: Exception, error: type[HearthError]) -> None:
    def broken() -> Backend:
        raise fault

    with pytest.raises(error):
        await KeyringSecrets(broken).get("x")


async def test_a_prompt_that_nobody_answers_blocks_neither_the_loop_nor_the_end() -> None:
    answered = threading.Event()

    class Prompting(Shelf):
        def get_password(self, service: str, username: str, /) -> str | None:
            answered.wait()
            return None

    secrets = KeyringSecrets(Prompting, patience_s=0.05)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.ensure_future(others())
    with pytest.raises(KeyringLockedError):
        await secrets.get("x")
    running.cancel()
    assert turns > 10
    (waiting,) = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    assert waiting.daemon
    answered.set()
    waiting.join(timeout=5)


def of_module(name: str, **attributes: object) -> object:
    return type("Keyring", (), {"__module__": name, **attributes})()


@pytest.mark.parametrize(
    "name",
    [
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    ],
)
def test_the_systems_keyrings_are_taken(name: str) -> None:
    found = of_module(name)
    assert choose(found) is found


@pytest.mark.parametrize(
    "name",
    [
        "keyring.backends.null",
        "keyring.backends.fail",
        "keyrings.alt.file",
        "keyrings.alt.Gnome",
        "keyring.backends.chainer",
        "somebody.elses",
    ],
)
def test_nothing_that_may_keep_secrets_in_the_clear_is_taken(name: str) -> None:
    with pytest.raises(KeyringUnavailableError):
        choose(of_module(name))


def test_of_a_chain_only_a_systems_keyring_is_taken() -> None:
    good = of_module("keyring.backends.SecretService")
    clear = of_module("keyrings.alt.file")
    assert choose(of_module("keyring.backends.chainer", backends=[clear, good])) is good
    with pytest.raises(KeyringUnavailableError):
        choose(of_module("keyring.backends.chainer", backends=[clear]))


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_configured_keyring_that_keeps_nothing_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    with pytest.raises(KeyringUnavailableError):
        system_backend()
