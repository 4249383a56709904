"""What surrounds the chat service in its tests: a scripted engine, a clock, all that was said."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from assistant.domain.chat import ChatId
from assistant.domain.errors import (
    HearthError,
)
from assistant.domain.events import (
    Event,
    MessageEnded,
    MessageGrew,
)
from assistant.domain.generation import (
    GenerationDone,
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    TextDelta,
)
from assistant.domain.llm import InstalledModel, LoadedInfo, ModelId
from assistant.services.chat_ports import History
from assistant.settings.store import SettingsStore
from tests.fakes.clock import FakeClock, settle

CHAT = ChatId("c1")
DONE = GenerationDone("stop", 12, 3, 2, 20.0, 600.0, 100.0, 30.0, seed=42)
INFO = LoadedInfo(4096, 8192, "tiny", has_chat_template=True, device="CPU")

Step = GenerationEvent | HearthError | asyncio.Event


def a_model(name: str = "tiny") -> InstalledModel:
    return InstalledModel(ModelId(f"sha256:{name}"), name, Path(f"/{name}.gguf"), 1, verified=True)


@dataclass
class FakeClient:
    """Answers by script: events and errors in turn, waiting at each `asyncio.Event`."""

    scripts: list[list[Step]] = field(default_factory=list)
    prompts: list[list[PromptMessage]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    load_steps: list[float | HearthError | asyncio.Event] = field(default_factory=list)
    options: list[GenerationOptions] = field(default_factory=list)
    files: list[ModelFile] = field(default_factory=list)
    closed: int = 0

    async def load(self, model: ModelFile, on_progress: Callable[[float], None]) -> LoadedInfo:
        self.calls.append(f"load {model.id}")
        self.files.append(model)
        for step in self.load_steps:
            if isinstance(step, asyncio.Event):
                await step.wait()
            elif isinstance(step, HearthError):
                raise step
            else:
                on_progress(step)
        return INFO

    async def unload(self, model_id: str) -> None:
        self.calls.append(f"unload {model_id}")

    async def chat(
        self, model_id: str, messages: Sequence[PromptMessage], options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        self.calls.append(f"chat {model_id}")
        self.prompts.append(list(messages))
        self.options.append(options)
        try:
            for step in self.scripts.pop(0):
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, HearthError):
                    raise step
                else:
                    yield step
        finally:
            self.closed += 1

    async def complete(
        self, model_id: str, prompt: str, options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        for step in (DONE,):
            yield step

    async def health(self) -> str:
        return "0.1.0"

    async def aclose(self) -> None:
        pass


@dataclass
class World:
    """Everything around the service, and all that it published."""

    settings: SettingsStore
    client: FakeClient = field(default_factory=FakeClient)
    history: History | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    installed: list[InstalledModel] = field(default_factory=lambda: [a_model()])
    built_in: InstalledModel | None = None
    engine_error: HearthError | None = None
    moments: list[float] = field(default_factory=list)

    def publish(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, MessageGrew):
            self.moments.append(self.clock.now())

    async def start(self) -> FakeClient:
        if self.engine_error:
            raise self.engine_error
        return self.client

    async def models(self) -> list[InstalledModel]:
        return self.installed

    async def guide(self) -> InstalledModel | None:
        return self.built_in

    def ended(self) -> MessageEnded:
        [event] = [event for event in self.events if isinstance(event, MessageEnded)]
        self.events.clear()
        return event

    def of(self, kind: "type[E]") -> "list[E]":
        return [event for event in self.events if isinstance(event, kind)]


E = TypeVar("E")


async def until_ended(world: World) -> None:
    """The first load writes the settings file in a thread of its own: wait for real."""
    async with asyncio.timeout(10):
        while not world.of(MessageEnded):
            await settle()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await settle()


def text(words: str) -> list[Step]:
    return [TextDelta(word) for word in words.split(" ")]
