"""How text is made comparable: spellings, words, pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.services.guide.text import normalise, pieces, stem, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("كتابي", "کتابی"),  # Arabic letters, as many keyboards type them
        ("مُدَل", "مدل"),
        ("۱۲۳ ٤٥", "123 45"),
        ("ＧＧＵＦ", "gguf"),
        ("Café", "cafe"),
        ("STRASSE", "strasse"),
        ("مدل‌ها", "مدل ها"),
        ("پاســـخ", "پاسخ"),
    ],
)
def test_one_spelling_stands_for_many(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("downloads", "download"),
        ("downloading", "download"),
        ("stopped", "stop"),
        ("replies", "reply"),
        ("boxes", "box"),
        ("مدلها", "مدل"),
        ("مدل‌هایم", "مدل"),
        ("دانلودش", "دانلود"),
    ],
)
def test_forms_of_a_word_count_as_one(one: str, other: str) -> None:
    assert words(normalise(one))[0] == words(normalise(other))[0]


@pytest.mark.parametrize("word", ["is", "gas", "this", "process", "status", "red", "رم", "را"])
def test_short_words_and_false_endings_stay(word: str) -> None:
    assert stem(word) == word


def test_negations_are_told_apart_from_their_verbs() -> None:
    for typed in ("can't", "cannot", "can’t", "cant"):
        assert words(normalise(typed)) == ["can", "not"]
    assert words(normalise("it doesn't")) == ["it", "do", "not"] or "not" in words(
        normalise("it doesn't")
    )


def test_chinese_is_cut_into_pairs_beside_other_words() -> None:
    assert words(normalise("打开GGUF文件")) == ["打开", "gguf", "文件"]
    assert words(normalise("下载模型")) == ["下载", "载模", "模型"]
    assert words(normalise("好")) == ["好"]


def test_pieces_survive_a_typing_error() -> None:
    right, wrong = set(pieces("download")), set(pieces("downlaod"))
    assert len(right & wrong) >= len(right) / 3


@settings(deadline=None)
@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    plain = normalise(text)
    assert normalise(plain) == plain
    assert all(words(plain))
    assert all(pieces(plain))
