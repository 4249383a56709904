"""Questions that the Guide kept, once there is a model for them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.domain.chat import ChatId, Message, MessageState, Role
from assistant.domain.errors import ContextExceededError, EngineCrashedError, ModelFileError
from assistant.domain.events import MessageAdded, MessageEnded
from assistant.domain.generation import PromptMessage
from assistant.domain.guide import mark_of
from assistant.services.chat import ChatService
from assistant.services.history import HistoryService
from assistant.storage.history import create_history, open_history
from assistant.storage.thread import DatabaseThread
from tests.fakes.history import FakeHistory
from tests.unit.services.chat_world import CHAT, DONE, World, a_model, text, until
from tests.unit.services.guide_world import ARTICLE, OTHER, ScriptedGuide, chat_with_guide


@pytest.fixture
async def chat(world: World) -> AsyncIterator[ChatService]:
    service = chat_with_guide(world, ScriptedGuide())
    yield service
    await service.close()


async def waiting_chats(history: FakeHistory) -> list[ChatId]:
    return [chat_id for chat_id, _ in await history.kept_questions()]


async def keep_two(chat: ChatService, world: World) -> None:
    await chat.send(CHAT, "write an email")
    await chat.send(OTHER, "write a poem")
    world.events.clear()
    world.installed = [a_model()]


async def test_kept_questions_are_answered_latest_chat_first(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[*text("Roses"), DONE], [*text("Dear"), DONE]]
    assert await chat.answer_kept() == 2
    for chat_id, asked, answered in ((CHAT, "an email", "Dear"), (OTHER, "a poem", "Roses")):
        question, answer = await history.messages(chat_id)
        assert (question.role, question.text) == (Role.USER, f"write {asked}")
        assert (answer.text, answer.state) == (answered, MessageState.DONE)
        assert answer.parent_id == question.id
        assert answer.provenance is not None
        assert answer.provenance.model_id == a_model().id
        assert mark_of(answer) is None
    assert [prompt[-1].content for prompt in world.client.prompts] == [
        "write a poem",
        "write an email",
    ]
    assert await chat.answer_kept() == 0


async def test_nothing_is_answered_without_a_model_or_history(
    chat: ChatService, world: World
) -> None:
    await chat.send(CHAT, "write an email")
    assert await chat.answer_kept() == 0
    world.installed = [a_model()]
    world.history = None
    assert await chat.answer_kept() == 0
    assert world.client.calls == []


async def test_a_model_that_cant_be_loaded_changes_nothing(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.load_steps = [ModelFileError(name="tiny", detail="it is damaged")]
    with pytest.raises(ModelFileError):
        await chat.answer_kept()
    assert world.of(MessageAdded) == []
    assert len(await history.kept_questions()) == 2
    assert not chat.is_answering(OTHER)
    world.client.load_steps = []
    world.client.scripts = [[*text("Roses"), DONE], [*text("Dear"), DONE]]
    assert await chat.answer_kept() == 2


async def test_a_model_that_is_put_aside_meanwhile_is_no_error(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    gate = asyncio.Event()
    world.client.load_steps = [gate]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.files)
    assert not chat.is_answering(OTHER)
    world.client.load_steps = []
    await chat.use_model(a_model("other"))
    assert await answering == 0
    assert len(await history.kept_questions()) == 2


async def test_a_failure_before_the_first_word_keeps_the_question(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    before = await history.messages(OTHER)
    world.client.scripts = [[EngineCrashedError()], [EngineCrashedError()]]
    assert await chat.answer_kept() == 2
    assert all(isinstance(each.error, EngineCrashedError) for each in world.of(MessageEnded))
    assert await history.messages(OTHER) == before
    assert len(await history.kept_questions()) == 2


async def test_a_question_too_long_for_the_model_holds_up_no_other(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [
        [ContextExceededError(prompt_tokens=9, context_tokens=8)],
        [*text("Dear"), DONE],
    ]
    assert await chat.answer_kept() == 2
    assert (await history.messages(CHAT))[-1].text == "Dear"
    assert await waiting_chats(history) == [OTHER]


async def test_what_came_before_a_failure_stays(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[*text("Ro"), EngineCrashedError()], [EngineCrashedError()]]
    await chat.answer_kept()
    answer = (await history.messages(OTHER))[-1]
    assert (answer.text, answer.state) == ("Ro", MessageState.INTERRUPTED)
    assert await waiting_chats(history) == [CHAT]


async def test_closing_in_mid_reading_keeps_the_questions(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[asyncio.Event(), DONE]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    await chat.close()
    await answering
    assert len(world.client.prompts) == 1
    assert len(await history.kept_questions()) == 2


async def test_a_user_who_stops_it_is_not_asked_again(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[asyncio.Event(), DONE], [*text("Dear"), DONE]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    assert await chat.answer_kept() == 0
    await chat.stop(OTHER)
    assert await answering == 2
    assert (await history.messages(OTHER))[-1].state is MessageState.STOPPED
    assert len(world.of(MessageEnded)) == 2


async def test_another_model_chosen_in_mid_reading_answers_instead(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[asyncio.Event()], [*text("Roses"), DONE], [*text("Dear"), DONE]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    await chat.use_model(a_model("other"))
    assert await answering == 1
    assert [each.error for each in world.of(MessageEnded)] == [None]
    assert len(world.client.prompts) == 1
    assert await waiting_chats(history) == [OTHER, CHAT]
    assert await chat.answer_kept() == 2
    assert (await history.messages(OTHER))[-1].text == "Roses"
    assert chat.model == a_model("other")


async def test_a_model_whose_memory_is_given_back_leaves_the_questions_kept(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[asyncio.Event()]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    await chat.unload()
    assert await answering == 1
    assert len(await history.kept_questions()) == 2
    assert chat.model is None


# --- chats that went on -------------------------------------------------------------------------


async def keep_one_and_go_on(chat: ChatService, world: World) -> None:
    await chat.send(CHAT, "write an email")
    await chat.send(CHAT, "help me")
    world.events.clear()
    world.installed = [a_model()]


def told(messages: list[Message]) -> list[tuple[Role, str]]:
    return [(each.role, each.text) for each in messages]


async def test_a_question_that_the_user_went_on_from_is_asked_again_at_the_end(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_one_and_go_on(chat, world)
    before = await history.messages(CHAT)
    world.client.scripts = [[*text("Dear"), DONE]]
    assert await chat.answer_kept() == 1
    after = await history.messages(CHAT)
    assert after[:4] == before
    assert told(after[4:]) == [(Role.USER, "write an email"), (Role.ASSISTANT, "Dear")]
    added = [event.message.id for event in world.of(MessageAdded)]
    assert added == [each.id for each in after[4:]]
    assert world.client.prompts == [
        [
            PromptMessage("user", "help me"),
            PromptMessage("assistant", ARTICLE.text),
            PromptMessage("user", "write an email"),
        ]
    ]
    assert await history.kept_questions() == []
    assert await chat.answer_kept() == 0


async def test_several_in_one_chat_are_each_answered_once_in_their_order(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await chat.send(CHAT, "write an email")
    await keep_two(chat, world)
    world.client.scripts = [[*text("Roses"), DONE], [*text("Dear"), DONE], [*text("Also"), DONE]]
    (first, second) = [q for chat_id, q in await history.kept_questions() if chat_id == CHAT]
    assert first < second
    assert await chat.answer_kept() == 3
    assert told((await history.messages(CHAT))[4:]) == [
        (Role.USER, "write an email"),
        (Role.ASSISTANT, "Dear"),
        (Role.USER, "write an email"),
        (Role.ASSISTANT, "Also"),
    ]
    assert [each.content for each in world.client.prompts[1]] == ["write an email"]
    assert [each.content for each in world.client.prompts[2]] == [
        "write an email", "Dear", "write an email",
    ]  # fmt: skip
    assert await chat.answer_kept() == 0


async def test_a_later_message_does_not_ask_again_what_was_asked_again(
    chat: ChatService, world: World
) -> None:
    await keep_one_and_go_on(chat, world)
    world.client.scripts = [[*text("Dear"), DONE], [*text("Yes"), DONE]]
    await chat.answer_kept()
    await chat.send(CHAT, "shorter")
    await until(lambda: len(world.of(MessageEnded)) == 2)
    assert [each.content for each in world.client.prompts[1]] == [
        "help me", ARTICLE.text, "write an email", "Dear", "shorter",
    ]  # fmt: skip


async def test_failures_before_the_first_word_do_not_pile_up(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_one_and_go_on(chat, world)
    before = await history.messages(CHAT)
    world.client.scripts = [[EngineCrashedError()] for _ in range(3)]
    for _ in range(3):
        assert await chat.answer_kept() == 1
        assert await history.messages(CHAT) == before
        assert await waiting_chats(history) == [CHAT]


async def test_what_a_crash_left_without_a_word_is_asked_once_more(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_one_and_go_on(chat, world)
    world.client.scripts = [[asyncio.Event()], [*text("Dear"), DONE]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    cut = (await history.messages(CHAT))[-1]
    assert await history.kept_questions() == []
    answering.cancel()
    history.withdrawals_fail = True  # as if the power went: the next start only ends the answer
    await chat.close()
    history.withdrawals_fail = False
    assert (await history.messages(CHAT))[-1].id == cut.id
    again = chat_with_guide(world, ScriptedGuide())
    world.installed = [a_model()]
    assert await again.answer_kept() == 1
    assert told((await history.messages(CHAT))[4:]) == [
        (Role.USER, "write an email"),
        (Role.ASSISTANT, "Dear"),
    ]
    await again.close()


@asynccontextmanager
async def stored(folder: Path) -> AsyncIterator[HistoryService]:
    """A history on the disk, as the next start finds it."""
    thread = DatabaseThread()
    database, backups = folder / "history.db", folder / "backups"
    how = open_history if database.exists() else create_history
    store = await thread.call(how, database, bytes(32), backups)
    service = HistoryService(thread, store, lambda _: None)
    await service.interrupt_unfinished()
    yield service
    await thread.call(store.close)
    await thread.close()


async def test_a_power_cut_between_two_neither_loses_nor_doubles_any(
    chat: ChatService, world: World, tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    async with stored(tmp_path / "before") as disk:
        world.history = disk
        made = (await disk.create_chat()).id
        for each in ("write an email", "help me", "write a poem"):
            await chat.send(made, each)
        world.installed = [a_model()]
        world.client.scripts = [[*text("Dear"), DONE], [asyncio.Event()]]
        answering = asyncio.create_task(chat.answer_kept())
        await until(lambda: len(world.client.prompts) == 2)
        shutil.copytree(tmp_path / "before", tmp_path / "after")
        await chat.stop(made)
        await answering
    async with stored(tmp_path / "after") as disk:
        world.history = disk
        again = chat_with_guide(world, ScriptedGuide())
        world.installed = [a_model()]
        world.client.scripts = [[EngineCrashedError()], [*text("Roses"), DONE]]
        assert [await again.answer_kept() for _ in range(3)] == [1, 1, 0]
        assert told((await disk.messages(made))[6:]) == [
            (Role.USER, "write an email"),
            (Role.ASSISTANT, "Dear"),
            (Role.USER, "write a poem"),
            (Role.ASSISTANT, "Roses"),
        ]
        await again.close()


async def test_a_chat_that_a_real_model_went_on_with_is_left_alone(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_one_and_go_on(chat, world)
    world.client.scripts = [[*text("Yes"), DONE]]
    await chat.send(CHAT, "never mind")
    await until(lambda: world.of(MessageEnded))
    before = await history.messages(CHAT)
    assert await chat.answer_kept() == 0
    assert await history.messages(CHAT) == before


async def test_so_is_one_that_went_on_while_others_were_answered(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    going_on = asyncio.Event()
    world.client.scripts = [[going_on, *text("Roses"), DONE], [asyncio.Event()]]
    answering = asyncio.create_task(chat.answer_kept())
    await until(lambda: world.client.prompts)
    await chat.send(CHAT, "never mind")
    await until(lambda: len(world.client.prompts) == 2)
    await chat.stop(CHAT)
    before = await history.messages(CHAT)
    assert (before[-1].text, before[-1].state) == ("", MessageState.STOPPED)
    going_on.set()
    assert await answering == 1
    assert await history.messages(CHAT) == before


# --- questions that bring the engine down -------------------------------------------------------


async def test_one_that_brings_the_engine_down_holds_up_no_other(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[EngineCrashedError()], [*text("Dear"), DONE]]
    assert await chat.answer_kept() == 2
    assert (await history.messages(CHAT))[-1].text == "Dear"
    assert await waiting_chats(history) == [OTHER]


async def test_after_two_failures_in_a_row_no_further_one_is_tried(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    third = ChatId("c3")
    await chat.send(third, "write a song")
    await keep_two(chat, world)
    world.client.scripts = [[EngineCrashedError()], [EngineCrashedError()]]
    assert await chat.answer_kept() == 2
    assert await waiting_chats(history) == [OTHER, CHAT, third]
    world.client.scripts = [[*text("La"), DONE], [*text("Roses"), DONE], [*text("Dear"), DONE]]
    assert await chat.answer_kept() == 3
    asked = [prompt[-1].content for prompt in world.client.prompts[2:]]
    assert asked == ["write a song", "write a poem", "write an email"]
