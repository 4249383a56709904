"""The chat service with a history in memory, a scripted engine and a clock that tests move."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.services.chat import ChatService
from assistant.settings.store import SettingsStore
from tests.fakes.history import FakeHistory
from tests.unit.services.chat_world import World
from tests.unit.services.vault_house import House


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def world(tmp_path: Path, history: FakeHistory) -> World:
    return World(SettingsStore(tmp_path / "settings.json"), history=history)


@pytest.fixture
async def chat(world: World) -> AsyncIterator[ChatService]:
    service = ChatService(
        world, world, world.settings, world, world.publish,
        clock=world.clock.now, sleep=world.clock.sleep,
    )  # fmt: skip
    yield service
    await service.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")
