"""The composition root: all is built, nothing is begun."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant import app
from assistant.domain.errors import EngineUnavailableError
from assistant.settings.paths import DataPaths

ROOT = Path(__file__).resolve().parents[2]


def test_building_opens_and_starts_nothing(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "data")
    services = app.build(paths, lambda _: None)
    assert services.vault.history is None
    assert services.chat.model is None
    assert services.downloads.downloads() == []
    assert not paths.root.exists()


async def test_a_missing_engine_is_told_when_it_is_needed_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hearth_engine", None)
    services = app.build(DataPaths(tmp_path / "data"), lambda _: None)
    with pytest.raises(EngineUnavailableError, match="hearth-engine is missing"):
        await services.supervisor.start()
    await services.supervisor.stop()


def test_the_root_imports_no_qt_and_no_hub_library() -> None:
    source = (
        "import sys, assistant.app\n"
        "print([name for name in ('PySide6', 'huggingface_hub') if name in sys.modules])"
    )
    words = [sys.executable, "-c", source]
    assert subprocess.check_output(words, cwd=ROOT, text=True) == "[]\n"
