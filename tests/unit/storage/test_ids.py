import uuid

from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.ids import IdMaker


@given(st.lists(st.integers(min_value=0, max_value=2**47), min_size=1, max_size=50))
def test_ids_grow_whatever_the_clock_does(times: list[int]) -> None:
    clock = iter(times)
    maker = IdMaker(lambda: next(clock))
    made = [maker.next() for _ in times]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(uuid.UUID(text).version == 7 for text in made)
    assert all(uuid.UUID(text).variant == uuid.RFC_4122 for text in made)


def test_the_time_is_in_the_id() -> None:
    assert uuid.UUID(IdMaker(lambda: 1_800_000_000_000).next()).int >> 80 == 1_800_000_000_000


def test_many_within_one_millisecond_and_after_an_old_one() -> None:
    first = IdMaker(lambda: 1000)
    made = [first.next() for _ in range(10_000)]
    after = IdMaker(lambda: 5, made[-1]).next()
    assert [*made, after] == sorted({*made, after})
