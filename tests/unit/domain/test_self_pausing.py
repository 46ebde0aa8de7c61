"""Members who pause their own timers: which pauses count, and for how long."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from boostmon.domain.common_end import EndsForAll
from boostmon.domain.ids import UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.policy import Policy
from boostmon.domain.rules import RoleRule
from boostmon.domain.self_pausing import (
    YEAR,
    MayNotPause,
    NothingToPause,
    NotTheirPause,
    OwnPauses,
    PausesUsedUp,
    ensure_members_may_pause,
    own_pauses,
    self_pause,
    self_resume,
)
from boostmon.domain.timers import Ending, Grace, Paused, State, Timer
from tests.support.timers import ALICE, DAY, HOUR, KEY, MODERATOR, NOW, VIP, running, waiting

RUNS = running(100 * DAY)
THIRTY = Policy(self_pause_days=30)
NEVER_PAUSED = OwnPauses()


def paused(since: datetime, until: datetime | None, remaining: timedelta = 50 * DAY) -> Timer:
    return replace(RUNS, state=Paused(remaining, since, until))


def entry(action: Action, at: datetime, after: Timer | None = RUNS, actor: UserId | None = ALICE) -> LedgerEntry:
    return LedgerEntry(KEY, at, action, actor, before=RUNS, after=after)


def began(at: datetime = NOW, length: timedelta = 10 * DAY) -> LedgerEntry:
    return entry(Action.SELF_PAUSE, at, paused(at, at + length))


@pytest.mark.parametrize(
    ("entries", "used"),
    [
        ([], 0),
        ([began()], 4),
        ([began(length=3 * DAY)], 3),
        ([began(), entry(Action.SELF_RESUME, NOW + DAY)], 1),
        ([began(), entry(Action.RESUME, NOW + 2 * DAY, actor=MODERATOR)], 2),
        ([began(length=2 * DAY), entry(Action.WENT_ON, NOW + 3 * DAY, actor=None)], 2),
        ([began(), entry(Action.UNDO, NOW + DAY, actor=MODERATOR)], 1),
        ([began(), entry(Action.CLEAR, NOW + 2 * DAY, None, actor=MODERATOR)], 2),
        # More time for it, and telling of it, leave it what it is.
        ([began(), entry(Action.ADD, NOW + DAY, paused(NOW, NOW + 10 * DAY, 60 * DAY), actor=MODERATOR)], 4),
        ([began(), LedgerEntry(KEY, NOW + DAY, Action.UNDELIVERED)], 4),
        # From when a moderator gave it another end it is theirs, until that is undone.
        ([began(), entry(Action.PAUSE, NOW + DAY, paused(NOW, None), actor=MODERATOR)], 1),
        (
            [
                began(),
                entry(Action.PAUSE, NOW + DAY, paused(NOW, None), actor=MODERATOR),
                entry(Action.UNDO, NOW + 3 * DAY, paused(NOW, NOW + 10 * DAY), actor=MODERATOR),
            ],
            2,
        ),
        # One that a moderator made was never theirs.
        ([entry(Action.PAUSE, NOW, paused(NOW, None), actor=MODERATOR)], 0),
        # The date of a rule may end it sooner.
        ([began(), entry(Action.RULED, NOW + DAY, paused(NOW, NOW + 3 * DAY), actor=None)], 3),
        ([began(), entry(Action.SELF_RESUME, NOW + DAY), began(NOW + 2 * DAY, DAY)], 2),
    ],
)
def test_a_pause_counts_for_as_long_as_it_lasted(entries: Sequence[LedgerEntry], used: int) -> None:
    assert own_pauses(entries, now=NOW + 4 * DAY).used == used * DAY


@pytest.mark.parametrize(
    ("then", "lasts"),
    [
        ([], True),
        ([entry(Action.SELF_RESUME, NOW + DAY)], False),
        ([entry(Action.PAUSE, NOW + DAY, paused(NOW, NOW + 30 * DAY), actor=MODERATOR)], False),
        ([entry(Action.REMOVE, NOW + DAY, paused(NOW, NOW + 10 * DAY, DAY), actor=MODERATOR)], True),
        ([entry(Action.LEFT, NOW + DAY, replace(RUNS, state=Paused(DAY, NOW, away=True)), actor=None)], False),
        (
            [
                entry(Action.RESUME, NOW + DAY, actor=MODERATOR),
                entry(Action.UNDO, NOW + 2 * DAY, paused(NOW, NOW + 10 * DAY), actor=MODERATOR),
            ],
            True,
        ),
        (
            [
                entry(Action.RESUME, NOW + DAY, actor=MODERATOR),
                entry(Action.PAUSE, NOW + 2 * DAY, paused(NOW + 2 * DAY, None), actor=MODERATOR),
            ],
            False,
        ),
    ],
)
def test_it_is_theirs_until_somebody_else_makes_it_another(then: Sequence[LedgerEntry], lasts: bool) -> None:
    assert own_pauses([began(), *then], now=NOW + 4 * DAY).lasts is lasts


def test_it_counts_for_a_year_from_when_it_began() -> None:
    ended = entry(Action.SELF_RESUME, NOW + 5 * DAY)

    assert own_pauses([began(), ended], now=NOW + YEAR - HOUR) == OwnPauses(5 * DAY, NOW)
    assert own_pauses([began(), ended], now=NOW + YEAR) == NEVER_PAUSED


def test_by_default_members_may_not() -> None:
    ensure_members_may_pause(THIRTY)
    with pytest.raises(MayNotPause):
        ensure_members_may_pause(Policy())


@pytest.mark.parametrize(
    ("wanted", "used", "until"),
    [(None, 0, 30), (7, 0, 7), (40, 0, 30), (None, 25, 5), (7, 25, 5), (3, 25, 3)],
)
def test_it_ends_when_it_was_to_or_on_the_last_day_left(wanted: int | None, used: int, until: int) -> None:
    moment = None if wanted is None else NOW + wanted * DAY

    after = self_pause(RUNS, OwnPauses(used * DAY, NOW - DAY), now=NOW, until=moment, policy=THIRTY)

    assert after.state == Paused(100 * DAY, NOW, NOW + until * DAY)


def test_it_ends_in_time_for_the_date_when_all_end() -> None:
    rule = RoleRule(VIP, ends_on=NOW + 110 * DAY)
    dated = replace(THIRTY, rules={VIP: rule})

    after = self_pause(RUNS, NEVER_PAUSED, now=NOW, until=None, policy=dated)

    assert after.ends_at == NOW + 110 * DAY
    with pytest.raises(EndsForAll):
        self_pause(running(110 * DAY), NEVER_PAUSED, now=NOW, until=None, policy=dated)


def test_without_days_left_it_says_when_some_are_free_again() -> None:
    used = OwnPauses(30 * DAY, NOW - 100 * DAY)

    with pytest.raises(PausesUsedUp) as refusal:
        self_pause(RUNS, used, now=NOW, until=None, policy=THIRTY)

    assert (refusal.value.days, refusal.value.free_at) == (30, NOW + 265 * DAY)


@pytest.mark.parametrize(
    "state",
    [
        Paused(HOUR, NOW - DAY),
        Grace(NOW - HOUR, NOW + DAY),
        Ending(NOW - HOUR, NOW),
        waiting(HOUR).state,
        running(HOUR, at=NOW - DAY).state,
    ],
)
def test_only_a_timer_that_runs_can_be_paused(state: State) -> None:
    with pytest.raises(NothingToPause):
        self_pause(replace(RUNS, state=state), NEVER_PAUSED, now=NOW, until=None, policy=THIRTY)


def test_what_they_paused_they_let_go_on() -> None:
    lasting = OwnPauses(DAY, NOW - DAY, lasts=True)

    after = self_resume(paused(NOW - DAY, NOW + DAY), lasting, now=NOW, policy=THIRTY)

    assert after.ends_at == NOW + 50 * DAY
    assert self_resume(paused(NOW - DAY, NOW + DAY), lasting, now=NOW, policy=Policy()) == after


@pytest.mark.parametrize(("timer", "lasts"), [(paused(NOW, None), False), (RUNS, False), (waiting(HOUR), True)])
def test_nothing_else_goes_on_by_them(timer: Timer, lasts: bool) -> None:
    with pytest.raises(NotTheirPause):
        self_resume(timer, OwnPauses(lasts=lasts), now=NOW, policy=THIRTY)
