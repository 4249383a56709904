"""The engines that the contract suite runs against: a fake one and the real one."""

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.domain.events import Event
from assistant.domain.generation import ModelFile
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Engine:
    """A running engine, and a model file that it can load."""

    supervisor: EngineSupervisor
    client: EngineClient
    make_model: Callable[[str], Path]
    real: bool

    def file(self, id_: str = "tiny", n_ctx: int | None = None) -> ModelFile:
        return ModelFile(id_, self.make_model(id_), n_ctx)


def fake_command() -> list[str]:
    return [sys.executable, str(ROOT / "tests" / "fakes" / "engine.py")]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.engine)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    real = request.param == "real"
    events: list[Event] = []
    supervisor = EngineSupervisor(real_command() if real else fake_command(), events.append)
    maker = real_model if real else fake_model
    client = await supervisor.start()
    yield Engine(supervisor, client, lambda name: maker(tmp_path / f"{name}.gguf"), real)
    await supervisor.stop()


def real_command() -> list[str]:
    import hearth_engine

    return [str(hearth_engine.program())]


def fake_model(path: Path) -> Path:
    path.write_bytes(b"GGUF" + bytes(60))
    return path


def real_model(path: Path) -> Path:
    from tests.fixtures.tiny_gguf import make_tiny_gguf

    make_tiny_gguf(path)
    return path
