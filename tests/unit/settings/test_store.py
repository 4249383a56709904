import json
import stat
from pathlib import Path

import pytest

from assistant.domain.errors import SettingsUnreadableError
from assistant.settings.store import SettingsStore
from assistant.settings.table import (
    ADDED_MODELS,
    CONTEXT_TOKENS,
    HUB_ENDPOINT,
    LANGUAGE,
    RECOVERY_OFFERED,
    TABLE,
    THEME,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_defaults_without_a_file(path: Path) -> None:
    store = SettingsStore(path)
    assert store.get(THEME) == "system"
    assert store.get(CONTEXT_TOKENS) is None
    assert store.problem is None
    assert not path.exists()


def test_what_was_set_is_there_in_the_next_run(path: Path) -> None:
    store = SettingsStore(path)
    store.set(THEME, "dark")
    store.set(ADDED_MODELS, ("/a/مدل.gguf", "/b.gguf"))
    store.set(CONTEXT_TOKENS, 8192)
    again = SettingsStore(path)
    assert again.get(THEME) == "dark"
    assert again.get(ADDED_MODELS) == ("/a/مدل.gguf", "/b.gguf")
    assert again.get(CONTEXT_TOKENS) == 8192
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_setting_takes_its_own_default() -> None:
    for setting in TABLE:
        assert setting.read(setting.default) == setting.default
    assert len({setting.key for setting in TABLE}) == len(TABLE)
    assert all(setting.description for setting in TABLE)


def test_the_environment_names_the_hub(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    store = SettingsStore(path)
    assert store.get(HUB_ENDPOINT) == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example/")
    assert store.get(HUB_ENDPOINT) == "https://hub.example"
    store.set(HUB_ENDPOINT, "https://mine.example")
    assert store.get(HUB_ENDPOINT) == "https://mine.example"


@pytest.mark.parametrize("bad", ["", "hub.example", "ftp://hub.example", "https://"])
def test_a_bad_address_is_refused_and_the_old_one_stays(path: Path, bad: str) -> None:
    store = SettingsStore(path)
    store.set(HUB_ENDPOINT, "https://mine.example")
    with pytest.raises(ValueError, match="address"):
        store.set(HUB_ENDPOINT, bad)
    assert SettingsStore(path).get(HUB_ENDPOINT) == "https://mine.example"


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b"[" * 100_000])
def test_an_unreadable_file_is_set_aside_and_said(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    store = SettingsStore(path)
    assert store.get(THEME) == "system"
    assert isinstance(store.problem, SettingsUnreadableError)
    store.set(THEME, "light")
    kept = Path(str(store.problem.params["kept"]))
    assert kept.read_bytes() == content
    assert SettingsStore(path).get(THEME) == "light"


def test_a_file_that_cannot_be_set_aside_is_never_overwritten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"{ broken")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "rename", refuse)
    store = SettingsStore(path)
    with pytest.raises(SettingsUnreadableError):
        store.set(THEME, "dark")
    assert path.read_bytes() == b"{ broken"
    assert store.get(THEME) == "system"


def test_one_bad_value_costs_only_itself(path: Path) -> None:
    path.write_text(json.dumps({"theme": "purple", "context_tokens": True, "language": "fa"}))
    store = SettingsStore(path)
    assert store.get(THEME) == "system"
    assert store.get(CONTEXT_TOKENS) is None
    assert store.problem is None


def test_entries_of_a_newer_hearth_are_kept(path: Path) -> None:
    path.write_text(json.dumps({"from_the_future": {"a": 1}}))
    SettingsStore(path).set(RECOVERY_OFFERED, value=True)
    assert json.loads(path.read_text())["from_the_future"] == {"a": 1}


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SettingsStore(path)
    store.set(THEME, "dark")
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.set(THEME, "light")
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert store.get(THEME) == "dark"
    assert {each.name for each in path.parent.iterdir()} <= {path.name, "settings.lock"}


def test_two_processes_change_two_settings_and_neither_is_lost(path: Path) -> None:
    app, command_line = SettingsStore(path), SettingsStore(path)
    command_line.set(THEME, "dark")
    app.set(LANGUAGE, "fa")
    assert SettingsStore(path).get(THEME) == "dark"
    assert SettingsStore(path).get(LANGUAGE) == "fa"
    assert app.get(THEME) == "dark"
