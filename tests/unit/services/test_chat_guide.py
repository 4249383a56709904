"""Chats while no model is installed: the Guide answers, keeps questions, names chats."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from assistant.domain.chat import Message, MessageState
from assistant.domain.errors import (
    EngineCrashedError,
    HearthError,
    NoModelError,
)
from assistant.domain.events import MessageAdded, MessageGrew
from assistant.domain.generation import PromptMessage, TextDelta
from assistant.domain.guide import (
    GuideAction,
    GuideMark,
    GuidePart,
    mark_of,
)
from assistant.services.chat import ChatService
from assistant.settings.table import CONTEXT_TOKENS, LAST_MODEL
from tests.fakes.clock import settle
from tests.fakes.history import FakeHistory
from tests.unit.services.chat_world import (
    CHAT,
    DONE,
    Step,
    World,
    a_model,
    text,
    until,
    until_ended,
)
from tests.unit.services.guide_world import (
    ARTICLE,
    MODEL,
    OTHER,
    PASSAGE,
    ScriptedGuide,
    chat_with_guide,
    the_guide,
)


@pytest.fixture
def guide() -> ScriptedGuide:
    return ScriptedGuide()


@pytest.fixture
async def chat(world: World, guide: ScriptedGuide) -> AsyncIterator[ChatService]:
    service = chat_with_guide(world, guide)
    yield service
    await service.close()


def mark(message: Message) -> GuideMark:
    found = mark_of(message)
    assert found is not None
    return found


# --- answers without the model ------------------------------------------------------------------


async def test_help_is_there_at_once_and_needs_no_engine(
    chat: ChatService, world: World, history: FakeHistory, guide: ScriptedGuide
) -> None:
    await chat.send(CHAT, "help me")
    question, answer = await history.messages(CHAT)
    assert (answer.text, answer.state, answer.stats) == (ARTICLE.text, MessageState.DONE, None)
    assert mark(answer) == GuideMark(GuidePart.HELP, "en", "add-model", GuideAction.ADD_MODEL)
    assert answer.provenance is not None
    assert (answer.provenance.model_id, answer.provenance.model_name) == ("sha256:guide", "Guide")
    added = [event.message for event in world.of(MessageAdded)]
    assert [each.id for each in added] == [question.id, answer.id]
    assert world.ended().message == answer
    assert world.client.calls == []
    assert not chat.is_answering(CHAT)
    assert guide.threads.isdisjoint({threading.get_ident()})


async def test_beyond_its_depth_it_recommends_a_model(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await chat.send(CHAT, "write an email")
    question, answer = await history.messages(CHAT)
    assert answer.text == "That is beyond me."
    assert mark(answer).recommendation == MODEL
    assert world.client.calls == []
    assert await history.kept_questions() == [(CHAT, question.id)]


async def test_a_hidden_guide_answers_nothing(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.built_in = None
    with pytest.raises(NoModelError):
        await chat.send(CHAT, "help me")
    assert await history.messages(CHAT) == []


async def test_an_answer_that_cant_be_stored_is_told(
    chat: ChatService, world: World, history: FakeHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> Message:
        raise HearthError

    monkeypatch.setattr(history, "end_answer", refuse)
    await chat.send(CHAT, "help me")
    ended = world.ended()
    assert ended.error is not None
    assert (ended.message.text, ended.message.state) == (ARTICLE.text, MessageState.FAILED)
    assert not chat.is_answering(CHAT)


# --- answers of its small model -----------------------------------------------------------------


async def test_small_talk_comes_from_the_model_alone(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.settings.set(CONTEXT_TOKENS, 8192)
    world.client.scripts = [[TextDelta(" "), TextDelta(" Hello"), TextDelta(" you."), DONE]]
    await chat.send(CHAT, "help me")
    world.events.clear()
    await chat.send(CHAT, "hi there")
    await until_ended(world)
    assert "".join(event.added for event in world.of(MessageGrew)) == "Hello you."
    ended = world.ended().message
    assert (ended.text, ended.state) == ("Hello you.", MessageState.DONE)
    assert ended.stats is not None
    assert mark(ended).part is GuidePart.TALK
    assert world.client.prompts == [[PromptMessage("user", "hi")]]
    [options] = world.client.options
    assert (options.temperature, options.max_tokens) == (0.0, 64)
    assert world.client.files[0].n_ctx is None


async def test_a_passage_goes_to_the_model_in_its_form(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("b"), DONE], [*text("x"), DONE]]
    await chat.send(CHAT, "passage")
    await until_ended(world)
    assert world.client.prompts[0] == [PromptMessage("user", PASSAGE.prompt)]


async def test_the_guide_sees_the_chat_so_far(
    chat: ChatService, world: World, guide: ScriptedGuide
) -> None:
    await chat.send(CHAT, "help me")
    await chat.send(CHAT, "help again")
    assert guide.heard == [("help me", 0), ("help again", 2)]


async def test_its_answer_can_be_stopped(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Hel"), asyncio.Event(), DONE]]
    await chat.send(CHAT, "hi")
    await until(lambda: world.of(MessageGrew))
    await chat.stop(CHAT)
    ended = world.ended().message
    assert (ended.text, ended.state) == ("Hel", MessageState.STOPPED)


async def test_it_is_never_the_model_used_last(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Hi"), DONE], [DONE]]
    await chat.send(CHAT, "hi")
    await until_ended(world)
    assert world.settings.get(LAST_MODEL) == ""


# --- titles -------------------------------------------------------------------------------------


async def test_help_names_a_new_chat_after_its_article(
    chat: ChatService, history: FakeHistory
) -> None:
    await chat.send(CHAT, "help me")
    assert history.titles == {CHAT: "Add a model"}
    await chat.send(OTHER, "write an email")
    await chat.send(OTHER, "help me")
    assert OTHER not in history.titles


async def test_the_model_names_a_new_chat_once_it_answered(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.client.scripts = [
        [*text("Hi"), DONE],
        [TextDelta(' "A greeting"\n'), TextDelta("more"), DONE],
        [*text("Hi"), DONE],
    ]
    await chat.send(CHAT, "hi  you")
    await until(lambda: history.titles)
    assert history.titles == {CHAT: "A greeting"}
    assert world.client.prompts[1] == [PromptMessage("user", "Title: hi you")]
    assert (world.client.options[1].temperature, world.client.options[1].max_tokens) == (0.0, 16)
    world.events.clear()
    await chat.send(CHAT, "hi again")
    await until_ended(world)
    await settle()
    assert len(world.client.prompts) == 3


@pytest.mark.parametrize("failing", [[EngineCrashedError()], [DONE], [TextDelta("w" * 80), DONE]])
async def test_without_a_good_title_the_first_words_stay(
    chat: ChatService, world: World, history: FakeHistory, failing: list[Step]
) -> None:
    world.client.scripts = [[*text("Hi"), DONE], failing]
    await chat.send(CHAT, "hi")
    await until(lambda: world.client.closed == 2)
    await settle()
    assert not history.titles.get(CHAT)


# --- real models --------------------------------------------------------------------------------


async def test_an_installed_model_answers_and_the_guide_never(
    chat: ChatService, world: World, guide: ScriptedGuide
) -> None:
    world.installed = [a_model()]
    world.client.scripts = [[*text("Yes"), DONE]]
    await chat.send(CHAT, "help me")
    await until_ended(world)
    assert guide.heard == []
    assert world.client.prompts == [[PromptMessage("user", "help me")]]


async def test_the_guide_gives_way_to_the_first_model(chat: ChatService, world: World) -> None:
    world.client.scripts = [[*text("Hi"), DONE], [*text("t"), DONE], [*text("Yes"), DONE]]
    await chat.send(CHAT, "hi")
    await until_ended(world)
    await until(lambda: world.client.closed == 2)
    world.events.clear()
    world.installed = [a_model()]
    await chat.send(CHAT, "hi")
    await until_ended(world)
    assert world.ended().message.text == "Yes"
    assert "unload sha256:guide" in world.client.calls
    assert chat.model == a_model()


async def test_a_real_model_reads_nothing_of_what_was_beyond(
    chat: ChatService, world: World
) -> None:
    await chat.send(CHAT, "write an email")
    await chat.send(CHAT, "help me")
    world.installed = [a_model()]
    world.client.scripts = [[*text("Yes"), DONE]]
    world.events.clear()
    await chat.send(CHAT, "Thanks")
    await until_ended(world)
    assert world.client.prompts == [
        [
            PromptMessage("user", "write an email\n\nhelp me"),
            PromptMessage("assistant", ARTICLE.text),
            PromptMessage("user", "Thanks"),
        ]
    ]


async def test_the_guide_that_was_named_answers_beside_other_models(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    world.installed = [a_model()]
    await chat.use_model(the_guide())
    await chat.send(CHAT, "help me")
    assert (await history.messages(CHAT))[-1].text == ARTICLE.text
