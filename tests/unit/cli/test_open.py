"""`hearth`, `hearth FILE` and `hearth open` up to the moment where the window takes over."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import app
from assistant.cli.open_app import require_screen
from assistant.domain.errors import NoWindowError
from assistant.settings.lock import DataFolderLock
from assistant.settings.paths import DataPaths
from tests.unit.cli.conftest import FAKE, Run

Opened = list[tuple[Path, Path | None]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    calls: Opened = []

    def run_gui(paths: DataPaths, open_file: Path | None) -> int:
        calls.append((paths.root, open_file))
        return 0

    monkeypatch.setattr(app, "run_gui", run_gui)
    monkeypatch.setenv("DISPLAY", ":0")
    return calls


def test_without_words_the_app_opens(run: Run, opened: Opened, tmp_path: Path) -> None:
    assert run().exit_code == 0
    assert opened == [(tmp_path / "data", None)]


@pytest.mark.parametrize("words", [[], ["open"]])
def test_a_file_is_opened_with_it(
    run: Run, opened: Opened, gguf: Path, words: list[str], tmp_path: Path
) -> None:
    assert run(*words, str(gguf)).exit_code == 0
    assert opened == [(tmp_path / "data", gguf)]


def test_a_file_that_is_not_there_opens_nothing(run: Run, opened: Opened) -> None:
    result = run("nowhere.gguf")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: There is no model “nowhere.gguf”")
    assert opened == []


def test_no_screen_is_told() -> None:
    with pytest.raises(NoWindowError):
        require_screen("linux", {"DISPLAY": ""})
    require_screen("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    require_screen("linux", {"QT_QPA_PLATFORM": "offscreen"})
    require_screen("darwin", {})


def test_a_missing_system_library_is_told(
    run: Run, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(app, "run_gui", broken)
    result = run()
    assert result.exit_code == 1
    assert result.stderr.startswith("error: No window can be opened (libEGL.so.1: cannot open")


def test_a_second_start_raises_the_first_window(tmp_path: Path) -> None:
    """The first app is this test; the second a program of its own, which must not open one."""
    paths = DataPaths(tmp_path / "data")
    paths.prepare()
    asked: list[Path | None] = []
    lock = DataFolderLock(paths.lock)
    lock.acquire()
    lock.on_raise = asked.append
    try:
        source = (
            "import sys\n"
            "from pathlib import Path\n"
            "from assistant.app import run_gui\n"
            "from assistant.settings.paths import DataPaths\n"
            "sys.exit(run_gui(DataPaths(Path(sys.argv[1])), Path('/some/model.gguf')))\n"
        )
        words = [sys.executable, "-c", source, str(paths.root)]
        done = subprocess.run(words, cwd=FAKE.parents[2], check=False, timeout=60)
    finally:
        lock.release()
    assert done.returncode == 0
    assert asked == [Path("/some/model.gguf")]
