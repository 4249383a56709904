"""Chat turns with a history in memory, a scripted engine and a clock that the test moves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from assistant.domain.chat import ChatId, MessageState
from assistant.domain.errors import (
    ChatBusyError,
    ContextExceededError,
    EngineCrashedError,
    EngineGaveUpError,
    HearthError,
    HistoryDiskError,
    HistoryLockedError,
    ModelFileError,
    ModelNotFoundError,
    NoModelError,
)
from assistant.domain.events import (
    EngineStateChanged,
    Event,
    MessageAdded,
    MessageEnded,
    MessageGrew,
    ModelStateChanged,
    PromptReading,
)
from assistant.domain.generation import (
    GenerationDone,
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    PromptRead,
    TextDelta,
)
from assistant.domain.llm import InstalledModel, LoadedInfo, LoadState, ModelId
from assistant.services.chat import ChatService, History
from assistant.settings.store import SettingsStore
from assistant.settings.table import LAST_MODEL
from tests.fakes.clock import FakeClock, settle
from tests.fakes.history import FakeHistory

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
    closed: int = 0

    async def load(self, model: ModelFile, on_progress: Callable[[float], None]) -> LoadedInfo:
        self.calls.append(f"load {model.id}")
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

    def ended(self) -> MessageEnded:
        [event] = [event for event in self.events if isinstance(event, MessageEnded)]
        self.events.clear()
        return event

    def of(self, kind: "type[E]") -> "list[E]":
        return [event for event in self.events if isinstance(event, kind)]


E = TypeVar("E")


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


async def test_question_is_saved_before_the_engine_is_asked(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.client.calls = history.calls
    world.client.scripts = [[*text("Good day"), DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    assert history.calls == [
        "question",
        "begin",
        f"load {a_model().id}",
        f"chat {a_model().id}",
        "end",
    ]
    ended = world.ended()
    assert ended.error is None
    assert (ended.message.text, ended.message.state) == ("Goodday", MessageState.DONE)


async def test_events_come_in_order_and_add_up(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("a b c"), DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    kinds = [type(event) for event in world.events if not isinstance(event, ModelStateChanged)]
    assert kinds[0] is MessageAdded
    assert "".join(event.added for event in world.of(MessageGrew)) == "abc"
    assert [event.message.role.value for event in world.of(MessageAdded)] == ["user", "assistant"]


async def test_stats_and_provenance_are_kept(chat: ChatService, world: World) -> None:
    world.client.scripts = [[PromptRead(12, 2, 12), *text("Good day"), DONE]]
    await chat.send(CHAT, "Hello", GenerationOptions(temperature=0.5, stop=("x",)))
    await until_ended(world)
    message = world.ended().message
    assert message.stats is not None
    assert message.stats.prompt_tokens == 12
    assert message.stats.cached_tokens == 2
    assert message.stats.completion_tokens == 3
    assert message.stats.context_tokens == 4096
    assert message.stats.finish_reason == "stop"
    assert message.provenance is not None
    assert message.provenance.model_id == a_model().id
    assert message.provenance.options == {"temperature": 0.5, "stop": ("x",)}
    assert message.provenance.seed == 42


async def test_first_token_time_counts_from_the_question_to_the_engine(
    chat: ChatService, world: World
) -> None:
    await chat.use_model(a_model())
    gate = asyncio.Event()
    world.client.scripts = [[gate, *text("x"), DONE]]
    await chat.send(CHAT, "Hello")
    await world.clock.advance(2.5)
    gate.set()
    await until_ended(world)
    stats = world.ended().message.stats
    assert stats is not None
    assert stats.first_token_ms == pytest.approx(2500)


async def test_at_most_thirty_events_a_second(chat: ChatService, world: World) -> None:
    await chat.use_model(a_model())
    gates = [asyncio.Event() for _ in range(400)]
    script: list[Step] = []
    for gate in gates:
        script += [gate, TextDelta("x")]
    world.client.scripts = [[*script, DONE]]
    await chat.send(CHAT, "Hello")
    for gate in gates:
        gate.set()
        await world.clock.advance(0.005)
    await until_ended(world)
    assert "".join(event.added for event in world.of(MessageGrew)) == "x" * 400
    assert len(world.moments) > 50
    regular = world.moments[:-1]
    assert min(later - earlier for earlier, later in pairwise(regular)) >= 1 / 30 - 1e-9


async def test_growing_answer_is_saved_at_least_every_half_second(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await chat.use_model(a_model())
    gates = [asyncio.Event() for _ in range(30)]
    script: list[Step] = []
    for gate in gates:
        script += [gate, TextDelta("x")]
    world.client.scripts = [[*script, DONE]]
    await chat.send(CHAT, "Hello")
    for count, gate in enumerate(gates, start=1):
        gate.set()
        await world.clock.advance(0.1)
        assert len(history.saved[-1] if history.saved else "") >= count - 5
    await until_ended(world)


async def test_stop_keeps_what_was_written(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Half an"), asyncio.Event(), DONE]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    await settle()
    await chat.stop(CHAT)
    ended = world.ended()
    assert (ended.message.text, ended.message.state) == ("Halfan", MessageState.STOPPED)
    assert ended.error is None
    assert world.client.closed == 1
    assert not chat.is_answering(CHAT)


async def test_stop_while_loading(chat: ChatService, world: World) -> None:
    world.client.load_steps = [0.5, asyncio.Event()]
    await chat.send(CHAT, "Hello")
    await settle()
    await chat.stop(CHAT)
    assert world.ended().message.state is MessageState.STOPPED


async def test_stopping_nothing_is_no_error(chat: ChatService) -> None:
    await chat.stop(CHAT)


async def test_one_answer_at_a_time_in_a_chat_others_in_parallel(
    chat: ChatService, world: World
) -> None:
    gate = asyncio.Event()
    world.client.scripts = [[gate, *text("one"), DONE], [gate, *text("two"), DONE]]
    await chat.send(CHAT, "Hello")
    with pytest.raises(ChatBusyError):
        await chat.send(CHAT, "Again")
    await chat.send(ChatId("c2"), "Hello")
    await until(lambda: len(world.client.prompts) == 2)
    gate.set()
    await until(lambda: len(world.of(MessageEnded)) == 2)
    assert world.client.calls.count(f"load {a_model().id}") == 1


async def test_two_sends_at_once_store_one_question(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.client.scripts = [[DONE]]
    results = await asyncio.gather(
        chat.send(CHAT, "Hello"), chat.send(CHAT, "Hello"), return_exceptions=True
    )
    assert [type(each) for each in results] == [type(None), ChatBusyError]
    await until_ended(world)
    assert history.calls.count("question") == 1


async def test_death_in_mid_answer_keeps_it_and_the_next_question_loads_again(
    chat: ChatService, world: World
) -> None:
    world.client.scripts = [[*text("Half an"), EngineCrashedError()]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    ended = world.ended()
    assert (ended.message.text, ended.message.state) == ("Halfan", MessageState.INTERRUPTED)
    assert ended.message.error_code == "engine_crashed"
    assert isinstance(ended.error, EngineCrashedError)
    world.client = FakeClient([[*text("Whole"), DONE]])
    await chat.send(CHAT, "Again")
    await until_ended(world)
    assert world.ended().message.state is MessageState.DONE
    assert world.client.calls == [f"load {a_model().id}", f"chat {a_model().id}"]
    assert [each.content for each in world.client.prompts[0]] == ["Hello", "Halfan", "Again"]


async def test_a_model_that_is_gone_from_the_engine_is_loaded_again(
    chat: ChatService, world: World
) -> None:
    await chat.use_model(a_model())
    world.client.scripts = [[ModelNotFoundError(model="tiny")], [*text("Here"), DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    assert world.ended().message.text == "Here"
    assert world.client.calls.count(f"load {a_model().id}") == 2


async def test_too_long_a_conversation_fails_with_its_counts(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.client.scripts = [[ContextExceededError(prompt_tokens=9000, context_tokens=4096)]]
    await chat.send(CHAT, "A long text")
    await until_ended(world)
    ended = world.ended()
    assert ended.message.state is MessageState.FAILED
    assert ended.message.error_code == "context_exceeded"
    assert ended.error is not None
    assert ended.error.params == {"prompt_tokens": 9000, "context_tokens": 4096}
    assert [each.text for each in history.kept.values()] == ["A long text", ""]


async def test_failed_empty_answers_are_left_out_and_roles_alternate(
    chat: ChatService, world: World
) -> None:
    world.client.scripts = [
        [ContextExceededError(prompt_tokens=1, context_tokens=1)],
        [*text("Yes"), DONE],
    ]
    for question in ("First", "Second"):
        await chat.send(CHAT, question)
        await until_ended(world)
        world.ended()
    assert world.client.prompts[1] == [PromptMessage("user", "First\n\nSecond")]


async def test_full_disk_sends_nothing(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    history.disk_full = True
    with pytest.raises(HistoryDiskError):
        await chat.send(CHAT, "Hello")
    assert world.client.calls == []
    assert world.events == []
    assert not chat.is_answering(CHAT)


async def test_disk_that_fills_in_mid_answer_loses_nothing_from_the_window(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    gate = asyncio.Event()
    world.client.scripts = [[*text("a b"), gate, *text("c d"), DONE]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    history.disk_full = True
    await world.clock.advance(2)
    gate.set()
    await until_ended(world)
    ended = world.ended()
    assert isinstance(ended.error, HistoryDiskError)
    assert (ended.message.text, ended.message.state) == ("abcd", MessageState.FAILED)


async def test_disk_that_has_room_again_gets_the_whole_answer(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    gate = asyncio.Event()
    world.client.scripts = [[*text("a b"), gate, DONE]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    history.disk_full = True
    await world.clock.advance(1)
    history.disk_full = False
    await world.clock.advance(1)
    assert history.saved == ["ab"]
    gate.set()
    await until_ended(world)


async def test_locked_chats_and_missing_models_are_told_before_anything_is_saved(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.installed = []
    with pytest.raises(NoModelError):
        await chat.send(CHAT, "Hello")
    assert history.calls == []
    world.history = None
    with pytest.raises(HistoryLockedError):
        await chat.send(CHAT, "Hello")


async def test_an_engine_that_gave_up_fails_the_answer_and_keeps_the_question(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.engine_error = EngineGaveUpError()
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    ended = world.ended()
    assert (ended.message.state, ended.message.error_code) == (
        MessageState.FAILED,
        "engine_gave_up",
    )
    assert next(iter(history.kept.values())).text == "Hello"


async def test_closing_interrupts(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Half"), asyncio.Event()]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    await chat.close()
    ended = world.ended()
    assert (ended.message.text, ended.message.state) == ("Half", MessageState.INTERRUPTED)


async def test_a_long_prompt_tells_how_far_it_is_read(chat: ChatService, world: World) -> None:
    await chat.use_model(a_model())
    gates = [asyncio.Event() for _ in range(4)]
    script: list[Step] = []
    for gate, processed in zip(gates, (0, 1000, 2000, 4000), strict=True):
        script += [gate, PromptRead(4000, 0, processed)]
    world.client.scripts = [[*script, *text("x"), DONE]]
    await chat.send(CHAT, "Hello")
    for gate in gates:
        gate.set()
        await world.clock.advance(1)
    await until_ended(world)
    told = [(event.fraction, event.seconds_left) for event in world.of(PromptReading)]
    assert told == [(0, None), (0.25, 3), (0.5, 2), (1, 0)]


async def test_a_short_prompt_is_not_worth_telling(chat: ChatService, world: World) -> None:
    world.client.scripts = [[PromptRead(4000, 3900, 4000), *text("x"), DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    assert world.of(PromptReading) == []


async def test_the_model_used_last_is_used_again(chat: ChatService, world: World) -> None:
    world.installed = [a_model("a"), a_model("b")]
    world.settings.set(LAST_MODEL, a_model("b").id)
    world.client.scripts = [[DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    assert chat.model == a_model("b")


async def test_use_model_loads_tells_and_is_remembered(chat: ChatService, world: World) -> None:
    await chat.use_model(a_model("b"))
    states = [event.state for event in world.of(ModelStateChanged)]
    assert (states[0], states[-1]) == (LoadState.LOADING, LoadState.READY)
    assert (chat.model, chat.loaded) == (a_model("b"), INFO)
    assert world.settings.get(LAST_MODEL) == a_model("b").id
    await chat.use_model(a_model("b"))
    assert world.client.calls == [f"load {a_model('b').id}"]


async def test_switching_cancels_a_load_and_unloads_the_previous(
    chat: ChatService, world: World
) -> None:
    await chat.use_model(a_model("a"))
    world.client.load_steps = [asyncio.Event()]
    second = asyncio.create_task(chat.use_model(a_model("b")))
    await until(lambda: f"load {a_model('b').id}" in world.client.calls)
    world.client.load_steps = []
    await chat.use_model(a_model("c"))
    await second
    assert chat.model == a_model("c")
    assert world.client.calls == [
        f"load {a_model('a').id}",
        f"unload {a_model('a').id}",
        f"load {a_model('b').id}",
        f"load {a_model('c').id}",
    ]


async def test_cancelling_the_caller_cancels_the_load(chat: ChatService, world: World) -> None:
    world.client.load_steps = [asyncio.Event()]
    loading = asyncio.create_task(chat.use_model(a_model("b")))
    await until(lambda: world.client.calls)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert world.of(ModelStateChanged)[-1].state is LoadState.UNLOADED
    world.client.load_steps = []
    await chat.use_model(a_model("b"))
    assert chat.loaded == INFO


async def test_a_model_whose_id_changed_by_hashing_is_not_loaded_again(
    chat: ChatService, world: World
) -> None:
    await chat.use_model(a_model("b"))
    await chat.use_model(replace(a_model("b"), id=ModelId("sha256:other")))
    assert world.client.calls == [f"load {a_model('b').id}"]


async def test_switching_stops_answers_and_keeps_them(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Half"), asyncio.Event()]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    await chat.use_model(a_model("b"))
    assert world.ended().message.state is MessageState.STOPPED


async def test_a_model_that_does_not_load_is_told_and_another_can_be_chosen(
    chat: ChatService, world: World
) -> None:
    world.client.load_steps = [ModelFileError(name="bad", detail="cut short")]
    with pytest.raises(ModelFileError):
        await chat.use_model(a_model("bad"))
    assert world.of(ModelStateChanged)[-1].state is LoadState.FAILED
    assert chat.loaded is None
    assert world.settings.get(LAST_MODEL) == ""
    world.client.load_steps = []
    await chat.use_model(a_model("good"))
    assert chat.loaded == INFO


async def test_an_engine_that_died_in_idleness_takes_its_model_along(
    chat: ChatService, world: World
) -> None:
    await chat.use_model(a_model())
    chat.note(EngineStateChanged(ready=False, error=EngineCrashedError()))
    assert chat.loaded is None
    assert world.of(ModelStateChanged)[-1].state is LoadState.UNLOADED
    world.client.scripts = [[*text("Here"), DONE]]
    await chat.send(CHAT, "Hello")
    await until_ended(world)
    assert world.ended().message.text == "Here"
    assert world.client.calls.count(f"load {a_model().id}") == 2


async def test_unload_gives_the_memory_back(chat: ChatService, world: World) -> None:
    await chat.use_model(a_model())
    await chat.unload()
    assert world.client.calls[-1] == f"unload {a_model().id}"
    assert (chat.model, chat.loaded) == (None, None)
