"""`hearth chat` on a history that is not encrypted, and on one with a passphrase."""

import asyncio
import json
from pathlib import Path

import pytest

from assistant.domain.chat import MessageState, Provenance
from assistant.domain.errors import KeyringUnavailableError
from assistant.domain.vault import VaultState
from assistant.services.vault import VaultService
from assistant.settings.paths import DataPaths
from assistant.settings.store import SettingsStore
from assistant.storage.sealing import Cost
from tests.fakes.secrets import MemorySecrets
from tests.unit.cli.conftest import Run

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "correct horse"


async def make_history(root: Path, passphrase: str | None) -> None:
    paths = DataPaths(root)
    secrets = MemorySecrets()
    secrets.fault = KeyringUnavailableError(detail="none")
    vault = VaultService(paths, secrets, SettingsStore(paths.settings), lambda _: None, cost=CHEAP)
    await vault.open()
    if passphrase is None:
        status = await vault.choose_unencrypted()
    else:
        status = await vault.choose_passphrase(passphrase)
    assert status.state is VaultState.OPEN
    assert vault.history is not None
    chat = await vault.history.create_chat()
    question = await vault.history.add_user_message(chat.id, None, "Tell me of the \x1b[31msea")
    answer = await vault.history.begin_answer(chat.id, question.id, Provenance("id", "Tiny"))
    await vault.history.end_answer(answer.id, "It is **blue**.", MessageState.STOPPED, None)
    await vault.history.create_chat("Second")
    await vault.close()


@pytest.fixture
def plain(tmp_path: Path) -> None:
    asyncio.run(make_history(tmp_path / "data", None))


@pytest.fixture
def protected(tmp_path: Path) -> None:
    asyncio.run(make_history(tmp_path / "data", PASSPHRASE))


def first_id(run: Run, stdin: str | None = None) -> str:
    [chat] = [
        each
        for each in json.loads(run("chat", "list", "--json", stdin=stdin).stdout)
        if each["title"] != "Second"
    ]
    return str(chat["id"])


@pytest.mark.usefixtures("plain")
def test_list_show_export(run: Run, tmp_path: Path) -> None:
    listed = run("chat", "list")
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0].endswith("  Second")
    assert len(listed.stdout.splitlines()) == 2
    name = first_id(run)
    shown = run("chat", "show", name)
    assert "user:\nTell me of the" in shown.stdout
    assert "Tiny (stopped):\nIt is **blue**." in shown.stdout
    target = tmp_path / "chat.md"
    assert run("chat", "export", name, "-o", str(target)).exit_code == 0
    assert target.read_text() == run("chat", "export", name).stdout
    assert "## Tiny\n\nIt is **blue**." in target.read_text()


@pytest.mark.usefixtures("plain")
def test_show_as_json(run: Run) -> None:
    values = json.loads(run("chat", "show", "--json", first_id(run)).stdout)
    assert [each["state"] for each in values["messages"]] == ["done", "stopped"]
    assert values["messages"][1]["model"] == "Tiny"


@pytest.mark.usefixtures("plain")
def test_a_chat_is_found_by_its_title_or_not_at_all(run: Run) -> None:
    assert run("chat", "show", "Second").exit_code == 0
    missing = run("chat", "show", "Third")
    assert missing.exit_code == 1
    assert missing.stderr.startswith("error: There is no chat “Third”.")


@pytest.mark.usefixtures("plain")
def test_an_export_that_can_not_be_written_is_told(run: Run, tmp_path: Path) -> None:
    result = run("chat", "export", "Second", "-o", str(tmp_path / "none" / "chat.md"))
    assert result.exit_code == 1
    assert "can't be written" in result.stderr


@pytest.mark.usefixtures("protected")
def test_the_passphrase_may_come_by_pipe(run: Run) -> None:
    result = run("chat", "list", stdin=f"{PASSPHRASE}\n")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2
    assert PASSPHRASE not in result.output


@pytest.mark.usefixtures("protected")
@pytest.mark.parametrize("stdin", ["wrong\nwrong\nwrong\n", ""])
def test_without_the_passphrase_nothing_is_shown(run: Run, stdin: str) -> None:
    result = run("chat", "list", stdin=stdin)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")


def test_no_chats_are_no_error_and_make_no_history(run: Run, tmp_path: Path) -> None:
    result = run("chat", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert not (tmp_path / "data").exists()
