"""Passages with questions: the answer is a span of the passage, or that the text does not say."""

from __future__ import annotations

from random import Random

from corpus.acts import happenings_by_rule
from corpus.frames import Told, all_frames, fresh, happenings, slots_of, stories, tell

NOT_SAID = "The text does not say."
_UNANSWERED = 0.36
_STORIES = 0.6
_STORY_ROOM = 150
_BY_RULE = 0.8
_IN_HASTE = 0.1


def passage(chance: Random, room: int) -> list[tuple[str, str]]:
    """A story or some happenings, and questions on it that fit into `room` tokens."""
    told = _told(chance, room)
    text = _joined([one.text for one in told], chance)
    questions = [_ask(told, text, chance) for _ in range(chance.randint(1, 4 + len(told)))]
    seen: set[str] = set()
    turns: list[tuple[str, str]] = []
    left = room - len(text) // 3
    for asked, answer in questions:
        left -= (len(asked) + len(answer)) // 3 + 8
        if not asked or asked in seen or (turns and left < 0):
            continue
        seen.add(asked)
        gap = "\n" if chance.random() < 0.85 else " "
        head = f"Passage: {text}{gap}Question: " if not turns else "Question: "
        turns.append((head + _in_haste(asked, chance), answer))
    return turns


def _in_haste(question: str, chance: Random) -> str:
    """Now and then a question is typed carelessly."""
    if chance.random() < _IN_HASTE:
        question = question[0].lower() + question[1:]
    return question.rstrip("?") if chance.random() < _IN_HASTE else question


def _told(chance: Random, room: int) -> list[Told]:
    """What a passage tells: a whole story, happenings by rule, or some that have no connection."""
    kind = chance.random()
    if room >= _STORY_ROOM and kind < _STORIES:
        long = room >= 400 and chance.random() < 0.6
        count = chance.randint(2, max(2, room // 140)) if long else 1
        return [tell(frame, chance) for frame in chance.sample(stories(), count)]
    most = min(5, max(1, room // 55)) if room < 400 else min(24, room // 45)
    count = chance.randint(1, most)
    if kind > _BY_RULE:
        return happenings_by_rule(chance, min(count + 1, most + 1))
    return [tell(frame, chance) for frame in chance.sample(happenings(), count)]


def _joined(texts: list[str], chance: Random) -> str:
    gap = "\n" if chance.random() < 0.08 else " "
    return gap.join(text if text[-1] in ".!?:;" else f"{text}." for text in texts)


def _ask(told: list[Told], text: str, chance: Random) -> tuple[str, str]:
    """One question and its answer; an empty question where none was found."""
    for _ in range(8):
        one = chance.choice(told)
        kind = chance.random()
        if kind >= _UNANSWERED:
            asked = _answerable(one, text, chance)
        elif kind < _UNANSWERED * 0.4:
            asked = _left_out(one, chance)
        elif kind < _UNANSWERED * 0.75:
            asked = _of_another(one, text, chance)
        else:
            asked = _elsewhere(told, chance)
        if asked is not None:
            return asked
    return "", ""


def _answerable(one: Told, text: str, chance: Random) -> tuple[str, str] | None:
    slot = chance.choice(sorted(one.frame.questions))
    question = chance.choice(one.frame.questions[slot])
    span = one.span(slot) if slot in one.said else ""
    known = {slot, *slots_of(question)} <= one.said - one.lost
    return (one.ask(question), span) if span and known and span in text else None


def _left_out(one: Told, chance: Random) -> tuple[str, str] | None:
    """Ask for a part that this way of telling left out, or that no way tells."""
    missing = sorted(set(one.frame.questions) - one.said)
    if one.frame.absent and (not missing or chance.random() < 0.6):
        question = chance.choice(one.frame.absent)
        return (one.ask(question), NOT_SAID) if set(slots_of(question)) <= one.said else None
    if not missing:
        return None
    question = chance.choice(one.frame.questions[chance.choice(missing)])
    return (one.ask(question), NOT_SAID) if set(slots_of(question)) <= one.said else None


def _of_another(one: Told, text: str, chance: Random) -> tuple[str, str] | None:
    """Ask the same of somebody or something that the passage does not speak of."""
    slot = chance.choice(sorted(one.frame.questions))
    question = chance.choice(one.frame.questions[slot])
    used = sorted(set(slots_of(question)))
    if not used or slot not in one.said:
        return None
    changed = chance.choice(used)
    other = fresh(changed, one.frame, chance, set(one.filled.values()))
    if other.lower() in text.lower():
        return None
    return one.ask(question, one.filled | {changed: other}), NOT_SAID


def _elsewhere(told: list[Told], chance: Random) -> tuple[str, str] | None:
    """Ask about a happening that is not told, with names that are."""
    other = tell(chance.choice(all_frames()), chance)
    if any(other.frame is one.frame for one in told):
        return None
    slot = chance.choice(sorted(other.frame.questions))
    question = chance.choice(other.frame.questions[slot])
    borrowed = dict(other.filled)
    for name in set(slots_of(question)):
        known = [one.filled[name] for one in told if name in one.said]
        if known:
            borrowed[name] = chance.choice(known)
    if not set(slots_of(question)):
        return None
    return other.ask(question, borrowed), NOT_SAID
