"""Muon for the matrices, Adam for embeddings and norms.

Source: Keller Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024),
with the Newton-Schulz coefficients given there; Kingma and Ba, "Adam" (2015).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from network import Weights

_MOMENTUM = 0.95
_FIRST, _SECOND = 0.9, 0.98
_DECAY = 0.01
_STEPS = 5


class Moments(NamedTuple):
    """What the optimiser remembers, by tensor."""

    first: Weights
    second: Weights


def begin(weights: Weights) -> Moments:
    """Nothing remembered yet. Matrices need no second moment."""
    first = {name: jnp.zeros_like(weight) for name, weight in weights.items()}
    second = {n: jnp.zeros_like(w) for n, w in weights.items() if not _is_matrix(n, w)}
    return Moments(first, second)


def update(
    weights: Weights,
    gradients: Weights,
    moments: Moments,
    step: jax.Array,
    rates: tuple[jax.Array, jax.Array],
) -> tuple[Weights, Moments]:
    """One step. `rates`: of the matrices, and of all else; `step` counts from 1."""
    matrix_rate, other_rate = rates
    new: Weights = {}
    first: Weights = {}
    second: Weights = {}
    for name, weight in weights.items():
        gradient = gradients[name]
        if _is_matrix(name, weight):
            first[name] = _MOMENTUM * moments.first[name] + gradient
            aim = _orthogonal(gradient + _MOMENTUM * first[name])
            size = max(1.0, weight.shape[0] / weight.shape[1]) ** 0.5
            new[name] = weight * (1 - matrix_rate * _DECAY) - matrix_rate * size * aim
            continue
        first[name] = _FIRST * moments.first[name] + (1 - _FIRST) * gradient
        second[name] = _SECOND * moments.second[name] + (1 - _SECOND) * gradient**2
        mean = first[name] / (1 - _FIRST**step)
        spread = second[name] / (1 - _SECOND**step)
        new[name] = weight - other_rate * mean / (jnp.sqrt(spread) + 1e-8)
    return new, Moments(first, second)


def _is_matrix(name: str, weight: jax.Array) -> bool:
    return weight.ndim == 2 and "embed" not in name


def _orthogonal(matrix: jax.Array) -> jax.Array:
    """The nearest half-orthogonal matrix, roughly: every direction gets the same step."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (jnp.linalg.norm(x) + 1e-7)
    for _ in range(_STEPS):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return jnp.asarray(x.T if tall else x)
