"""The Guide's own tokenizer: byte-level BPE, learned from the corpus and from nothing else.

Digits stand alone, so that numbers are copied digit by digit. llama.cpp knows this way of cutting
text as `smollm`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from corpus.mixture import Conversation, conversation
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

END, USER, ASSISTANT, SYSTEM = SPECIALS = ("<|end|>", "<|user|>", "<|assistant|>", "<|system|>")
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "<|{{ message['role'] }}|> {{ message['content'] | trim }}<|end|>"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"
)
"""Every turn begins with a space, so that its first word has the tokens it has within a text."""

_CONVERSATIONS = 12_000


def learn(size: int, seed: int) -> Tokenizer:
    """Learn a vocabulary of `size` tokens; the special ones come first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(seed), trainer)
    return tokenizer


def load(path: Path) -> Tokenizer:
    """Read a tokenizer that was learned before."""
    return Tokenizer.from_file(str(path))


def encode(tokenizer: Tokenizer, talk: Conversation) -> tuple[list[int], list[bool]]:
    """Give a conversation's tokens, and which of them the assistant writes."""
    tokens: list[int] = []
    written: list[bool] = []
    for question, answer in talk:
        asked = tokenizer.encode(f"{USER} {question}{END}{ASSISTANT}").ids
        answered = tokenizer.encode(f" {answer}{END}").ids
        tokens += asked + answered
        written += [False] * len(asked) + [True] * len(answered)
    return tokens, written


def _texts(seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(_CONVERSATIONS):
        for question, answer in conversation(chance):
            yield f" {question}"
            yield f" {answer}"
