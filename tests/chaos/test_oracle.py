"""What the oracle says of roles that others give and take, by runs that are made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from boostmon.sandbox.calls import RecordedRequest
from tests.chaos import roles, stories
from tests.chaos.audit import Books, Entry, Key, Snapshot
from tests.chaos.others import Last, unfollowed
from tests.chaos.plan import RULED_SECONDS, plan
from tests.chaos.play import SPEED, Run
from tests.chaos.witness import Handed, Logged

ORIGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)
USER, ROLE, BY = 11, 22, 33
LONG = 60 * 60
"""Simulated seconds after which no request of before is under way any more."""


def at(seconds: float) -> datetime:
    return ORIGIN + timedelta(seconds=seconds)


def asked(method: str, seconds: float, status: int = 204) -> RecordedRequest:
    return RecordedRequest(method, f"/guilds/1/members/{USER}/roles/{ROLE}", {}, None, None, status, at(seconds))


def by_hand(gives: bool, seconds: float, by: int | None = BY) -> Handed:
    return Handed(at(seconds), USER, ROLE, gives, by)


def line(action: str, seconds: float, before: Snapshot | None, after: Snapshot | None) -> Entry:
    committed = ORIGIN + timedelta(seconds=seconds) / SPEED
    return Entry(int(seconds), USER, ROLE, at(seconds), action, None, before, after, None, None, None, 1, committed)


def until(seconds: float) -> Snapshot:
    return {"state": "running", "ends_at": at(seconds).isoformat()}


def timer(begins: float, ends: float) -> list[Entry]:
    running = until(ends)
    return [line("set", begins, None, running), line("ended", ends + 2, running, None)]


def run(
    *requests: RecordedRequest,
    hands: tuple[Handed, ...] = (),
    heard: tuple[Logged, ...] = (),
    ledger: list[Entry] | None = None,
    held: bool = False,
) -> Run:
    key: Key = (USER, ROLE)
    return Run(
        plan(1, length=1, orders=0, strikes=0, deeds=0),
        origin=ORIGIN,
        healed=at(10 * LONG),
        finished=at(11 * LONG),
        typed=(),
        books=Books(ledger or [], [], [], []),
        requests=requests,
        messages={},
        held=frozenset({key} if held else ()),
        by_hand=hands,
        logged=heard,
        faults={},
        kills=(),
        deaths=(),
        outputs=(),
        left_claims=0,
        complaints=(),
        diary=(),
    )


def violations(played: Run) -> list[str]:
    checks = (roles.none_left_and_none_kept_back, roles.none_taken_early, roles.none_touched_without_timer)
    return [violation for check in checks for violation in check(played)]


WHOLE = (asked("PUT", 1), asked("DELETE", 61))


def test_a_timer_that_begins_and_ends_is_right() -> None:
    assert violations(run(*WHOLE, ledger=timer(0, 60))) == []


def test_what_others_give_after_the_end_may_stay() -> None:
    story = timer(0, 60)

    assert violations(run(*WHOLE, hands=(by_hand(True, 70),), ledger=story, held=True)) == []
    [still] = violations(run(*WHOLE, hands=(by_hand(True, 50),), ledger=story, held=True))
    assert "still has the role" in still
    assert "others give" in still
    assert len(violations(run(*WHOLE, ledger=story, held=True))) == 1


@pytest.mark.parametrize(("method", "did"), [("PUT", "was given"), ("DELETE", "lost")])
def test_a_role_without_a_timer_is_nobody_elses_business(method: str, did: str) -> None:
    never = run(asked(method, 100), hands=(by_hand(True, 50),))
    long_after = run(*WHOLE, asked(method, LONG), hands=(by_hand(True, 70),), ledger=timer(0, 60))

    for played in (never, long_after):
        [touched] = violations(played)
        assert f"{did} the role at {played.requests[-1].at}, when there was no timer" in touched


def test_a_refused_request_touches_nothing() -> None:
    assert violations(run(asked("DELETE", 100, 403), hands=(by_hand(True, 50),), held=True)) == []


def test_what_others_take_is_not_taken_early() -> None:
    story = [line("set", 0, None, until(10 * LONG))]

    assert violations(run(asked("PUT", 1), hands=(by_hand(False, LONG),), ledger=story)) == []
    [early] = violations(run(asked("PUT", 1), asked("DELETE", LONG), ledger=story))
    assert "before its time" in early


@pytest.mark.parametrize(
    ("later", "wrong"),
    [((), 1), ((by_hand(True, 700),), 0), ((by_hand(False, 700),), 0), ((by_hand(False, 700, by=None),), 0)],
)
def test_what_a_race_took_is_owed_unless_others_come_between(later: tuple[Handed, ...], wrong: int) -> None:
    short, long = until(60), until(9 * LONG)
    story = [line("set", 0, None, short), line("add", 62, short, long)]

    found = violations(run(asked("PUT", 1), asked("DELETE", 63), hands=later, ledger=story))

    assert len(found) == wrong


@pytest.mark.parametrize(
    ("gives", "last", "wrong"),
    [
        (False, None, 0),
        (False, Last(at(99), has_timer=True), 1),
        (False, Last(at(99), has_timer=False), 0),
        (False, Last(at(101), has_timer=True), 0),
        (True, None, 1),
        (True, Last(at(99), has_timer=False), 1),
        (True, Last(at(99), has_timer=True), 0),
        (True, Last(at(101), has_timer=False), 0),
    ],
)
def test_what_others_did_is_followed_unless_it_is_old_news(gives: bool, last: Last | None, wrong: int) -> None:
    entry, key = replace(TAKEN, gives=gives), (USER, ROLE)
    lasts = {} if last is None else {key: last}

    assert len(list(unfollowed([entry], lasts, {key}, {ROLE}))) == wrong
    if gives:
        assert list(unfollowed([entry], lasts, {key}, set())) == list(unfollowed([entry], lasts, set(), {ROLE})) == []


TAKEN = Logged(77, at(100), USER, ROLE, gives=False, by=BY)
GIVEN = replace(TAKEN, gives=True)
RUNS = until(101 + RULED_SECONDS)


@pytest.mark.parametrize(
    ("heard", "actor", "after", "wrong"),
    [
        (TAKEN, BY, None, 0),
        (TAKEN, BY, {"state": "ending"}, 0),
        (TAKEN, BY, until(900), 1),
        (TAKEN, BY + 1, None, 1),
        (GIVEN, BY, None, 1),
        (replace(TAKEN, role_id=ROLE + 1), BY, None, 1),
        (replace(TAKEN, entry=78), BY, None, 1),
    ],
)
def test_what_is_over_because_others_took_it_follows_from_the_audit_log(
    heard: Logged, actor: int, after: Snapshot | None, wrong: int
) -> None:
    taken = replace(line("taken", 101, until(900), after), request_id=77, actor_id=actor)

    assert len(list(stories.ledger_follows_the_model(run(heard=(heard,), ledger=[taken])))) == wrong


@pytest.mark.parametrize(
    ("heard", "actor", "after", "wrong"),
    [
        (GIVEN, BY, RUNS, 0),
        (GIVEN, BY, until(102 + RULED_SECONDS), 1),
        (GIVEN, BY, None, 1),
        (GIVEN, BY + 1, RUNS, 1),
        (TAKEN, BY, RUNS, 1),
        (replace(GIVEN, entry=78), BY, RUNS, 1),
    ],
)
def test_what_a_rule_starts_follows_from_the_audit_log_and_lasts_as_it_says(
    heard: Logged, actor: int, after: Snapshot | None, wrong: int
) -> None:
    started = replace(line("started", 101, None, after), request_id=77, actor_id=actor)

    assert len(list(stories.ledger_follows_the_model(run(heard=(heard,), ledger=[started])))) == wrong
