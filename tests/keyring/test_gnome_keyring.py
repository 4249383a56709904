"""The vault on a real Secret Service: gnome-keyring in a D-Bus session of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.keyring import vault_child

pytestmark = pytest.mark.keyring

OPEN = {"state": "open", "protection": "keyring", "problem": None}


class House:
    """A home folder with its keyrings, and a data folder in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "hearth-data"
        (home / "run").mkdir(mode=0o700)

    def session(self, keyring: str, *steps: str, home: Path | None = None) -> list[Any]:
        """Log in, run the steps, log out. Gives what each said."""
        command = [sys.executable, "-m", vault_child.__name__, str(self.data), keyring, *steps]
        if keyring != "none":
            command = ["dbus-run-session", "--", *command]
        done = subprocess.run(
            command, env=self._environment(home or self.home), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.data.rglob("*") if path.is_file()}

    def _environment(self, home: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        (home / "run").mkdir(mode=0o700, exist_ok=True)
        return kept | {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "share"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "PYTHONPATH": str(Path.cwd()),
        }


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_unlocked_the_next_login_finds_every_chat(house: House) -> None:
    opened, _, _ = house.session("unlocked", "open", "write:first", "write:second")
    assert opened == OPEN
    assert not house.files()["history.db"].startswith(b"SQLite format 3")
    assert house.session("unlocked", "open", "list") == [OPEN, ["second", "first"]]
    record = json.loads(house.files()["key.json"])
    assert record["keyring"] == "keyring.backends.SecretService.Keyring"


def test_locked_nothing_changes_and_the_recovery_code_opens(house: House) -> None:
    _, _, code = house.session("unlocked", "open", "write:kept", "code")
    before = house.files()
    (status,) = house.session("locked", "open")
    assert status == {"state": "locked", "protection": "keyring", "problem": "keyring_locked"}
    assert house.files() == before
    _, status, chats = house.session("locked", "open", f"recover:{code}", "list")
    assert (status["state"], status["problem"]) == ("open", "keyring_locked")
    assert chats == ["kept"]
    assert house.session("unlocked", "open", "list") == [OPEN, ["kept"]]


def test_without_a_collection_the_user_is_asked_and_a_passphrase_does(house: House) -> None:
    status, chosen, chats = house.session("locked", "open", "passphrase:words", "write:mine")
    assert status["state"] == "new"
    assert status["problem"] in {"keyring_unavailable", "keyring_locked"}
    assert chosen == {"state": "open", "protection": "passphrase", "problem": None}
    assert chats == ["mine"]
    (status,) = house.session("unlocked", "open")
    assert status == {"state": "locked", "protection": "passphrase", "problem": None}


def test_without_a_session_bus_there_is_no_keyring(house: House) -> None:
    (status,) = house.session("none", "open")
    assert status == {"state": "new", "protection": None, "problem": "keyring_unavailable"}
    assert not house.data.joinpath("history.db").exists()


@pytest.mark.parametrize("harm", ["forget", "spoil"])
def test_the_entry_gone_or_wrong_and_the_recovery_code_gets_every_chat_back(
    house: House, harm: str
) -> None:
    *_, code = house.session("unlocked", "open", "write:first", "write:second", "code")
    house.session("unlocked", harm)
    before = house.files()
    (status,) = house.session("unlocked", "open")
    assert status == {"state": "locked", "protection": "keyring", "problem": "key_missing"}
    assert house.files() == before
    _, status, chats = house.session("unlocked", "open", f"recover:{code}", "list")
    assert status == OPEN
    assert chats == ["second", "first"]
    assert house.session("unlocked", "open", "list") == [OPEN, ["second", "first"]]


def test_another_keyring_altogether(house: House, tmp_path: Path) -> None:
    *_, code = house.session("unlocked", "open", "write:first", "code")
    other = tmp_path / "other-home"
    other.mkdir()
    before = house.files()
    (status,) = house.session("unlocked", "open", home=other)
    assert (status["state"], status["problem"]) == ("locked", "key_missing")
    assert house.files() == before
    _, status = house.session("unlocked", "open", f"recover:{code}", home=other)
    assert status == OPEN
    assert house.session("unlocked", "open", "list", home=other)[1] == ["first"]
