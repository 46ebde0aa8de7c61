"""How attempts to reach Discord are spaced, and when they end."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.adapters.discord.faults import Later
from boostmon.adapters.discord.outage import Outage
from boostmon.app.errors import DiscordUnreachable

FAULT = Later("no route")
A_DAY = 86_400


class Time:
    """Passes by what is slept."""

    def __init__(self) -> None:
        self.now = 50.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def outage(time: Time, give_up: float, jitter: Callable[[], float] = lambda: 0.0) -> Outage:
    return Outage(give_up, clock=time.clock, sleep=time.sleep, jitter=jitter)


async def fail_on(outage: Outage, times: int, **more: Any) -> None:
    for _ in range(times):
        await outage.wait(FAULT, what="nothing", **more)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_waits_double_up_to_two_minutes() -> None:
    time = Time()
    run(fail_on(outage(time, 1e9), 9))
    assert time.waits == [2, 4, 8, 16, 32, 64, 120, 120, 120]


@given(st.floats(0, 1))
def test_chance_shortens_a_wait_by_half_at_most(chance: float) -> None:
    time = Time()
    run(fail_on(outage(time, 1e9, lambda: chance), 8))
    for wait, longest in zip(time.waits, [2, 4, 8, 16, 32, 64, 120, 120], strict=True):
        assert longest / 2 <= wait <= longest


def test_chance_is_left_to_chance() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    for _ in range(20):
        run(fail_on(Outage(1e9, sleep=sleep), 1))
    assert len(set(waits)) > 1


def test_a_day_of_failed_attempts_stays_within_what_discord_allows() -> None:
    time = Time()
    with pytest.raises(DiscordUnreachable):
        run(fail_on(outage(time, A_DAY), 10_000))
    assert len(time.waits) < 1000


def test_waits_as_long_as_it_is_asked_to() -> None:
    time = Time()
    lasting = outage(time, 1e9)
    run(lasting.wait(Later("limited", timedelta(seconds=90)), what="nothing"))
    run(lasting.wait(Later("limited", timedelta(seconds=1)), what="nothing"))
    run(lasting.wait(Later("limited", timedelta(seconds=90)), what="nothing", at_most=5))
    assert time.waits == [90, 4, 90]


def test_waits_no_longer_than_the_caller_wants() -> None:
    time = Time()
    run(fail_on(outage(time, 1e9), 3, at_most=3))
    assert time.waits == [2, 3, 3]


def test_gives_up_with_the_last_fault() -> None:
    time = Time()
    with pytest.raises(DiscordUnreachable) as raised:
        run(fail_on(outage(time, 10), 9))
    assert raised.value.reason == "no route (tried for 14 s)"
    assert time.waits == [2, 4, 8]


def test_without_patience_one_attempt_is_all() -> None:
    time = Time()
    with pytest.raises(DiscordUnreachable) as raised:
        run(fail_on(outage(time, 0), 1))
    assert raised.value.reason == "no route"
    assert time.waits == []


def test_what_is_sat_out_does_not_count() -> None:
    time = Time()
    lasting = outage(time, 10)
    run(lasting.sit_out(3600))
    assert lasting.seconds == 0
    run(fail_on(lasting, 1))
    assert lasting.seconds == 2


@pytest.mark.parametrize(("anew", "wait"), [(True, 2), (False, 4)])
def test_a_new_one_starts_over_or_goes_on_growing(anew: bool, wait: float) -> None:
    time = Time()
    lasting = outage(time, 1e9)
    run(fail_on(lasting, 1))
    time.now += 100
    lasting.begin(anew=anew)
    assert lasting.seconds == 0
    run(fail_on(lasting, 1))
    assert time.waits[-1] == wait
