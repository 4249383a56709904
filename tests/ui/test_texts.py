import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

from assistant.domain import errors as domain_errors
from assistant.domain.chat import AnswerStats, MessageState
from assistant.domain.errors import all_errors
from assistant.settings.paths import resource_folder
from assistant.ui import errors, words
from assistant.ui.chat import statistics
from assistant.ui.llms.names import split_name
from assistant.ui.locales import LANGUAGES, Speech, language_for
from tests.ui.fakes import STATS

TRANSLATIONS = resource_folder() / "translations"


def test_every_error_has_a_sentence_and_a_next_step() -> None:
    codes = {error.code for error in all_errors()}
    assert codes - errors.known_codes() == set()
    assert errors.known_codes() - codes == set()


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.code)
def test_errors_keep_their_parameters(kind: type[domain_errors.HearthError]) -> None:
    from string import Formatter

    for said, original in zip(errors._texts()[kind.code], (kind.sentence, kind.hint), strict=True):
        wanted = {name for _, name, _, _ in Formatter().parse(said) if name}
        known = {name for _, name, _, _ in Formatter().parse(original) if name}
        assert wanted <= known


def test_an_error_kept_as_its_code_still_reads() -> None:
    ends_an_answer = [
        code for code in errors.known_codes() if code.startswith(("engine", "model", "context"))
    ]
    assert len(ends_an_answer) > 8
    for code in (*ends_an_answer, "load_crashed", "template_failed"):
        assert "…" not in errors.sentence_of(code, {}), code
        assert "…" not in errors.next_step_of(code, {}), code
    known = {"prompt_tokens": 9, "context_tokens": 8}
    assert "holds 8" in errors.sentence_of("context_exceeded", known)
    assert errors.sentence_of("nothing_known", {}) == "Something went wrong."


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("fa", "fa"), ("fa-IR", "fa"), ("fa_AF", "fa"),
        ("zh", "zh_CN"), ("zh-CN", "zh_CN"), ("zh-Hans", "zh_CN"), ("zh-SG", "zh_CN"),
        ("zh-Hans-HK", "zh_CN"), ("zh-Hant", "zh_TW"), ("zh_TW", "zh_TW"), ("zh-HK", "zh_TW"),
        ("zh-MO", "zh_TW"), ("zh-Hant-MY", "zh_TW"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"),
    ],
)  # fmt: skip
def test_locales_find_their_language(tag: str, language: str) -> None:
    assert language_for([tag]) == language


def test_the_first_language_that_we_speak_is_taken() -> None:
    assert language_for(["de-DE", "zh-HK", "fa"]) == "zh_TW"


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_text_is_translated(language: str) -> None:
    tree = ElementTree.parse(TRANSLATIONS / f"hearth_{language}.ts").getroot()
    messages = tree.findall(".//message")
    assert len(messages) > 150
    for message in messages:
        source = message.findtext("source") or ""
        translation = message.find("translation")
        assert translation is not None, source
        assert translation.get("type") is None, source
        forms = [form.text or "" for form in translation.findall("numerusform")]
        for text in forms or [translation.text or ""]:
            assert text.strip(), source
            for name in ("{", "%Ln"):
                if name == "{":
                    assert blanks(text) == blanks(source), source
                elif message.get("numerus") == "yes" and "%Ln" in source and len(forms) == 1:
                    assert "%Ln" in text, source


def test_persian_sentences_run_right_to_left_whatever_they_begin_with() -> None:
    """Qt takes a text's direction from its first letter: a mark goes before a foreign name."""
    tree = ElementTree.parse(TRANSLATIONS / "hearth_fa.ts").getroot()
    named = re.compile(r"[«“(]?(\{(host|name|repo|what|endpoint|text|path)\}|[A-Za-z])")
    seen = 0
    for translation in tree.iter("translation"):
        for text in (translation.text or "", *(form.text or "" for form in translation)):
            if re.search("[\u0600-\u06ff]", text):
                seen += 1
                assert not named.match(text), text
    assert seen > 150


def blanks(text: str) -> set[str]:
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(text) if name}


def sources() -> set[tuple[str, str]]:
    """Every text that lupdate finds, by context, from the newest translation file."""
    tree = ElementTree.parse(TRANSLATIONS / "hearth_fa.ts").getroot()
    return {
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in tree.findall("context")
        for message in context.findall("message")
    }


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_the_translation_files_know_the_same_texts(language: str) -> None:
    tree = ElementTree.parse(TRANSLATIONS / f"hearth_{language}.ts").getroot()
    found = {
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in tree.findall("context")
        for message in context.findall("message")
    }
    assert found == sources()


def test_no_text_of_the_window_escapes_the_translators() -> None:
    """What stands in `tr("…")` stands in the translation files, joined literals included."""
    import ast

    known = {source for _, source in sources()}
    ui = Path(__file__).parents[2] / "assistant" / "ui"
    for path in ui.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            place = {"tr": 0, "translate": 1}.get(name)
            if place is None or len(node.args) <= place:
                continue
            argument = node.args[place]
            if isinstance(argument, ast.Constant) and not isinstance(argument.value, str):
                continue  # a painter's own `translate`
            assert isinstance(argument, ast.Constant), (path, node.lineno)
            assert argument.value in known, (path, node.lineno, argument.value)


def test_a_language_puts_numbers_and_direction_in_force(qapp: QApplication, speech: Speech) -> None:
    speech.use("fa")
    assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert words.number(41) == "۴۱"
    speech.use("en")
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert QLocale().language() == QLocale.Language.English


def test_numbers_and_times(speech: Speech) -> None:
    assert words.size(2_500_000_000) == "2.5 GB"
    assert words.tokens(940) == "940"
    assert words.tokens(2114) == "2.1k"
    assert words.tokens(8192) == "8k"
    assert words.tokens(32_768) == "32k"
    assert words.left(4) == "about 4 s left"
    assert words.left(120) == "about 2 min left"
    assert words.left(5400) == "about 1.5 h left"
    assert words.speed(12_400_000) == "12.4 MB/s"
    assert words.percent(0.43) == "43 %"


def test_sizes_hold_together_right_to_left(speech: Speech) -> None:
    speech.use("fa")
    said = words.line(words.percent(0.36), words.size(900_000_000), words.left(120))
    assert said.startswith("\u200f۳۶٪ · \u2068۹۰۰٫۰ MB\u2069 · ")
    speech.use("en")
    assert words.line("a", "", "b") == "a · b"


def test_statistics_in_words(speech: Speech) -> None:
    assert statistics.line(STATS, MessageState.STOPPED, "214 tokens").endswith("stopped by you")
    assert statistics.line(None, MessageState.DONE, "") == ""
    slow = AnswerStats(predicted_per_second=4.25, completion_tokens=1, finish_reason="length")
    said = statistics.line(slow, MessageState.DONE, "1 token")
    assert said == "4.3 tokens/s · 1 token · reached the limit"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Qwen3-4B-Q4_K_M", ("Qwen3 4B", "Q4_K_M")),
        ("Qwen3-4B-Q4_K_M.gguf", ("Qwen3 4B", "Q4_K_M")),
        ("gemma-3-1b-it-UD-IQ2_XXS", ("gemma 3 1b it", "UD-IQ2_XXS")),
        ("model-f16", ("model", "f16")),
        ("stories260K", ("stories260K", "")),
        ("", ("", "")),
    ],
)
def test_names_of_models(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
