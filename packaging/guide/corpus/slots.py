"""What the ready slots of frames are filled with: names, dates, numbers, amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from corpus import names
from corpus.words import WORDS

_MONTHS = WORDS["months"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_UNITS = WORDS["units"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_HOURS = _UNITS[:12]
_CURRENCIES = WORDS["currencies"]
_COLOURS = WORDS["colours"]
_JOBS = WORDS["jobs"]
_ANIMALS = WORDS["animals"]
_FOODS = WORDS["foods"]
_MATERIALS = WORDS["materials"]
_PLACE_NOUNS = WORDS["place_nouns"]
_PLACE_MARKS = WORDS["place_marks"]
_PLACE_TAILS = WORDS["place_tails"]
_TITLE_WORDS = WORDS["title_words"]


def fill(slot: str, chance: Random) -> str | None:
    """What stands in a ready slot; None where there is no such slot. Digits mark a further one."""
    maker = _MAKERS.get(slot.rstrip("23456789"))
    return None if maker is None else maker(chance)


def year(chance: Random) -> str:
    """A year in four digits, most of them not far from today."""
    return str(chance.randint(1850, 2030) if chance.random() < 0.75 else chance.randint(1050, 1849))


def date(chance: Random) -> str:
    """A day of a year, in one of the forms that people write."""
    day, month, of = chance.randint(1, 28), chance.choice(_MONTHS), year(chance)
    forms = {
        f"{month} {day}": 1.0,
        f"{month} {day}, {of}": 1.0,
        f"{day} {month}": 1.0,
        f"the {_nth(day)} of {month}": 1.0,
        f"{month} {_nth(day)}": 1.0,
        f"{chance.choice(_WEEKDAYS)}, {day} {month}": 0.6,
        f"{of}-{chance.randint(1, 12):02}-{day:02}": 0.3,
        f"{day} {month} {of}": 2.0,
    }
    return chance.choices(list(forms), list(forms.values()))[0]


def clock(chance: Random) -> str:
    """A time of day."""
    form = chance.randrange(7)
    hour, minute = (
        chance.randint(1, 12),
        chance.choice((0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)),
    )
    if form == 0:
        return f"half past {chance.choice(_HOURS)}"
    if form == 1:
        return f"{hour} {chance.choice(('am', 'pm', 'a.m.', 'p.m.', 'o' + chr(39) + 'clock'))}"
    if form == 2:
        return f"{hour}:{minute:02} {chance.choice(('am', 'pm', 'a.m.', 'p.m.'))}"
    if form == 3 and chance.random() < 0.4:
        return chance.choice(("noon", "midnight", "dawn", "dusk", "sunrise", "sunset"))
    if form == 4 and chance.random() < 0.4:
        part, side = chance.choice(("a quarter", "ten", "twenty")), chance.choice(("past", "to"))
        return f"{part} {side} {chance.choice(_HOURS)}"
    return (
        f"{chance.randint(0, 23):02}:{minute:02}"
        if form == 5
        else f"{chance.randint(1, 23)}:{minute:02}"
    )


def number(chance: Random) -> str:
    """A count from 2 to 999, in digits or in words."""
    if chance.random() < 0.4:
        return words_of(chance.choice((chance.randint(2, 12), chance.randint(2, 99))))
    return str(
        chance.choice((chance.randint(2, 12), chance.randint(2, 99), chance.randint(100, 999)))
    )


def words_of(value: int) -> str:
    """A number below 100 in words."""
    if value < 20:
        return _UNITS[value - 1]
    tens = _TENS[value // 10 - 2]
    return tens if value % 10 == 0 else f"{tens}-{_UNITS[value % 10 - 1]}"


def big(chance: Random) -> str:
    """A large count."""
    value = chance.choice(
        (
            chance.randint(1000, 9999),
            chance.randint(10, 900) * 1000,
            chance.randint(10_000, 900_000),
        )
    )
    form = chance.random()
    if form < 0.1:
        return f"{chance.randint(2, 90) / 10} million"
    return f"{value:,}" if form < 0.8 else str(value)


def price(chance: Random) -> str:
    """An amount of money."""
    whole = chance.choice(
        (chance.randint(1, 99), chance.randint(100, 999), chance.randint(1, 99) * 1000)
    )
    text = (
        f"{whole:,}"
        if chance.random() < 0.6
        else f"{whole}.{chance.choice((10, 20, 25, 40, 50, 75, 80, 90, 95, 99))}"
    )
    if chance.random() < 0.6:
        return chance.choice("$$$€€£££") + text
    return f"{text} {chance.choice(_CURRENCIES)}"


def _nth(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _measure(*units: str) -> Callable[[Random], str]:
    def make(chance: Random) -> str:
        amount = (
            str(chance.randint(2, 90)) if chance.random() < 0.7 else f"{chance.randint(1, 99) / 10}"
        )
        if chance.random() < 0.15:
            amount = f"{chance.randint(100, 4000):,}"
        return f"{amount} {chance.choice(units)}"

    return make


def _duration(chance: Random) -> str:
    unit = chance.choice(
        ("minutes", "hours", "days", "weeks", "months", "years", "seconds", "nights")
    )
    kind = chance.random()
    if kind < 0.08:
        return chance.choice(
            (
                "half an hour",
                "an hour and a half",
                "a fortnight",
                "a week",
                "two and a half years",
                "an hour",
                "a whole day",
            )
        )
    amount = words_of(chance.randint(2, 30)) if kind < 0.5 else str(chance.randint(2, 90))
    return f"{amount} {unit}"


def _place(chance: Random) -> str:
    place = chance.choice(_PLACE_NOUNS)
    if chance.random() < 0.55:
        place = f"{chance.choice(_PLACE_MARKS)} {place}"
    elif chance.random() < 0.2:
        return f"{names.town(chance)} {place.capitalize()}"
    if chance.random() < 0.15:
        place = f"{place} {chance.choice(_PLACE_TAILS)}"
    return (
        f"the {place}"
        if chance.random() < 0.85
        else f"a {place}".replace("a a", "an a").replace("a e", "an e")
    )


def _title(chance: Random) -> str:
    form = chance.randrange(4)
    a, b = chance.sample(_TITLE_WORDS, 2)
    if form == 0:
        return f"The {a} {b}"
    if form == 1:
        return f"{a} of {names.town(chance)}"
    return f"{a} and {b}" if form == 2 else f"The {b}"


def _code(chance: Random) -> str:
    letters = "".join(
        chance.choice("ABCDEFGHKLMNPRSTVWXZ") for _ in range(chance.choice((1, 1, 2, 3)))
    )
    return f"{letters}{chance.choice(('-', '', ' ', '-'))}{chance.randint(1, 9999)}"


def _percent(chance: Random) -> str:
    value = (
        str(chance.randint(2, 98)) if chance.random() < 0.75 else f"{chance.randint(5, 990) / 10}"
    )
    return f"{value} percent" if chance.random() < 0.45 else f"{value}%"


def _one_of(words: list[str]) -> Callable[[Random], str]:
    return lambda chance: chance.choice(words)


_MAKERS: Mapping[str, Callable[[Random], str]] = {
    "person": names.person,
    "first": names.first,
    "town": names.town,
    "country": names.country,
    "org": names.org,
    "street": names.street,
    "year": year,
    "date": date,
    "weekday": _one_of(_WEEKDAYS),
    "month": _one_of(_MONTHS),
    "time": clock,
    "n": number,
    "big": big,
    "price": price,
    "percent": _percent,
    "length": _measure("km", "m", "metres", "miles", "cm", "kilometres", "feet", "inches", "mm"),
    "weight": _measure("kg", "g", "tonnes", "pounds", "kilograms", "grams", "tons"),
    "duration": _duration,
    "age": lambda chance: str(chance.randint(3, 99)),
    "colour": _one_of(_COLOURS),
    "code": _code,
    "title": _title,
    "made": names.made,
    "place": _place,
    "job": _one_of(_JOBS),
    "animal": _one_of(_ANIMALS),
    "food": _one_of(_FOODS),
    "material": _one_of(_MATERIALS),
}
