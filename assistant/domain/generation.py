"""One generation: what is asked of the engine, and what comes back."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How to write. `None` leaves the engine's default."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as the engine gets it."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What the engine is to load: the name under which it is asked for, and the file."""

    id: str
    path: Path
    n_ctx: int | None = None


@dataclass(frozen=True, slots=True)
class PromptRead:
    """The prompt is being read: tokens done of all, cached ones included."""

    total: int
    cached: int
    processed: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """New text. Never half a character."""

    text: str


@dataclass(frozen=True, slots=True)
class GenerationDone:
    """The generation ended by itself. Rates in tokens per second, times in milliseconds."""

    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    prompt_ms: float
    prompt_per_second: float
    predicted_ms: float
    predicted_per_second: float
    seed: int | None = None


GenerationEvent = PromptRead | TextDelta | GenerationDone
