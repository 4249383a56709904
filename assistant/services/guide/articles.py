"""The help articles, as they lie in `resources/help`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.guide import Article, GuideAction


@dataclass(frozen=True, slots=True)
class Topic:
    """An article with the ways in which people ask for it, and more text that tells of it."""

    article: Article
    asked: tuple[str, ...]
    about: str


def read_topics(folder: Path, language: str) -> tuple[Topic, ...]:
    """Read all articles of one language; what they do stands in `facts.toml`.

    Raises OSError, ValueError or KeyError where Hearth was not put together rightly.
    """
    facts = read_toml(folder / "facts.toml")
    topics = []
    for name, entry in read_toml(folder / f"{language}.toml").items():
        text = entry["text"].strip()
        action = GuideAction(facts[name]["action"])
        article = Article(name, language, entry["title"], text, action)
        about = f"{text} {facts[name]['fact']}" if language == "en" else text
        topics.append(Topic(article, tuple(entry["asked"]), about))
    return tuple(topics)


def read_toml(path: Path) -> dict[str, Any]:
    """Read one file of the Guide's resources."""
    with path.open("rb") as file:
        return tomllib.load(file)
