"""The help articles name only what is there: labels of the window, commands, buttons."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.etree import ElementTree

import click
import pytest

from assistant.cli.root import hearth
from assistant.domain.guide import GuideAction
from assistant.settings.paths import resource_folder

RESOURCES = resource_folder()
SOURCES = {
    path.stem.removeprefix("hearth_"): path
    for path in sorted((RESOURCES / "translations").glob("hearth_*.ts"))
}
TRANSLATED = sorted(set(SOURCES) - {"en"})
FACTS_KEYS = {"today", "fact", "labels", "action"}
ARTICLE_KEYS = {"title", "text", "asked"}
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
OPTION = re.compile(r"--[a-z][a-z-]*")
NOT_YET = {
    "en": re.compile(r"^Not yet:"),
    "fa": re.compile(r"^هنوز"),
    "zh_CN": re.compile(r"^(还|尚|暂)"),
    "zh_TW": re.compile(r"^(還|尚|暫)"),
}
FEWEST_WAYS, MOST_WAYS = 10, 65

Table = dict[str, dict[str, Any]]


def _table(name: str) -> Table:
    return tomllib.loads((RESOURCES / "help" / f"{name}.toml").read_text(encoding="utf-8"))


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """All that is shown of an article, with its id."""
    for key, article in _table(language).items():
        yield key, article["text"]
        yield key, article["title"]


def _translations(language: str) -> dict[str, set[str]]:
    """Each source text with its translations: one may differ by where it stands."""
    found: dict[str, set[str]] = {}
    for message in ElementTree.parse(SOURCES[language]).getroot().iter("message"):
        source = message.findtext("source") or ""
        found.setdefault(source, set()).add(message.findtext("translation") or "")
    return found


FACTS = _table("facts")


def test_every_fact_is_whole() -> None:
    """Nothing is missing, nothing is left over, and every button is one that there is."""
    for key, fact in FACTS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", key)
        assert set(fact) == FACTS_KEYS, key
        assert isinstance(fact["today"], bool), key
        assert fact["fact"].strip(), key
        assert GuideAction(fact["action"]), key
        assert len(set(fact["labels"])) == len(fact["labels"]), key


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_label_is_in_the_window(language: str) -> None:
    known = _translations(language)
    missing = {
        (key, label)
        for key, fact in FACTS.items()
        for label in fact["labels"]
        if label not in known
    }
    assert not missing


@pytest.mark.parametrize("language", SOURCES)
class TestArticles:
    """In each language that the window speaks."""

    def test_there_is_one_for_every_fact(self, language: str) -> None:
        articles = _table(language)
        assert set(articles) == set(FACTS)
        for key, article in articles.items():
            assert set(article) == ARTICLE_KEYS, key
            assert article["title"].strip(), key
            assert article["text"].strip(), key

    def test_each_is_asked_for_in_many_ways(self, language: str) -> None:
        """No wording leads to two articles."""
        articles = _table(language)
        for key, article in articles.items():
            assert FEWEST_WAYS <= len(article["asked"]) <= MOST_WAYS, key
        ways = [way.casefold() for article in articles.values() for way in article["asked"]]
        assert all(way.strip() for way in ways)
        assert sorted({way for way in ways if ways.count(way) > 1}) == []

    def test_bold_is_a_label(self, language: str) -> None:
        """Exactly as the window says it in this language, and one that the fact names."""
        said = {label: {label} for fact in FACTS.values() for label in fact["labels"]}
        if language != "en":
            said = _translations(language)
        wrong = []
        for key, text in _texts(language):
            allowed = set(chain.from_iterable(said.get(each, ()) for each in FACTS[key]["labels"]))
            wrong += [(key, bold) for bold in BOLD.findall(text) if bold not in allowed]
            if "**" in BOLD.sub("", text):
                wrong.append((key, "**"))
        assert not wrong

    def test_bold_and_code_are_all_the_markdown(self, language: str) -> None:
        """A terminal drops no other marks, and slanted Chinese or Persian is hard to read."""
        bare = [(key, CODE.sub("", BOLD.sub("", text))) for key, text in _texts(language)]
        assert [each for each in bare if re.search(r"[*`#<>\[\]]", each[1])] == []

    def test_what_is_not_there_yet_is_said_first(self, language: str) -> None:
        for key, article in _table(language).items():
            says_so = NOT_YET[language].search(article["text"]) is not None
            assert says_so is not FACTS[key]["today"], (key, article["text"])

    def test_every_command_is_one(self, language: str) -> None:
        for key, text in _texts(language):
            named = [_command(code) for code in CODE.findall(text) if code.startswith("hearth")]
            options = set(chain.from_iterable(map(_options, [hearth, *named])))
            for code in CODE.findall(text):
                unknown = set() if "dev.py" in code else set(OPTION.findall(code)) - options
                assert not unknown, (key, code, unknown)


def test_a_command_that_is_none_is_noticed() -> None:
    """The check above can fail."""
    for wrong in ("hearth swim", "hearth models add", "hearth chat export --fast"):
        with pytest.raises(AssertionError):
            _command(wrong)
    assert _command("hearth models rm NAME").name == "rm"


def _command(code: str) -> click.Command:
    """Find the command that `hearth models rm NAME` names; its options have to be there."""
    command: click.Command = hearth
    words = code.split()[1:]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(
            click.Context(command, **command.context_settings), words.pop(0)
        )
        assert found is not None, code
        command = found
    unknown = set(OPTION.findall(code)) - _options(command)
    assert not unknown, (code, unknown)
    return command


def _options(command: click.Command) -> set[str]:
    parameters = command.get_params(click.Context(command, **command.context_settings))
    return set(chain.from_iterable(each.opts for each in parameters))
