"""Chats while no model is installed: the Guide answers, keeps questions, names chats."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.domain.chat import ChatId, Message, MessageState, Role
from assistant.domain.errors import (
    ContextExceededError,
    EngineCrashedError,
    HearthError,
    ModelFileError,
    NoModelError,
)
from assistant.domain.events import MessageAdded, MessageEnded, MessageGrew
from assistant.domain.generation import PromptMessage, TextDelta
from assistant.domain.guide import (
    Article,
    GuideAction,
    GuideMark,
    GuidePart,
    GuideReply,
    Recommendation,
    mark_of,
)
from assistant.domain.llm import InstalledModel, ModelId
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

OTHER = ChatId("c2")
ARTICLE = Article("add-model", "en", "Add a model", "Open **Models**.", GuideAction.ADD_MODEL)
MODEL = Recommendation("Qwen3 4B", "o/n", "n.gguf", 2_500_000_000)
HELP = GuideReply(GuidePart.HELP, "en", ARTICLE.text, article=ARTICLE)
BEYOND = GuideReply(GuidePart.BEYOND, "en", "That is beyond me.", recommendation=MODEL)
TALK = GuideReply(GuidePart.TALK, "en", prompt="hi")
PASSAGE = GuideReply(GuidePart.PASSAGE, "en", prompt="Passage: A.\nQuestion: b?")


def the_guide() -> InstalledModel:
    return InstalledModel(
        ModelId("sha256:guide"), "Guide", Path("/guide.gguf"), 8, verified=True, owned=False,
        built_in=True,
    )  # fmt: skip


@dataclass
class ScriptedGuide:
    """Replies by the first word of a message, as the real one would by what it means."""

    heard: list[tuple[str, int]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def reply(self, text: str, before: Sequence[Message] = ()) -> GuideReply:
        self.heard.append((text, len(before)))
        self.threads.add(threading.get_ident())
        kinds = {"help": HELP, "write": BEYOND, "hi": TALK, "passage": PASSAGE}
        return kinds[text.split(maxsplit=1)[0]]


@pytest.fixture
def guide() -> ScriptedGuide:
    return ScriptedGuide()


@pytest.fixture
async def chat(world: World, guide: ScriptedGuide) -> AsyncIterator[ChatService]:
    world.installed = []
    world.built_in = the_guide()
    service = ChatService(
        world, world, world.settings, world, world.publish,
        guide=guide, clock=world.clock.now, sleep=world.clock.sleep,
    )  # fmt: skip
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
    answer = (await history.messages(CHAT))[-1]
    assert answer.text == "That is beyond me."
    assert mark(answer).recommendation == MODEL
    assert world.client.calls == []
    assert await history.kept_questions() == [(CHAT, answer.id)]


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


# --- kept questions -----------------------------------------------------------------------------


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
    world.client.scripts = [[EngineCrashedError()]]
    assert await chat.answer_kept() == 1
    ended = world.ended()
    assert isinstance(ended.error, EngineCrashedError)
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
    assert [each[0] for each in await history.kept_questions()] == [OTHER]


async def test_what_came_before_a_failure_stays(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await keep_two(chat, world)
    world.client.scripts = [[*text("Ro"), EngineCrashedError()]]
    await chat.answer_kept()
    answer = (await history.messages(OTHER))[-1]
    assert (answer.text, answer.state) == ("Ro", MessageState.INTERRUPTED)
    assert [each[0] for each in await history.kept_questions()] == [CHAT]


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
    assert [each[0] for each in await history.kept_questions()] == [OTHER, CHAT]
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


async def test_a_chat_that_went_on_while_others_were_answered_is_left_alone(
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


async def test_a_chat_that_went_on_is_left_alone(
    chat: ChatService, world: World, history: FakeHistory
) -> None:
    await chat.send(CHAT, "write an email")
    await chat.send(CHAT, "help me")
    world.installed = [a_model()]
    assert await chat.answer_kept() == 0
    assert len(await history.messages(CHAT)) == 4
