"""A question about a text that was given with it."""

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"\s*passage\s*:(?P<passage>.*)\bquestion\s*:(?P<question>.*)", re.IGNORECASE | re.DOTALL
)
_ASKS = re.compile(
    r"(?:who|whom|whose|when|where|which|what|why|how|is|are|was|were|do|does|did|can|could"
    r"|according to|in which|in what|at what|on which|on what|by whom|from where|to whom)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')]*\s+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SHORTEST_PASSAGE_WORDS = 12
_LONGEST_QUESTION_WORDS = 40
_LONGEST_PROMPT = 2000
"""Characters: with the answer, they fit a context of 1,024 tokens."""
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class PassageQuestion:
    """A passage, and what is asked about it. Neither is empty."""

    passage: str
    question: str

    @property
    def prompt(self) -> str:
        """The one user message that the model was taught."""
        return f"Passage: {self.passage}\nQuestion: {self.question}"

    @property
    def is_readable(self) -> bool:
        """Whether the model can read it: in Latin script, and within its context."""
        letters = [each for each in self.passage + self.question if each.isalpha()]
        latin = sum(_LATIN.match(each) is not None for each in letters)
        fits = len(self.prompt) <= _LONGEST_PROMPT
        return fits and latin >= _MOSTLY * max(len(letters), 1)


def read_passage(text: str) -> PassageQuestion | None:
    """Find passage and question in one message; None where it is none.

    Either in the form `Passage: … Question: …`, or a pasted paragraph with a question alone on
    its first or its last line.
    """
    form = _FORM.fullmatch(text)
    if form is not None:
        return _made(form["passage"], form["question"])
    return _pasted(text)


def follow_up(text: str, before: PassageQuestion) -> PassageQuestion | None:
    """Take a question that comes right after an answer on a passage as one on that passage."""
    return PassageQuestion(before.passage, _one_line(text)) if is_question(text) else None


def is_question(text: str) -> bool:
    """Whether it is one English question of a sensible length."""
    line = _one_line(text)
    if not line or len(line.split()) > _LONGEST_QUESTION_WORDS:
        return False
    if len(_SENTENCE_END.split(line)) > 1:
        return False
    return line.endswith("?") and _LATIN.search(line) is not None


def _pasted(text: str) -> PassageQuestion | None:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    for question, rest in ((lines[-1], lines[:-1]), (lines[0], lines[1:])):
        passage = " ".join(rest)
        asks = is_question(question) and _ASKS.search(question) is not None
        if asks and len(passage.split()) >= _SHORTEST_PASSAGE_WORDS and _tells(passage):
            return _made(passage, question)
    return None


def _tells(passage: str) -> bool:
    """Whether it is prose: it has a sentence that ends in a full stop."""
    return re.search(r"[a-z0-9)\"”'’]\.(?:\s|$)", passage, re.IGNORECASE) is not None


def _made(passage: str, question: str) -> PassageQuestion | None:
    found = PassageQuestion(_one_line(passage), _one_line(question))
    return found if found.passage and found.question else None


def _one_line(text: str) -> str:
    return " ".join(text.split())
