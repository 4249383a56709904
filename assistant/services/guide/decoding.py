"""How the Guide's own small model is asked."""

from dataclasses import replace

from assistant.domain.generation import GenerationOptions, PromptMessage
from assistant.services.guide.passage import read_passage

_ANSWER_TOKENS = 64
_TITLE_TOKENS = 16
_LONGEST_OPENING = 400
_LONGEST_TITLE = 60

TITLE_OPTIONS = GenerationOptions(temperature=0.0, max_tokens=_TITLE_TOKENS)


def answer_options(wanted: GenerationOptions) -> GenerationOptions:
    """Give the options of an answer: always the likeliest token, and never for long."""
    most = min(wanted.max_tokens or _ANSWER_TOKENS, _ANSWER_TOKENS)
    return replace(wanted, temperature=0.0, max_tokens=most)


def title_prompt(opening: str) -> list[PromptMessage]:
    """Ask for a title of a chat by the first message in it; of a passage, by its question."""
    passage = read_passage(opening)
    told = passage.question if passage is not None else " ".join(opening.split())
    return [PromptMessage("user", f"Title: {told[:_LONGEST_OPENING]}")]


def clean_title(text: str) -> str:
    """Make one line of what the model wrote; empty where that is no title."""
    lines = text.strip().splitlines()
    title = lines[0].strip().strip("\"'“”.").strip() if lines else ""
    return title if len(title) <= _LONGEST_TITLE else ""
