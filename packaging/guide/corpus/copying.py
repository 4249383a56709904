"""Finding and copying, bare: what answering from a passage is built on.

Every token of these answers can be known, so they teach it far sooner than passages alone.
"""

from __future__ import annotations

from random import Random

from corpus import names, slots

_KINDS = (
    "person",
    "town",
    "org",
    "year",
    "n",
    "price",
    "colour",
    "time",
    "date",
    "made",
    "job",
    "code",
    "place",
)
_ASKED = (
    "{}",
    "What about {}?",
    "What belongs to {}?",
    "{}?",
    "What stands beside {}?",
    "Which goes with {}?",
)


def copying(chance: Random, room: int) -> list[tuple[str, str]]:
    """Words to say again, or a list to look something up in."""
    return _echo(chance, room) if chance.random() < 0.5 else _look_up(chance, room)


def _echo(chance: Random, room: int) -> list[tuple[str, str]]:
    words = [_word(chance) for _ in range(chance.randint(4, max(5, room // 9)))]
    text = chance.choice((" ", " ", ", ", " and ")).join(words)
    return [(f"Repeat: {text}", text)]


def _look_up(chance: Random, room: int) -> list[tuple[str, str]]:
    kind = chance.choice(_KINDS)
    count = chance.randint(2, max(3, min(10, room // 22)))
    keys = list(dict.fromkeys(_word(chance) for _ in range(count)))
    values = [slots.fill(kind, chance) or "" for _ in keys]
    link = chance.choice((": ", " - ", " is ", " has ", " goes with ", " = "))
    text = chance.choice((", ", ". ", "; ", "\n")).join(
        key + link + value for key, value in zip(keys, values, strict=True)
    )
    asked = chance.sample(range(len(keys)), len(keys))
    ask = chance.choice(_ASKED)
    turns = [(ask.format(keys[at]), values[at]) for at in asked]
    return [(f"Passage: {text}\nQuestion: {turns[0][0]}", turns[0][1])] + [
        (f"Question: {question}", answer) for question, answer in turns[1:]
    ]


def _word(chance: Random) -> str:
    return slots.fill(chance.choice(_KINDS), chance) or names.made(chance)
