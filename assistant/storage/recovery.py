"""The recovery code: a random number that a person can write down and type again.

128 random bits and 22 bits of checksum in Crockford's base 32 (crockford.com/base32.html), as
six groups of five. Reading takes any case, spaces and dashes, O for 0, and I or L for 1.
"""

import hashlib
import re
import secrets
import unicodedata

from assistant.domain.errors import WrongRecoveryCodeError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_IGNORED = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")
_SECRET_BITS = 128
_CHECK_BITS = 22
_LENGTH = (_SECRET_BITS + _CHECK_BITS) // 5
_GROUP = 5


def new_code() -> str:
    """Make a code: `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`."""
    return code_of(secrets.randbits(_SECRET_BITS))


def code_of(number: int) -> str:
    """Write a number of 128 bits as a code."""
    whole = number << _CHECK_BITS | _checksum(number)
    letters = [_ALPHABET[whole >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    groups = ["".join(letters[at : at + _GROUP]) for at in range(0, _LENGTH, _GROUP)]
    return "-".join(groups)


def secret_of(code: str) -> bytes:
    """Read what a person typed: the 16 secret bytes. Raises WrongRecoveryCodeError."""
    plain = unicodedata.normalize("NFKC", code).upper()
    letters = _IGNORED.sub("", plain).translate(_LOOKALIKES)
    if len(letters) != _LENGTH or not set(letters) <= set(_ALPHABET):
        raise WrongRecoveryCodeError
    whole = 0
    for letter in letters:
        whole = whole << 5 | _ALPHABET.index(letter)
    number, check = divmod(whole, 1 << _CHECK_BITS)
    if check != _checksum(number):
        raise WrongRecoveryCodeError
    return number.to_bytes(_SECRET_BITS // 8, "big")


def _checksum(number: int) -> int:
    digest = hashlib.sha256(b"hearth recovery code" + number.to_bytes(_SECRET_BITS // 8, "big"))
    return int.from_bytes(digest.digest()[:4], "big") >> 32 - _CHECK_BITS
