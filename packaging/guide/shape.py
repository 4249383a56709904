"""How large the Guide's model is, and how long it is trained: the full run and the quick one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Sizes of a Llama model (`config.json` of Hugging Face, metadata `llama.*` of GGUF)."""

    vocabulary: int = 2048
    width: int = 192
    layers: int = 6
    heads: int = 3
    kv_heads: int = 3
    feed: int = 384
    context: int = 1024
    rope_base: float = 100_000.0
    norm_epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Numbers of one attention head."""
        return self.width // self.heads


@dataclass(frozen=True)
class Stage:
    """A stretch of the run: `steps` updates, each of `rows` rows of `length` tokens.

    A conversation takes about `room` tokens at most; `copied` is the share of bare copying. Short
    ones come first: finding a name is learned soonest where there is little to look through.
    """

    steps: int
    rows: int
    length: int
    room: int
    copied: float = 0.03


@dataclass(frozen=True)
class Plan:
    """One run of the trainer."""

    shape: Shape
    stages: tuple[Stage, ...]
    seed: int = 20_261_121
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    rates: tuple[tuple[int, float], ...] = ((0, 0.0), (100, 1.0))
    """Share of the rates by step, straight between these points and down to 0 at the end."""
    checkpoint_every: int = 250

    @property
    def steps(self) -> int:
        """Updates in all."""
        return sum(stage.steps for stage in self.stages)


_SMALL = Shape(vocabulary=1024, width=128, layers=4, heads=2, kv_heads=2, feed=256)

PLANS = {
    # At most an hour on two cores.
    "full": Plan(
        Shape(),
        (
            Stage(600, 8, 256, 80, 0.15),
            Stage(3900, 8, 256, 250),
            Stage(200, 2, 1024, 1000),
        ),
        rates=((0, 0.0), (98, 0.98), (1500, 0.75)),
    ),
    # At most five minutes: shows that the trainer learns.
    "quick": Plan(_SMALL, (Stage(900, 8, 128, 80, 0.15),)),
    # Some seconds: shows that a run which was ended goes on as if it had not been.
    "glance": Plan(_SMALL, (Stage(8, 4, 128, 80, 0.15),), checkpoint_every=4),
}
