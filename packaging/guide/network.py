"""A Llama decoder in JAX: RMS norm, rotary positions, grouped-query attention, gated feed-forward.

Source: Touvron et al., "LLaMA" (2023); the rotary layout is that of Hugging Face's checkpoints
(first half against second half), so that the weights go to safetensors as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from shape import Shape

_BLOCK = 128
"""Queries that attend together; what lies after them costs nothing."""

_EMBEDDING_SPREAD = 0.05
_LOOK_BACK = 1.5
_MATCH = 2.0
_COPY = 0.2
"""Strengths of the planted circuit: sharp enough to work, weak enough to be learned over."""

Weights = dict[str, jax.Array]
"""By their names in Hugging Face's checkpoints; a linear layer is `[out, in]`."""


def tensor_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all tensors. The output layer is the embedding itself."""
    kv_width = shape.kv_heads * shape.head_width
    shapes: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (shape.vocabulary, shape.width),
        "model.norm.weight": (shape.width,),
    }
    for layer in range(shape.layers):
        block = {
            "input_layernorm": (shape.width,),
            "self_attn.q_proj": (shape.width, shape.width),
            "self_attn.k_proj": (kv_width, shape.width),
            "self_attn.v_proj": (kv_width, shape.width),
            "self_attn.o_proj": (shape.width, shape.width),
            "post_attention_layernorm": (shape.width,),
            "mlp.gate_proj": (shape.feed, shape.width),
            "mlp.up_proj": (shape.feed, shape.width),
            "mlp.down_proj": (shape.width, shape.feed),
        }
        shapes |= {f"model.layers.{layer}.{name}.weight": dims for name, dims in block.items()}
    return shapes


def first_weights(shape: Shape, seed: int) -> Weights:
    """Weights to begin with: random, but for a copying circuit in the first two layers.

    What writes into the residual stream begins at zero elsewhere. The circuit is the one that
    language models form by themselves after long training (Olsson et al., "In-context Learning
    and Induction Heads", 2022); planting it saves that part of the run.
    """
    key = jax.random.key(seed)
    weights: Weights = {}
    for number, (name, dims) in enumerate(tensor_shapes(shape).items()):
        if len(dims) == 1:
            weights[name] = jnp.ones(dims)
        elif name.endswith(("o_proj.weight", "down_proj.weight")):
            weights[name] = jnp.zeros(dims)
        else:
            spread = _EMBEDDING_SPREAD if "embed" in name else 0.5 * dims[1] ** -0.5
            weights[name] = jax.random.normal(jax.random.fold_in(key, number), dims) * spread
    _plant_copying(weights, shape, jax.random.fold_in(key, len(weights)))
    return weights


def _plant_copying(weights: Weights, shape: Shape, key: jax.Array) -> None:
    """Let layer 0 note the token before, and layer 1 copy what followed the same token earlier.

    The first number of every embedding is a constant, by which the first head of layer 0 looks
    one place back. Layer 1 compares by its slowest rotary pairs only, so that distance counts
    little; each of its heads copies its own part of the embedding. Embeddings leave free the
    directions in which the token before is noted.
    """
    wide, half = shape.head_width, shape.head_width // 2
    directions = jax.random.normal(key, (shape.width, shape.width)).at[0].set(0)
    basis = jnp.linalg.qr(directions[:, : 2 * half])[0]
    read, written = basis[:, :half], basis[:, half : 2 * half]
    embedding = weights["model.embed_tokens.weight"]
    embedding -= embedding @ written @ written.T
    size = jnp.linalg.norm(embedding, axis=1, keepdims=True)
    embedding *= _EMBEDDING_SPREAD * shape.width**0.5 / size
    weights["model.embed_tokens.weight"] = embedding.at[:, 0].set(4 * _EMBEDDING_SPREAD)
    first, second = "model.layers.0.self_attn.", "model.layers.1.self_attn."
    speeds = shape.rope_base ** (-jnp.arange(half) / half)
    back = jnp.concatenate([jnp.cos(speeds), -jnp.sin(speeds)])
    fast = jnp.arange(half) < half // 4
    back *= jnp.tile(fast, 2)
    here = jnp.concatenate([fast, jnp.zeros(half)])
    _set(weights, f"{first}q_proj", jnp.s_[:wide, 0], _LOOK_BACK * back)
    _set(weights, f"{first}k_proj", jnp.s_[:wide, 0], _LOOK_BACK * here)
    _set(weights, f"{first}v_proj", jnp.s_[:half], read.T)
    _set(weights, f"{first}o_proj", jnp.s_[:, :half], 1.5 * _EMBEDDING_SPREAD * written)
    slow = jnp.r_[half // 2 : half, half + half // 2 : wide]
    for head in range(shape.heads):
        start = head * wide
        part = jnp.eye(shape.width)[start : start + wide]
        _set(weights, f"{second}q_proj", start + slow, _MATCH * read.T)
        _set(weights, f"{second}k_proj", start + slow, _MATCH * written.T)
        _set(weights, f"{second}v_proj", jnp.s_[start : start + wide], part)
        _set(weights, f"{second}o_proj", jnp.s_[:, start : start + wide], _COPY * part.T)


def _set(weights: Weights, name: str, where: object, values: jax.Array) -> None:
    weights[f"{name}.weight"] = weights[f"{name}.weight"].at[where].set(values)


def logits(weights: Weights, tokens: jax.Array, segments: jax.Array, shape: Shape) -> jax.Array:
    """Scores of the next token at every place.

    Args:
        weights: see `tensor_shapes`.
        tokens: `[rows, length]`.
        segments: `[rows, length]`; a token sees earlier ones of its own segment only.
        shape: the model's sizes.

    Returns:
        `[rows, length, vocabulary]`.

    """
    return _states(weights, tokens, segments, shape) @ weights["model.embed_tokens.weight"].T


def _states(weights: Weights, tokens: jax.Array, segments: jax.Array, shape: Shape) -> jax.Array:
    turn = _rotations(tokens.shape[1], shape)
    x = weights["model.embed_tokens.weight"][tokens]
    for layer in range(shape.layers):
        prefix = f"model.layers.{layer}."
        block = {
            name[len(prefix) : -len(".weight")]: weight
            for name, weight in weights.items()
            if name.startswith(prefix)
        }
        x = x + _attention(block, _norm(x, block["input_layernorm"], shape), segments, turn, shape)
        x = x + _feed_forward(block, _norm(x, block["post_attention_layernorm"], shape))
    return _norm(x, weights["model.norm.weight"], shape)


class Batch(NamedTuple):
    """Rows of tokens, and which of them the loss counts."""

    tokens: jax.Array | np.ndarray
    """`[rows, length]`"""
    segments: jax.Array | np.ndarray
    """`[rows, length]`; the conversation that a token belongs to, -1 for none."""
    places: jax.Array | np.ndarray
    """`[rows, counted]`; places of the tokens that are counted, never the first of a row."""
    importance: jax.Array | np.ndarray
    """`[rows, counted]`; 1 for the assistant's tokens, 0 for what only fills up the row."""


def loss(weights: Weights, batch: Batch, shape: Shape) -> tuple[jax.Array, jax.Array]:
    """Mean cross-entropy of the counted tokens by importance; and of the assistant's alone."""
    tokens, places = jnp.asarray(batch.tokens), jnp.asarray(batch.places)
    states = _states(weights, tokens[:, :-1], jnp.asarray(batch.segments)[:, :-1], shape)
    before = jnp.take_along_axis(states, places[..., None] - 1, axis=1)
    scores = before @ weights["model.embed_tokens.weight"].T
    wanted = jnp.take_along_axis(tokens, places, axis=1)
    right = jnp.take_along_axis(scores, wanted[..., None], axis=-1)[..., 0]
    surprise = jax.nn.logsumexp(scores, axis=-1) - right
    answers = batch.importance == 1
    of_answers = (surprise * answers).sum() / answers.sum()
    return (surprise * batch.importance).sum() / batch.importance.sum(), of_answers


def _norm(x: jax.Array, weight: jax.Array, shape: Shape) -> jax.Array:
    scale = jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + shape.norm_epsilon)
    return x * scale * weight


def _rotations(length: int, shape: Shape) -> tuple[jax.Array, jax.Array]:
    half = shape.head_width // 2
    speeds = shape.rope_base ** (-jnp.arange(half) / half)
    angles = jnp.arange(length)[:, None] * speeds[None]
    return jnp.cos(angles), jnp.sin(angles)


def _rotate(x: jax.Array, turn: tuple[jax.Array, jax.Array]) -> jax.Array:
    cosine, sine = turn[0][None, :, None], turn[1][None, :, None]
    first, second = jnp.split(x, 2, axis=-1)
    turned = (first * cosine - second * sine, second * cosine + first * sine)
    return jnp.concatenate(turned, axis=-1)


def _attention(
    block: Weights,
    x: jax.Array,
    segments: jax.Array,
    turn: tuple[jax.Array, jax.Array],
    shape: Shape,
) -> jax.Array:
    rows, length, _ = x.shape
    groups = shape.heads // shape.kv_heads
    query = (x @ block["self_attn.q_proj"].T).reshape(rows, length, shape.heads, -1)
    key = (x @ block["self_attn.k_proj"].T).reshape(rows, length, shape.kv_heads, -1)
    value = (x @ block["self_attn.v_proj"].T).reshape(rows, length, shape.kv_heads, -1)
    query, key = _rotate(query, turn), _rotate(key, turn)
    query = query.transpose(0, 2, 1, 3)
    key = jnp.repeat(key.transpose(0, 2, 3, 1), groups, axis=1)
    value = jnp.repeat(value.transpose(0, 2, 1, 3), groups, axis=1)
    mixed = [
        _attend(
            query[:, :, start : start + _BLOCK],
            key[..., : start + _BLOCK],
            value[:, :, : start + _BLOCK],
            segments[:, : start + _BLOCK],
        )
        for start in range(0, length, _BLOCK)
    ]
    joined = jnp.concatenate(mixed, axis=2).transpose(0, 2, 1, 3)
    return joined.reshape(rows, length, -1) @ block["self_attn.o_proj"].T


def _attend(query: jax.Array, key: jax.Array, value: jax.Array, segments: jax.Array) -> jax.Array:
    """Attention of the last tokens to all before them: later keys are not even looked at.

    Args:
        query: `[rows, heads, asking, width]`.
        key: `[rows, heads, width, length]`.
        value: `[rows, heads, length, width]`.
        segments: `[rows, length]`.

    """
    asking, length = query.shape[2], value.shape[2]
    start = length - asking
    scores = query @ key * query.shape[-1] ** -0.5
    earlier = jnp.arange(start, length)[:, None] >= jnp.arange(length)[None]
    seen = earlier[None] & (segments[:, start:, None] == segments[:, None])
    scores = jnp.where(seen[:, None], scores, -1e9)
    return jax.nn.softmax(scores, axis=-1) @ value


def _feed_forward(block: Weights, x: jax.Array) -> jax.Array:
    gate = jax.nn.silu(x @ block["mlp.gate_proj"].T)
    return (gate * (x @ block["mlp.up_proj"].T)) @ block["mlp.down_proj"].T
