"""Sealing the history's key under a passphrase or a recovery code.

Argon2id (RFC 9106) makes a key of the words, ChaCha20-Poly1305 (RFC 8439) seals with it.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a passphrase costs. `memory_kib` is in KiB."""

    memory_kib: int
    iterations: int
    lanes: int

    def is_sane(self) -> bool:
        """Tell whether a computer can pay it: a damaged key.json must not eat the memory."""
        return (
            8 * self.lanes <= self.memory_kib <= 2 * 1024 * 1024
            and 1 <= self.iterations <= 64
            and 1 <= self.lanes <= 64
        )


DESKTOP = Cost(memory_kib=256 * 1024, iterations=3, lanes=4)
"""Four times the memory of RFC 9106's second choice: under a second on two old cores."""


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key that only the right words open."""

    cost: Cost
    salt: bytes
    nonce: bytes
    sealed: bytes


def new_key() -> bytes:
    """Make a key: 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def check_value(key: bytes, folder: str) -> str:
    """Give what tells the right key from a wrong one, and nothing else about it."""
    return hmac.new(key, f"hearth key check {folder}".encode(), hashlib.sha256).hexdigest()


def is_right(key: bytes, folder: str, check: str) -> bool:
    """Tell whether `check` was made of this key."""
    return hmac.compare_digest(check_value(key, folder), check)


def seal(key: bytes, words: bytes, purpose: str, cost: Cost) -> SealedKey:
    """Seal `key`. It opens only with the same words and the same purpose. Takes a while."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    cipher = ChaCha20Poly1305(_derive(words, salt, cost))
    return SealedKey(cost, salt, nonce, cipher.encrypt(nonce, key, purpose.encode()))


def unseal(box: SealedKey, words: bytes, purpose: str) -> bytes | None:
    """Give the key; None where the words are wrong. Takes a while."""
    cipher = ChaCha20Poly1305(_derive(words, box.salt, box.cost))
    try:
        return cipher.decrypt(box.nonce, box.sealed, purpose.encode())
    except InvalidTag:
        return None


def _derive(words: bytes, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(words)
