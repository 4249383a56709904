"""The model that chats use: chosen, loaded, switched, loaded again."""

import asyncio
from dataclasses import replace

import pytest

from assistant.domain.chat import MessageState
from assistant.domain.errors import (
    EngineCrashedError,
    ModelFileError,
)
from assistant.domain.events import (
    EngineStateChanged,
    MessageGrew,
    ModelStateChanged,
)
from assistant.domain.llm import LoadState, ModelId
from assistant.services.chat import ChatService
from assistant.settings.table import LAST_MODEL
from tests.unit.services.chat_world import (
    CHAT,
    DONE,
    INFO,
    World,
    a_model,
    text,
    until,
    until_ended,
)


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
