"""Happenings put together by rule: who did what, where and when, with any of many verbs.

Several of them can share a person or a thing, so that only the verb tells which one is asked for.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from corpus import names
from corpus.frames import Frame, Told, tell
from corpus.words import WORDS

_ADJECTIVES = WORDS["adjectives"]
_AGENTS = {"person": "{person}", "org": "{org}", "job": "the {job}", "animal": "the {animal}"}
_SAY = ("says", "reports", "remembers", "wrote", "claims")
_CAME_TO = ("had to", "managed to", "decided to", "was asked to", "helped to", "promised to")
_ECHOES = ("pleased everyone", "is still talked about", "made the news", "caused a stir")
_TIMES = {
    "year": ("in {year}", "back in {year}", "during {year}"),
    "date": ("on {date}",),
    "weekday": ("on {weekday}", "last {weekday}", "on {weekday} morning", "on {weekday} evening"),
    "month": ("in {month}", "at the end of {month}", "early in {month}"),
    "time": ("at {time}", "shortly after {time}", "around {time}"),
}
_WHEN = {
    "year": ("In which year", "In what year", "What year"),
    "date": ("On what date", "On which date", "On what day"),
    "weekday": ("On which day of the week", "On what day", "Which day"),
    "month": ("In which month", "What month"),
    "time": ("At what time", "What time", "At what hour"),
}
_PLACES = {
    "town": ("in {town}", "near {town}", "outside {town}"),
    "country": ("in {country}",),
    "place": ("at {place}", "near {place}", "behind {place}", "in {place}"),
    "street": ("at {street}",),
}
_WHERE = {
    "town": ("In which town", "In what town", "Where"),
    "country": ("In which country", "Where"),
    "place": ("Where", "At which place", "In what place"),
    "street": ("Where", "At what address"),
}


@dataclass(frozen=True)
class _Act:
    verbs: tuple[tuple[str, str, str], ...]
    by: str
    objects: list[str]


def happenings_by_rule(chance: Random, count: int) -> list[Told]:
    """So many happenings; often they share who did it, or what it was done to."""
    frames = [_frame(act, chance) for act in chance.sample(_acts(), count)]
    shared: dict[str, str] = {}
    told: list[Told] = []
    kind = chance.choice(("thing", "person", ""))
    for frame in frames:
        one = tell(frame, chance, shared)
        if kind and kind in one.said and kind not in shared:
            shared[kind] = one.filled[kind]
        told.append(one)
    return told


@cache
def _acts() -> tuple[_Act, ...]:
    content = tomllib.loads((Path(__file__).parent / "verbs.toml").read_text(encoding="utf-8"))
    return tuple(
        _Act(
            tuple((base, past, done) for base, past, done in act["verbs"]),
            act["by"],
            act["objects"],
        )
        for act in content["act"]
    )


def _frame(act: _Act, chance: Random) -> Frame:
    """One act as a frame: with its time and its place, or without."""
    said = chance.choice(act.verbs)
    asked = chance.choice(act.verbs) if chance.random() < 0.6 else said
    if chance.random() < 0.15:
        stem = names.made(chance)
        said = asked = (stem, f"{stem}ed", f"{stem}ed")
    agent = _AGENTS[act.by] if chance.random() < 0.8 else "{person}"
    thing = _thing(chance)
    when, where = chance.choice(sorted(_TIMES)), chance.choice(sorted(_PLACES))
    time = chance.choice(_TIMES[when]) if chance.random() < 0.75 else ""
    place = chance.choice(_PLACES[where]) if chance.random() < 0.7 else ""
    sentence = _sentence(agent, said, thing, [part for part in (time, place) if part], chance)
    questions = _questions(agent, asked, thing, (when, where), chance)
    return Frame(((sentence,),), questions, (), {"thing": act.objects, "which": _ADJECTIVES})


def _thing(chance: Random) -> str:
    return chance.choice(
        (
            "the {thing}",
            "the {thing}",
            "a {which} {thing}",
            "the {which} {thing}",
            "{n} {thing}s",
            "the {colour} {thing}",
        )
    )


def _sentence(
    agent: str, verb: tuple[str, str, str], thing: str, ends: list[str], chance: Random
) -> str:
    base, past, done = verb
    was = "were" if thing.startswith("{n}") else "was"
    chance.shuffle(ends)
    end = "".join(f" {part}" for part in ends)
    front = chance.choice([part for part in ends if part] or [""])
    rest = "".join(f" {part}" for part in ends if part != front)
    forms = [
        f"{agent} {past} {thing}{end}",
        f"{thing} {was} {done} by {agent}{end}",
        f"{thing} {was} {done}{end} by {agent}",
        f"it was {agent} who {past} {thing}{end}",
        f"{agent}, {_aside(chance)}, {past} {thing}{end}",
        f"{{person2}} {chance.choice(_SAY)} that {agent} {past} {thing}{end}",
        f"{agent} {chance.choice(_CAME_TO)} {base} {thing}{end}",
        f"{thing}, {done} by {agent}{end}, {chance.choice(_ECHOES)}",
        f"thanks to {agent}, {thing} {was} {done}{end}",
        f"{thing} {was} {done}{end}",
    ]
    if front:
        forms += [
            f"{front}, {agent} {past} {thing}{rest}",
            f"{front} {thing} {was} {done} by {agent}{rest}",
        ] * 2
    return chance.choice(forms) + "."


def _aside(chance: Random) -> str:
    return chance.choice(
        (
            "a {job2} from {town2}",
            "who lives in {town2}",
            "aged {age}",
            "a {job2}",
            "the {job2} of {org2}",
            "who is {age} years old",
            "{person3}'s neighbour",
        )
    )


def _questions(
    agent: str,
    verb: tuple[str, str, str],
    thing: str,
    kinds: tuple[str, str],
    chance: Random,
) -> dict[str, tuple[str, ...]]:
    base, past, done = verb
    when, where = kinds
    was = "were" if thing.startswith("{n}") else "was"
    the = thing.replace("a {which}", "the {which}", 1) if thing.startswith("a ") else thing
    bare = chance.choice((the, the, "the {thing}")) if was == "was" else "the {thing}s"
    doer = agent.removeprefix("the ").strip("{}")
    questions: dict[str, tuple[str, ...]] = {
        doer: (
            f"Who {past} {bare}?",
            f"By whom {was} {bare} {done}?",
            f"Who was it that {past} {bare}?",
            f"{bare} {was} {done} by whom?",
            f"Name the one who {past} {bare}.",
        ),
        "thing": (
            f"What did {agent} {base}?",
            f"What was {done} by {agent}?",
            f"What was it that {agent} {past}?",
        ),
        when: tuple(
            text
            for ask in (*_WHEN[when], "When", "When")
            for text in (f"{ask} did {agent} {base} {bare}?", f"{ask} {was} {bare} {done}?")
        ),
        where: tuple(
            text
            for ask in (*_WHERE[where], "Where")
            for text in (f"{ask} did {agent} {base} {bare}?", f"{ask} {was} {bare} {done}?")
        ),
        "job2": (f"What is the job of {agent}?", f"What does {agent} do for a living?"),
        "town2": (
            f"Where is {agent} from?",
            f"Where does {agent} live?",
            f"Which town is the home of {agent}?",
        ),
        "age": (f"How old is {agent}?", f"What is the age of {agent}?"),
        "org2": (f"Where does {agent} work?", f"For whom does {agent} work?"),
        "person3": (f"Whose neighbour is {agent}?", f"Next to whom does {agent} live?"),
    }
    if was == "were":
        questions["n"] = (
            f"How many {{thing}}s did {agent} {base}?",
            f"How many {{thing}}s were {done}?",
        )
    if "{colour}" in thing:
        questions["colour"] = ("What colour was the {thing}?", "Which colour did the {thing} have?")
    return {
        slot: tuple(text[0].upper() + text[1:] for text in texts)
        for slot, texts in questions.items()
    }
