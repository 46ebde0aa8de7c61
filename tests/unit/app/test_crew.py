"""The threads that share the work of a pass."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from boostmon.app.batches.crew import Crew, Job
from boostmon.app.batches.leases import Keeper

SECONDS = 30
LEASE = timedelta(minutes=1)


@contextmanager
def crew_of(threads: int, stopping: Callable[[], bool] = lambda: False) -> Iterator[tuple[Crew[int, int], Keeper[int]]]:
    with Keeper[int](lambda _claims, _lease: None, LEASE) as keeper, Crew[int, int](threads, keeper, stopping) as crew:
        yield crew, keeper


def jobs(do: Callable[[int], int], *numbers: int) -> list[Job[int, int]]:
    """One for each number, which is also its claim and what it is given."""
    return [Job([number], partial(do, number)) for number in numbers]


def test_jobs_are_done_in_their_order() -> None:
    done: list[int] = []

    def do(number: int) -> int:
        done.append(number)
        return number

    with crew_of(1) as (crew, _):
        results = crew.take_on(jobs(do, 1, 2)) + crew.take_on(jobs(do, 3)) + crew.finish()

    assert results == done == [1, 2, 3]


def test_a_job_goes_on_while_its_caller_does_and_tells_its_result_later() -> None:
    may_end = threading.Event()

    def do(number: int) -> int:
        assert may_end.wait(SECONDS)
        return number + 1

    with crew_of(1) as (crew, _):
        assert crew.take_on(jobs(do, 1)) == []
        assert crew.is_at_work
        may_end.set()
        assert crew.collect() == [2]
        assert not crew.is_at_work


def test_whoever_brings_as_many_as_there_are_threads_waits_until_one_is_free() -> None:
    may_end = threading.Event()

    def do(number: int) -> int:
        assert number == 1 or may_end.wait(SECONDS)
        return number

    with crew_of(2) as (crew, _):
        assert crew.take_on(jobs(do, 1, 2)) == [1]
        may_end.set()
        assert crew.finish() == [2]


def test_a_dump_of_threads_shows_what_they_are_for() -> None:
    names: list[str] = []

    def do(number: int) -> int:
        names.append(threading.current_thread().name)
        return number

    with crew_of(1) as (crew, _):
        crew.take_on(jobs(do, 1, 2))
        crew.finish()

    assert {name.partition("_")[0] for name in names} == {"sweep"}


def test_who_brings_more_than_can_be_begun_waits() -> None:
    done: list[int] = []

    def do(number: int) -> int:
        done.append(number)
        return number

    with crew_of(2) as (crew, _):
        results = crew.take_on(jobs(do, 1, 2, 3, 4, 5))

        assert len(results) >= 4
        assert sorted(results + crew.finish()) == sorted(done) == [1, 2, 3, 4, 5]


def test_as_many_jobs_are_done_at_once_as_there_are_threads() -> None:
    meeting = threading.Barrier(2, timeout=SECONDS)

    with crew_of(2) as (crew, _):
        results = crew.take_on(jobs(lambda _number: meeting.wait(), 1, 2)) + crew.finish()

    assert sorted(results) == [0, 1]


def test_a_lone_job_waits_for_no_thread() -> None:
    with crew_of(2) as (crew, _):
        assert crew.do(*jobs(lambda _number: threading.get_ident(), 1)) == threading.get_ident()


def test_claims_are_kept_until_their_results_are_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[list[int]] = []
    may_end = threading.Event()

    def do(number: int) -> int:
        assert may_end.wait(SECONDS)
        return number

    with crew_of(1) as (crew, keeper):
        monkeypatch.setattr(keeper, "keep", lambda claims: kept.append(list(claims)))
        crew.take_on(jobs(do, 1))
        may_end.set()
        crew.take_on(jobs(do, 2))
        crew.finish()
        crew.do(*jobs(do, 3))

    assert kept[:2] == [[1], [1, 2]]
    assert kept[-3:] == [[], [3], []]


def test_what_comes_after_a_job_is_done_in_its_thread_unless_it_fails() -> None:
    told: list[int] = []
    lone = Job([1], threading.get_ident).then(lambda: told.append(threading.get_ident()))

    def fail() -> int:
        raise KeyError("lost")

    with crew_of(1) as (crew, _):
        thread = crew.take_on([lone]) + crew.finish()
        with pytest.raises(KeyError):
            crew.do(Job([2], fail).then(lambda: told.append(2)))

    assert told == thread != [threading.get_ident()]


def test_what_a_job_raises_is_raised_where_it_is_collected() -> None:
    def fail(_number: int) -> int:
        raise KeyError("lost")

    with crew_of(1) as (crew, _):
        crew.take_on(jobs(fail, 1))
        with pytest.raises(KeyError):
            crew.collect()


def test_after_an_error_no_other_job_is_begun() -> None:
    done: list[int] = []

    def do(number: int) -> int:
        if number == 1:
            raise KeyError("lost")
        done.append(number)
        return number

    with crew_of(1) as (crew, _):
        with pytest.raises(KeyError):
            crew.take_on(jobs(do, 1, 2, 3))

        assert crew.finish() == done == []
        assert crew.given_up == [2, 3]


def test_leaving_waits_for_what_is_under_way() -> None:
    begun, may_end = threading.Event(), threading.Event()
    done: list[int] = []

    def do(number: int) -> int:
        begun.set()
        assert may_end.wait(SECONDS)
        done.append(number)
        return number

    with crew_of(1) as (crew, _):
        crew.take_on(jobs(do, 1))
        assert begun.wait(SECONDS)
        may_end.set()

    assert done == [1]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("sweep")] == []


def test_whoever_leaves_with_an_error_begins_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()
    done: list[int] = []

    def do(number: int) -> int:
        begun.set()
        assert may_end.wait(SECONDS)
        done.append(number)
        return number

    def interrupted(_claims: Sequence[int]) -> None:
        assert begun.wait(SECONDS)
        raise KeyError("interrupted")

    def take_on_and_leave() -> None:
        with crew_of(1) as (crew, keeper):
            shut_down = crew._pool.shutdown

            def while_the_first_is_under_way(*, cancel_futures: bool = False) -> None:
                shut_down(wait=False, cancel_futures=cancel_futures)
                may_end.set()
                shut_down()

            monkeypatch.setattr(crew._pool, "shutdown", while_the_first_is_under_way)
            monkeypatch.setattr(keeper, "keep", interrupted)
            crew.take_on(jobs(do, 1, 2, 3))

    with pytest.raises(KeyError):
        take_on_and_leave()

    assert done == [1]


def test_what_could_begin_only_while_stopping_is_given_up() -> None:
    stopping = threading.Event()

    def do(number: int) -> int:
        stopping.set()
        return number

    with crew_of(1, stopping.is_set) as (crew, _):
        results = crew.take_on(jobs(do, 1, 2, 3)) + crew.finish()

        assert results == [1]
        assert crew.given_up == [2, 3]
