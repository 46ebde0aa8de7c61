"""A job that goes on while its caller does."""

import threading

import pytest

from boostmon.app.behind import Behind

SECONDS = 10


def test_a_job_goes_on_while_its_caller_does_and_tells_its_result_later() -> None:
    may_end = threading.Event()

    def job() -> str:
        assert may_end.wait(SECONDS)
        return "first"

    with Behind[str]() as behind:
        assert behind.start(job) is None
        may_end.set()
        assert behind.start(lambda: "second") == "first"
        assert behind.finish() == "second"
        assert behind.finish() is None


def test_one_job_begins_only_when_the_one_before_is_done() -> None:
    at_work, most = 0, 0

    def job() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        at_work -= 1

    with Behind[None]() as behind:
        for _ in range(20):
            behind.start(job)

    assert (at_work, most) == (0, 1)


def test_what_a_job_raises_is_raised_at_the_next_call() -> None:
    def fail() -> str:
        raise KeyError("lost")

    with Behind[str]() as behind:
        behind.start(fail)
        with pytest.raises(KeyError):
            behind.finish()
        assert behind.finish() is None


def test_leaving_waits_for_what_is_under_way() -> None:
    done = []
    with Behind[None]() as behind:
        behind.start(lambda: done.append(1))

    assert done == [1]
