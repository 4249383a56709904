"""What the engine gets to know of our environment, and where its socket lies."""

import os
import socket
import sys
from pathlib import Path

import pytest

from assistant.domain.events import Event
from assistant.engine_client.environment import clean_environment, private_folder, socket_in
from assistant.engine_client.supervisor import EngineSupervisor

FAKE = Path(__file__).resolve().parents[2] / "fakes" / "engine.py"


def test_secrets_stay_with_us() -> None:
    variables = {"HF_TOKEN": "x", "Some_Api_Key": "x", "DB_PASSWORD": "x", "PATH": "/bin"}
    assert clean_environment(variables, frozen=False) == {"PATH": "/bin"}


def test_a_bundle_gives_the_users_own_library_path_back() -> None:
    bundle = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine", "HOME": "/h"}
    assert clean_environment(bundle, frozen=True) == {"LD_LIBRARY_PATH": "/mine", "HOME": "/h"}
    assert clean_environment({"LD_LIBRARY_PATH": "/bundle"}, frozen=True) == {}
    assert clean_environment({"LD_LIBRARY_PATH": "/mine"}, frozen=False) == {
        "LD_LIBRARY_PATH": "/mine"
    }


def test_the_folder_is_private_and_in_the_runtime_folder(tmp_path: Path) -> None:
    folder = private_folder({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert folder is not None
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["missing", "long"])
def test_a_runtime_folder_that_does_not_do_is_passed_over(tmp_path: Path, kind: str) -> None:
    place = tmp_path / ("x" * 90)
    if kind == "long":
        place.mkdir()
    folder = private_folder({"XDG_RUNTIME_DIR": str(place)})
    assert folder is not None
    assert tmp_path not in folder.parents
    with socket.socket(socket.AF_UNIX) as probe:
        probe.bind(os.fspath(socket_in(folder)))
    socket_in(folder).unlink()
    folder.rmdir()


def test_folders_of_killed_apps_are_swept_and_no_others(tmp_path: Path) -> None:
    names = ["hearth-new", "hearth-empty", "hearth-dead", "hearth-alive", "hearth-full", "other"]
    folders = {name: tmp_path / name for name in names}
    for folder in folders.values():
        folder.mkdir()
    (folders["hearth-full"] / "theirs.txt").write_text("x")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.fspath(socket_in(folders["hearth-dead"])))
    with socket.socket(socket.AF_UNIX) as alive:
        alive.bind(os.fspath(socket_in(folders["hearth-alive"])))
        alive.listen()
        for name in names[1:]:
            os.utime(folders[name], (0, 0))
        made = private_folder({"XDG_RUNTIME_DIR": str(tmp_path)})
    left = {folder.name for folder in tmp_path.iterdir() if folder != made}
    assert left == {"hearth-new", "hearth-alive", "hearth-full", "other"}


async def test_without_unix_sockets_it_is_loopback_with_the_same_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.engine_client.process.private_folder", lambda _: None)
    events: list[Event] = []
    supervisor = EngineSupervisor([sys.executable, str(FAKE)], events.append)
    client = await supervisor.start()
    assert await client.health() == "0.1.0"
    await supervisor.stop()


def test_no_folder_where_there_are_no_unix_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    assert private_folder({}) is None
