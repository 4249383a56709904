import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import WrongRecoveryCodeError
from assistant.storage.recovery import code_of, new_code, secret_of

numbers = st.integers(min_value=0, max_value=2**128 - 1)


def test_the_look_of_a_code() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    for code in codes:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){5}", code)


@given(numbers)
def test_a_code_gives_its_secret_back(number: int) -> None:
    assert secret_of(code_of(number)) == number.to_bytes(16, "big")


@given(numbers, st.data())
def test_a_code_is_read_as_people_write_it(number: int, data: st.DataObject) -> None:
    written = ""
    for letter in code_of(number).replace("-", ""):
        alike = {"0": "0Oo", "1": "1IiLl"}.get(letter, letter + letter.lower())
        wide = chr(ord(letter) + 0xFEE0)
        written += data.draw(st.sampled_from([*alike, wide]))
        written += data.draw(st.sampled_from(["", "", "", "-", " ", " – ", "\n", "_", "\u00a0"]))
    assert secret_of(written) == number.to_bytes(16, "big")


@given(numbers, st.integers(0, 29), st.integers(1, 31))
def test_one_wrong_letter_is_noticed(number: int, place: int, change: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = list(code_of(number).replace("-", ""))
    letters[place] = alphabet[(alphabet.index(letters[place]) + change) % 32]
    # 22 bits of checksum: one error in four million would pass; none of these may.
    with pytest.raises(WrongRecoveryCodeError):
        secret_of("".join(letters))


@given(st.text(max_size=60))
def test_other_texts_are_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(WrongRecoveryCodeError):
        secret_of(text)
