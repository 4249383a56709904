"""What the model learns from: mostly passages, then small talk, titles and bare copying."""

from __future__ import annotations

from random import Random

from corpus.copying import copying
from corpus.passages import passage
from corpus.small_talk import small_talk, title

Conversation = list[tuple[str, str]]
"""Turns: what the user says, what the assistant answers."""

_TALK = 0.2
_TITLES = 0.1


def conversation(chance: Random, room: int = 250, copied: float = 0.03) -> Conversation:
    """One conversation of about `room` tokens or fewer; `copied`: the share of bare copying."""
    kind = chance.random()
    if kind < copied:
        return copying(chance, room)
    kind = chance.random()
    if kind < _TALK:
        return small_talk(chance)
    return title(chance) if kind < _TALK + _TITLES else passage(chance, room)
