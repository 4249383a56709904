"""In which language a question is answered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.services.guide.language import LANGUAGES, language_of, system_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I add a model?", "en"),
        ("چطور مدل اضافه کنم؟", "fa"),
        ("مدل GGUF را چطور باز کنم", "fa"),
        ("Hearth از Hugging Face دانلود می‌کند؟", "fa"),
        ("怎么下载模型", "zh_CN"),
        ("怎麼下載模型", "zh_TW"),
        ("Q4_K_M 是什么意思", "zh_CN"),
        ("hearth ask --model 怎麼用", "zh_TW"),
        ("What does 你好 mean in English, please tell me", "en"),
    ],
)
def test_the_script_decides(text: str, language: str) -> None:
    for ui_language in LANGUAGES:
        assert language_of(text, ui_language) == language


@pytest.mark.parametrize(
    ("ui_language", "language"),
    [("zh_TW", "zh_TW"), ("zh_CN", "zh_CN"), ("en", "zh_CN"), ("fa", "zh_CN")],
)
def test_the_window_decides_where_both_chinese_look_the_same(
    ui_language: str, language: str
) -> None:
    assert language_of("你好", ui_language) == language


def test_signs_alone_are_of_the_windows_language() -> None:
    assert language_of("???", "fa") == "fa"
    assert language_of("42", "xx") == "en"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fa_IR.UTF-8"}, "fa"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_HK.UTF-8"}, "zh_TW"),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, "zh_TW"),
    ],
)
def test_the_systems_language_is_read(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


@settings(deadline=None)
@given(st.text(), st.sampled_from(LANGUAGES))
def test_every_text_has_a_language(text: str, ui_language: str) -> None:
    assert language_of(text, ui_language) in LANGUAGES
