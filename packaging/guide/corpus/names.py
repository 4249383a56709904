"""Made-up names of people, towns, companies and things: no two conversations share a world."""

from __future__ import annotations

from random import Random

from corpus.words import WORDS

_ONSETS = WORDS["onsets"]
_NUCLEI = WORDS["nuclei"]
_CODAS = WORDS["codas"]
_FIRST = WORDS["first"]
_SURNAME_ENDS = WORDS["surname_ends"]
_TOWN_ENDS = WORDS["town_ends"]
_TOWN_FRONTS = WORDS["town_fronts"]
_TOWN_TAILS = WORDS["town_tails"]
_TITLES = WORDS["titles"]
_ORG_TAILS = WORDS["org_tails"]
_STREETS = WORDS["streets"]


def syllables(chance: Random, count: int) -> str:
    """A word that nobody has heard, in lower case."""
    word = ""
    for number in range(count):
        onset = chance.choice(_ONSETS) if number or chance.random() < 0.8 else ""
        word += onset + chance.choice(_NUCLEI)
        if chance.random() < (0.75 if number == count - 1 else 0.25):
            word += chance.choice(_CODAS)
    return word


def made(chance: Random) -> str:
    """An invented noun in lower case."""
    return syllables(chance, chance.choice((1, 2, 2, 2, 3)))


def first(chance: Random) -> str:
    """A first name, known or invented."""
    if chance.random() < 0.45:
        return chance.choice(_FIRST)
    return syllables(chance, chance.choice((1, 2, 2, 3))).capitalize()


def surname(chance: Random) -> str:
    """A family name."""
    kind = chance.random()
    if kind < 0.5:
        return (
            syllables(chance, chance.choice((1, 1, 2))) + chance.choice(_SURNAME_ENDS)
        ).capitalize()
    name = syllables(chance, chance.choice((1, 2, 2, 3))).capitalize()
    if kind < 0.55:
        return chance.choice(("O'", "Mc", "de ", "van ", "al-", "Mac", "von ", "D'")) + name
    return f"{name}-{surname(chance)}" if kind < 0.58 else name


def person(chance: Random) -> str:
    """A person as texts name one: mostly in full."""
    kind = chance.random()
    if kind < 0.62:
        return f"{first(chance)} {surname(chance)}"
    if kind < 0.78:
        return first(chance)
    if kind < 0.92:
        middle = f" {first(chance)}" if chance.random() < 0.3 else ""
        return f"{chance.choice(_TITLES)}{middle} {surname(chance)}"
    if kind < 0.96:
        return f"{first(chance)} {chance.choice('ABCDEFGHJKLMNPRSTW')}. {surname(chance)}"
    return f"{first(chance)} {first(chance)} {surname(chance)}"


def town(chance: Random) -> str:
    """A town, river or region."""
    kind = chance.random()
    stem = syllables(chance, chance.choice((1, 1, 2)))
    name = (stem + chance.choice(_TOWN_ENDS) if kind < 0.6 else stem + made(chance)).capitalize()
    if kind > 0.9:
        return f"{chance.choice(_TOWN_FRONTS)} {name}"
    if kind > 0.82:
        return f"{name} {chance.choice(_TOWN_TAILS)}"
    return name


def country(chance: Random) -> str:
    """A country that is on no map."""
    return (
        syllables(chance, 2) + chance.choice(("ia", "land", "stan", "a", "or", "esia"))
    ).capitalize()


def org(chance: Random) -> str:
    """A company, club or school."""
    kind = chance.random()
    if kind < 0.2:
        return syllables(chance, chance.choice((2, 2, 3))).capitalize()
    front = chance.choice((surname, town, lambda c: made(c).capitalize()))(chance)
    if kind < 0.25:
        return "".join(
            chance.choice("ABCDEFGHKLMNPRSTUVW") for _ in range(chance.choice((3, 3, 4)))
        )
    return f"{front} {chance.choice(_ORG_TAILS)}"


def street(chance: Random) -> str:
    """A house in a street."""
    name = chance.choice((surname, town, first))(chance)
    return f"{chance.randint(1, 240)} {name} {chance.choice(_STREETS)}"
