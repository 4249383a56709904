"""What the tests of the Hub share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.hub_server import FakeHub
from tests.unit.hub.downloading import Bench


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with FakeHub() as fake:
        yield fake


@pytest.fixture
def bench(hub: FakeHub, tmp_path: Path) -> Bench:
    return Bench(tmp_path / "models", hub)
