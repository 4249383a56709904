"""Which messages are questions about a passage given with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.services.guide.passage import PassageQuestion, follow_up, read_passage

TEXT = (
    "The old mill at Brenwick was built by Tomas Hale in 1743. It burned down in the winter of"
    " 1802, and only its wheel is left."
)
QUESTION = "Who built the mill?"
FOUND = PassageQuestion(TEXT, QUESTION)


@pytest.mark.parametrize(
    "message",
    [
        f"Passage: {TEXT}\nQuestion: {QUESTION}",
        f"Passage: {TEXT} Question: {QUESTION}",
        f"passage: {TEXT}\n\nquestion : {QUESTION}\n",
        f"  PASSAGE:\n{TEXT}\nQUESTION:\n{QUESTION}",
        f"{TEXT}\n{QUESTION}",
        f"{QUESTION}\n\n{TEXT}",
        TEXT.replace(". It", ".\nIt") + f"\n\n{QUESTION}",
    ],
)
def test_passage_and_question_are_told_apart(message: str) -> None:
    assert read_passage(message) == FOUND


def test_the_model_gets_them_in_one_form() -> None:
    assert FOUND.prompt == f"Passage: {TEXT}\nQuestion: {QUESTION}"


def test_the_last_question_is_the_question() -> None:
    message = f"Passage: He wrote “Question: why?” on it. Question: {QUESTION}"
    found = read_passage(message)
    assert found == PassageQuestion("He wrote “Question: why?” on it.", QUESTION)


@pytest.mark.parametrize(
    "message",
    [
        "How do I ask about a passage?",
        "What is Hearth?\nHow do I add a model?",
        "Passage: Question:",
        "Passage: only a text",
        "Question: who?",
        f"{TEXT}\nSummarise it.",
        "write a poem\nwith a line about the sea, one about the land, and who knows what else?",
        "",
    ],
)
def test_others_are_none(message: str) -> None:
    assert read_passage(message) is None


def test_the_model_reads_latin_script_alone_and_no_book() -> None:
    assert FOUND.is_readable
    persian = read_passage("Passage: آسیاب را توماس ساخت. Question: چه کسی آن را ساخت؟")
    assert persian is not None
    assert not persian.is_readable
    assert not PassageQuestion(TEXT * 30, QUESTION).is_readable


def test_a_question_right_after_is_about_the_same_passage() -> None:
    assert follow_up(" When did it\nburn down? ", FOUND) == PassageQuestion(
        TEXT, "When did it burn down?"
    )
    assert follow_up("Thank you!", FOUND) is None
    assert follow_up("کی سوخت؟", FOUND) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    found = read_passage(text)
    assert found is None or (found.passage and found.question)
    framed = read_passage(f"Passage: {text}x Question: y{text}")
    assert framed is not None
