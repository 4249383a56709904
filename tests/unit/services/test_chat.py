"""Chat turns: what is saved when, what is told, what is kept."""

import asyncio
from itertools import pairwise

import pytest

from assistant.domain.chat import ChatId, MessageState
from assistant.domain.errors import (
    ChatBusyError,
    ContextExceededError,
    EngineCrashedError,
    EngineGaveUpError,
    HistoryDiskError,
    HistoryLockedError,
    ModelNotFoundError,
    NoModelError,
)
from assistant.domain.events import (
    MessageAdded,
    MessageEnded,
    MessageGrew,
    ModelStateChanged,
    PromptReading,
)
from assistant.domain.generation import (
    GenerationOptions,
    PromptMessage,
    PromptRead,
    TextDelta,
)
from assistant.services.chat import ChatService
from tests.fakes.clock import settle
from tests.fakes.history import FakeHistory
from tests.unit.services.chat_world import (
    CHAT,
    DONE,
    FakeClient,
    Step,
    World,
    a_model,
    text,
    until,
    until_ended,
)


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


async def test_stop_before_the_answer_began_ends_it_too(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Late"), DONE]]
    await chat.send(CHAT, "Hello")
    await chat.stop(CHAT)
    assert world.ended().message.state is MessageState.STOPPED
    assert not chat.is_answering(CHAT)


async def test_stop_while_loading(chat: ChatService, world: World) -> None:
    world.client.load_steps = [0.5, asyncio.Event()]
    await chat.send(CHAT, "Hello")
    await settle()
    await chat.stop(CHAT)
    assert world.ended().message.state is MessageState.STOPPED


@pytest.mark.parametrize(("silence_s", "ended"), [(5, False), (20, True)])
async def test_stopping_an_engine_that_was_long_silent_ends_its_worker(
    chat: ChatService, world: World, silence_s: float, *, ended: bool
) -> None:
    await chat.use_model(a_model())
    world.client.scripts = [[*text("Half"), asyncio.Event()]]
    await chat.send(CHAT, "Hello")
    await until(lambda: world.of(MessageGrew))
    await world.clock.advance(silence_s)
    await chat.stop(CHAT)
    assert world.ended().message.text == "Half"
    assert (f"unload {a_model().id}" in world.client.calls) is ended
    assert (chat.loaded is None) is ended
    assert chat.model == a_model()


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
