"""Work that threads take in chunks."""

from datetime import timedelta

import pytest

from boostmon.app.chunks import Chunks
from boostmon.app.leases import BatchSize

SLOW = timedelta(seconds=2)


def chunks(number: int, size: int = 3) -> Chunks[int]:
    return Chunks(range(number), BatchSize(size, least=size), lambda: False)


def test_everything_is_taken_once_and_in_order() -> None:
    work = chunks(7)

    taken = []
    while chunk := work.take():
        taken.append(chunk)

    assert taken == [[0, 1, 2], [3, 4, 5], [6]]
    assert work.take() == []


def test_what_was_taken_is_left_until_it_is_dealt_with() -> None:
    work = chunks(7)
    first, second = work.take(), work.take()

    work.dealt_with(second, SLOW)

    assert work.left == [0, 1, 2, 6]
    work.dealt_with(first, SLOW)
    assert work.left == [6]


@pytest.mark.parametrize(("number", "expected"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3)])
def test_how_many_chunks_wait(number: int, expected: int) -> None:
    assert chunks(number).waiting == expected


def test_nothing_is_handed_out_while_stopping() -> None:
    stopping = [False]
    work = Chunks(range(4), BatchSize(2, least=2), lambda: stopping[0])
    first = work.take()

    stopping[0] = True

    assert work.take() == []
    work.dealt_with(first, SLOW)
    assert work.left == [2, 3]


def test_what_is_broken_off_keeps_what_is_under_way() -> None:
    work = chunks(7)
    first = work.take()

    work.break_off()

    assert work.take() == []
    assert work.left == first
