"""What the end-to-end tests share: a login session, a place for data, a local Hub."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.app import App
from tests.e2e.keyring_session import keyring_session
from tests.fakes.hub_server import FakeHub


@pytest.fixture
def session(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a session with an unlocked keyring."""
    with keyring_session(tmp_path / "home") as env:
        yield env


@pytest.fixture
def start(tmp_path: Path, session: dict[str, str]) -> Iterator[Callable[..., App]]:
    """Starts the app; all starts of a test share one data folder."""
    with ExitStack() as stack:
        yield lambda *words, **env: stack.enter_context(
            App(tmp_path / "data", *words, env={**session, **env})
        )


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as running:
        yield running
