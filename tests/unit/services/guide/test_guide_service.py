"""The Guide over its own resources: what becomes of a message."""

import re
import time
import tomllib
from datetime import UTC, datetime

import pytest

from assistant.domain.chat import ChatId, Message, MessageId, MessageState, Provenance, Role
from assistant.domain.guide import GuidePart, GuideReply
from assistant.services.guide.language import LANGUAGES
from assistant.services.guide.service import GuideService
from assistant.settings.paths import resource_folder

GB = 1_000_000_000
TEXT = "The mill at Brenwick was built by Tomas Hale in 1743, and burned down in 1802."


@pytest.fixture(scope="module")
def guide() -> GuideService:
    return GuideService(resource_folder(), lambda: "en", lambda: 8 * GB)


@pytest.mark.parametrize(
    ("text", "article", "language"),
    [
        ("How do I add a model?", "add-model", "en"),
        ("What is Hearth?", "what-is-hearth", "en"),
        ("whre do i set a passphrase", "passphrase", "en"),
        ("I want the window to be dark", "theme", "en"),
        ("چطور مدل دانلود کنم؟", "add-model", "fa"),
        ("كد بازيابي را چطور بسازم", "recovery-code", "fa"),
        ("怎么下载模型？", "add-model", "zh_CN"),
        ("怎麼下載模型？", "add-model", "zh_TW"),
    ],
)
def test_questions_about_hearth_get_their_article(
    guide: GuideService, text: str, article: str, language: str
) -> None:
    reply = guide.reply(text)
    assert (reply.part, reply.language) == (GuidePart.HELP, language)
    assert reply.article is not None
    assert (reply.article.id, reply.article.language) == (article, language)
    assert reply.text == reply.article.text
    assert reply.recommendation is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Write an email to my landlord.", "en"),
        ("write a python script that downloads files", "en"),
        ("Translate my settings page into Greek, here is its text: Sound, Light", "en"),
        ("what is the capital of Mongolia", "en"),
        ("یک ایمیل به صاحبخانه‌ام بنویس", "fa"),
        ("给房东写一封邮件", "zh_CN"),
        ("幫我寫一封信給房東", "zh_TW"),
    ],
)
def test_requests_beyond_it_get_a_sentence_and_a_model(
    guide: GuideService, text: str, language: str
) -> None:
    reply = guide.reply(text)
    assert (reply.part, reply.language) == (GuidePart.BEYOND, language)
    assert reply.recommendation is not None
    assert reply.recommendation.name == "Qwen3 4B"
    unkept = guide.reply(text, keeps=False)
    assert reply.text.startswith(unkept.text[:-1])
    assert len(reply.text) > len(unkept.text)
    for said in (reply.text, unkept.text):
        assert re.findall(r"[.!?。！？؟]", said) == [said[-1]], "one sentence"


@pytest.mark.parametrize(
    "text", ["hi", "Good morning!", "thanks a lot", "سلام", "你好", "謝謝你", "拜拜"]
)
def test_small_talk_goes_to_the_model(guide: GuideService, text: str) -> None:
    reply = guide.reply(text)
    assert (reply.part, reply.prompt, reply.text) == (GuidePart.TALK, text, "")


@pytest.mark.parametrize(
    "text",
    [
        "which video editor on my PlayStation is good",
        "the printer is offline and Windows does not find it",
        "هدفون بلوتوثم به تلویزیون وصل نمی‌شود",
        "支付宝的账单怎么看",
        "印表機連不上 wifi 怎麼辦",
    ],
)
def test_questions_about_other_programs_and_devices_are_beyond_it(
    guide: GuideService, text: str
) -> None:
    assert guide.reply(text).part is GuidePart.BEYOND


def test_every_article_is_found_by_its_own_words(guide: GuideService) -> None:
    missed = []
    for language in LANGUAGES:
        path = resource_folder() / "help" / f"{language}.toml"
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found = guide.reply(entry["title"] + "?")
            if found.article is None or found.article.id != name:
                missed.append((language, name))
    assert len(missed) <= 2 * len(LANGUAGES), missed


def test_the_examples_themselves_are_routed_rightly(guide: GuideService) -> None:
    wrong, count = [], 0
    for name, part in (("small_talk", GuidePart.TALK), ("beyond", GuidePart.BEYOND)):
        path = resource_folder() / "help" / f"{name}.toml"
        lists = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(lists) == set(LANGUAGES)
        for texts in lists.values():
            assert len(set(texts)) == len(texts)
            count += len(texts)
            wrong += [text for text in texts if guide.reply(text).part is not part]
    assert len(wrong) <= count * 0.02, wrong


# --- passages -----------------------------------------------------------------------------------


def said(role: Role, text: str, reply: GuideReply | None = None) -> Message:
    provenance = Provenance("m", "Guide", reply.options()) if reply is not None else None
    return Message(
        MessageId("m"), ChatId("c"), None, role, text, MessageState.DONE,
        datetime(2026, 1, 1, tzinfo=UTC), provenance,
    )  # fmt: skip


ON_PASSAGE = GuideReply(GuidePart.PASSAGE, "en")
FIRST = [said(Role.USER, f"Passage: {TEXT} Question: Who built it?"),
         said(Role.ASSISTANT, "Tomas Hale", ON_PASSAGE)]  # fmt: skip


def test_a_passage_goes_to_the_model_in_the_form_that_it_was_taught(guide: GuideService) -> None:
    reply = guide.reply(f"passage: {TEXT}  question: Who built\nthe mill?")
    assert reply.part is GuidePart.PASSAGE
    assert reply.prompt == f"Passage: {TEXT}\nQuestion: Who built the mill?"
    assert reply.is_decoded


def test_follow_up_questions_take_the_passage_along(guide: GuideService) -> None:
    wanted = f"Passage: {TEXT}\nQuestion: When did it burn down?"
    assert guide.reply("When did it burn down?", FIRST).prompt == wanted
    second = [*FIRST, said(Role.USER, "Who built it?"), said(Role.ASSISTANT, "He", ON_PASSAGE)]
    assert guide.reply("When did it burn down?", second).prompt == wanted


def test_other_messages_after_a_passage_are_their_own(guide: GuideService) -> None:
    assert guide.reply("How do I add a model?", FIRST).part is GuidePart.HELP
    assert guide.reply("thank you", FIRST).part is GuidePart.TALK
    helped = [*FIRST, said(Role.USER, "x"),
              said(Role.ASSISTANT, "y", GuideReply(GuidePart.HELP, "en"))]  # fmt: skip
    assert guide.reply("When did it burn down?", helped).part is not GuidePart.PASSAGE


def test_a_passage_that_the_model_cant_read_is_beyond_it(guide: GuideService) -> None:
    persian = guide.reply("Passage: آسیاب را توماس ساخت. Question: چه کسی آن را ساخت؟")
    assert (persian.part, persian.language) == (GuidePart.BEYOND, "fa")
    long = guide.reply(f"Passage: {TEXT * 60} Question: Who built the mill?")
    assert long.part is GuidePart.BEYOND


# --- speed --------------------------------------------------------------------------------------


def test_answers_are_quick() -> None:
    fresh = GuideService(resource_folder(), lambda: "en")
    began = time.process_time()
    fresh.reply("How do I add a model?")
    first = time.process_time() - began
    for _ in range(20):
        fresh.reply("I have two models, how can I use the other one in this chat?")
    rest = time.process_time() - began - first
    assert first < 1.0
    assert rest / 20 < 0.05


def test_what_is_too_long_for_small_talk_is_beyond_it(guide: GuideService) -> None:
    greeting = "hello how are you "
    assert guide.reply(greeting).part is GuidePart.TALK
    assert guide.reply(greeting * 500).part is GuidePart.BEYOND


@pytest.mark.parametrize("words", ["lorem ipsum dolor ", "这是一个很长的文本。"])
def test_a_pasted_book_takes_no_longer_than_a_page(guide: GuideService, words: str) -> None:
    guide.reply(words)
    began = time.process_time()
    guide.reply(words * 100_000)
    assert time.process_time() - began < 0.5
