"""What an answer of the Guide says of itself, and how tolerantly that is read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.chat import ChatId, Message, MessageId, MessageState, Provenance, Role
from assistant.domain.guide import (
    Article,
    GuideAction,
    GuideMark,
    GuidePart,
    GuideReply,
    Recommendation,
    mark_of,
)

ARTICLE = Article("add-model", "fa", "افزودن مدل", "متن", GuideAction.ADD_MODEL)
MODEL = Recommendation("Qwen3 4B", "o/n", "n-Q4_K_M.gguf", 2_500_000_000)


def answer(options: dict[str, object]) -> Message:
    provenance = Provenance("sha256:0", "Guide", options)
    return Message(
        MessageId("m"), ChatId("c"), None, Role.ASSISTANT, "", MessageState.DONE,
        datetime(2026, 1, 1, tzinfo=UTC), provenance,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "mark"),
    [
        (
            GuideReply(GuidePart.HELP, "fa", "متن", article=ARTICLE),
            GuideMark(GuidePart.HELP, "fa", "add-model", GuideAction.ADD_MODEL),
        ),
        (
            GuideReply(GuidePart.BEYOND, "zh_TW", "…", recommendation=MODEL),
            GuideMark(GuidePart.BEYOND, "zh_TW", recommendation=MODEL),
        ),
        (GuideReply(GuidePart.TALK, "en", prompt="hi"), GuideMark(GuidePart.TALK)),
        (GuideReply(GuidePart.PASSAGE, "en", prompt="…"), GuideMark(GuidePart.PASSAGE)),
    ],
)
def test_what_a_reply_stores_is_read_back(reply: GuideReply, mark: GuideMark) -> None:
    assert mark_of(answer(reply.options())) == mark


def test_only_the_guides_answers_are_marked() -> None:
    assert mark_of(answer({"temperature": 0.5})) is None
    assert mark_of(answer({"guide": "oracle"})) is None
    assert mark_of(replace(answer({"guide": "help"}), provenance=None)) is None
    assert mark_of(replace(answer({"guide": "help"}), role=Role.USER)) is None


@pytest.mark.parametrize(
    "wrong", [{"repo": ""}, {"file": 7}, {"size_bytes": "big"}, {"size_bytes": True}]
)
def test_a_damaged_recommendation_is_none(wrong: dict[str, object]) -> None:
    options = GuideReply(GuidePart.BEYOND, "en", recommendation=MODEL).options()
    assert mark_of(answer({**options, **wrong})) == GuideMark(GuidePart.BEYOND)


_NONSENSE = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
_NAMES = st.sampled_from(["article", "action", "language", "name", "repo", "file", "size_bytes"])


@settings(deadline=None)
@given(st.dictionaries(_NAMES, _NONSENSE), st.sampled_from(GuidePart))
def test_any_options_are_read_without_an_error(options: dict[str, object], part: GuidePart) -> None:
    mark = mark_of(answer({**options, "guide": part.value}))
    assert mark is not None
    assert mark.part is part
