import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.chat import MessageState, Provenance
from assistant.domain.errors import ChatNotFoundError
from assistant.domain.events import ChatsChanged, Event
from assistant.domain.guide import KEPT_OPTION, GuidePart, GuideReply
from assistant.services.history import HistoryService, first_words
from assistant.storage.history import HistoryStore, create_history
from assistant.storage.thread import DatabaseThread


class Desk:
    def __init__(self, thread: DatabaseThread, store: HistoryStore) -> None:
        self.events: list[Event] = []
        self.thread = thread
        self.history = HistoryService(thread, store, self.events.append)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    thread = DatabaseThread()
    store = await thread.call(
        create_history, tmp_path / "history.db", bytes(32), tmp_path / "backups"
    )
    yield Desk(thread, store)
    await thread.call(store.close)
    await thread.close()


async def test_a_chat_is_called_by_its_first_words_until_it_is_renamed(desk: Desk) -> None:
    history = desk.history
    chat = await history.create_chat()
    assert chat.title == ""
    first = await history.add_user_message(chat.id, None, "How do I brew\n good green tea at home?")
    await history.add_user_message(chat.id, first.id, "And black tea?")
    assert (await history.chats())[0].title == "How do I brew good green…"
    await history.rename_chat(chat.id, "  Tea ")
    assert (await history.chats())[0].title == "Tea"
    await history.rename_chat(chat.id, " ")
    assert (await history.chats())[0].title == "How do I brew good green…"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("  \n ", ""),
        ("Hello", "Hello"),
        ("one two three four five six", "one two three four five six"),
        ("one two three four five six seven", "one two three four five six…"),
        ("سلام، چای سبز را چگونه دم کنم", "سلام، چای سبز را چگونه دم…"),
        ("请" * 60, "请" * 47 + "…"),
        ("incomprehensibilities " * 6, "incomprehensibilities incomprehensibilities…"),
    ],
)
def test_first_words(text: str, title: str) -> None:
    assert first_words(text) == title


@given(st.text(max_size=300))
def test_a_title_is_short_and_on_one_line(text: str) -> None:
    title = first_words(text)
    assert len(title) <= 48
    assert title == " ".join(title.split())
    assert bool(title) == bool(text.split())


async def test_each_change_of_the_list_is_told(desk: Desk) -> None:
    history = desk.history
    chat = await history.create_chat("a")
    await history.add_user_message(chat.id, None, "x")
    await history.rename_chat(chat.id, "b")
    await history.delete_chat(chat.id)
    await history.undo_delete(chat.id)
    assert desk.events == [ChatsChanged()] * 5
    with pytest.raises(ChatNotFoundError):
        await history.rename_chat(type(chat.id)("none"), "x")
    assert len(desk.events) == 5


async def test_what_was_asked_for_is_done_though_the_caller_goes(desk: Desk) -> None:
    chat = await desk.history.create_chat("a")
    task = asyncio.ensure_future(desk.history.add_user_message(chat.id, None, "still"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [message.text for message in await desk.history.messages(chat.id)] == ["still"]


async def test_markdown_of_a_chat(desk: Desk) -> None:
    history = desk.history
    chat = await history.create_chat("Tea")
    question = await history.add_user_message(chat.id, None, "What is *tea*?")
    answer = await history.begin_answer(chat.id, question.id, Provenance("id", "Tiny-1B"))
    await history.end_answer(answer.id, "A **leaf**.", MessageState.DONE, None)
    assert await history.export_markdown(chat.id) == (
        "# Tea\n\n## User\n\nWhat is *tea*?\n\n## Tiny-1B\n\nA **leaf**.\n"
    )
    await history.delete_chat(chat.id)
    with pytest.raises(ChatNotFoundError):
        await history.export_markdown(chat.id)


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("", True),
        ("How do I brew good green…", True),
        ("How do I brew good green tea at home?", True),
        ("My tea", False),
        ("How do I", False),
        ("How to…", False),
    ],
)
async def test_a_suggested_title_never_takes_the_place_of_a_chosen_one(
    desk: Desk, title: str, *, taken: bool
) -> None:
    chat = await desk.history.create_chat(title)
    await desk.history.add_user_message(chat.id, None, "How do I brew\n good green tea at home?")
    desk.events.clear()
    await desk.history.suggest_title(chat.id, " Green tea ")
    [listed] = await desk.history.chats()
    assert (listed.title == "Green tea") is taken
    assert desk.events == ([ChatsChanged()] if taken else [])


async def test_an_empty_suggestion_changes_nothing(desk: Desk) -> None:
    chat = await desk.history.create_chat("Hello")
    await desk.history.add_user_message(chat.id, None, "Hello there")
    await desk.history.suggest_title(chat.id, "  ")
    assert (await desk.history.chats())[0].title == "Hello"


async def test_the_guides_kept_questions_are_found(desk: Desk) -> None:
    history = desk.history
    chat = await history.create_chat()
    question = await history.add_user_message(chat.id, None, "Write a poem")
    said = Provenance("sha256:0", "Guide", GuideReply(GuidePart.BEYOND, "en").options())
    kept = await history.begin_answer(chat.id, question.id, said)
    await history.end_answer(kept.id, "Beyond me.", MessageState.DONE, None)
    assert await history.kept_questions() == [(chat.id, question.id)]
    real = Provenance("m", "M", {KEPT_OPTION: question.id})
    empty = await history.begin_answer(chat.id, question.id, real)
    await history.end_answer(empty.id, "", MessageState.FAILED, None, "engine_crashed")
    await history.withdraw_answer(empty.id)
    assert [each.id for each in await history.messages(chat.id)] == [question.id, kept.id]
    desk.events.clear()
    again, answer = await history.ask_again(chat.id, kept.id, "Write a poem", real)
    assert desk.events == [ChatsChanged()]
    assert (await history.messages(chat.id))[2:] == [again, answer]
