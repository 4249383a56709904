import pytest

from assistant.storage.sealing import (
    DESKTOP,
    Cost,
    check_value,
    is_right,
    new_key,
    seal,
    unseal,
)

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)


def test_only_the_same_words_for_the_same_purpose_open() -> None:
    key = new_key()
    box = seal(key, b"words", "purpose", CHEAP)
    assert unseal(box, b"words", "purpose") == key
    assert unseal(box, b"Words", "purpose") is None
    assert unseal(box, b"words", "other") is None
    assert key not in box.sealed


def test_two_boxes_of_one_key_share_nothing() -> None:
    key = new_key()
    one, two = (seal(key, b"words", "purpose", CHEAP) for _ in range(2))
    assert (one.salt, one.nonce, one.sealed) != (two.salt, two.nonce, two.sealed)
    assert one.salt != two.salt
    assert one.nonce != two.nonce


def test_the_check_value_tells_the_key_and_the_folder() -> None:
    key = new_key()
    check = check_value(key, "folder")
    assert is_right(key, "folder", check)
    assert not is_right(key, "other", check)
    assert not is_right(new_key(), "folder", check)
    assert key.hex() not in check


def test_the_cost_on_a_desktop_is_no_less_than_rfc_9106_asks() -> None:
    # Section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes.
    assert DESKTOP.memory_kib >= 64 * 1024
    assert DESKTOP.iterations >= 3
    assert DESKTOP.lanes == 4
    assert DESKTOP.is_sane()


@pytest.mark.parametrize(
    "cost", [Cost(2**40, 1, 1), Cost(64, 10**9, 1), Cost(64, 1, 0), Cost(64, 0, 1), Cost(8, 1, 4)]
)
def test_a_cost_that_no_computer_pays_is_seen(cost: Cost) -> None:
    assert not cost.is_sane()
