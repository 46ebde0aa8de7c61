"""What follows from roles that people take by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from boostmon.app.changing.changes import Committer
from boostmon.app.ports import AuditReason, Cause, Watched
from boostmon.domain.durations import Span
from boostmon.domain.ids import RequestId, TimerKey, UserId
from boostmon.domain.ledger import LedgerEntry
from boostmon.domain.notices import EndedNotice, FoughtNotice
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.policy import Stacking, TakenByHand
from boostmon.domain.role_events import RoleEvent, RoleGiven, RoleTaken
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Ending, Obstacle, Paused
from boostmon.domain.transitions import pause
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    CHANNEL,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    SECOND,
    TIME_UP,
    asked,
    change,
    key,
    running,
)

BOB = UserId(5)


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.interruptions.must_have_happened()


def taken(of: TimerKey = KEY, entry: int = 1, minutes: float = 0) -> RoleTaken:
    return RoleTaken(of, BOB, RequestId(entry), NOW + minutes * MINUTE)


def handed(of: TimerKey = KEY, entry: int = 1, minutes: float = 0) -> RoleGiven:
    return RoleGiven(of, BOB, RequestId(entry), NOW + minutes * MINUTE)


def ruled(stage: Stage, rule: RoleRule | None = None, **policy: Any) -> None:
    """A rule for the role, by default one that starts timers of two hours; and what the guild decided for all."""
    stage.policies.change(KEY.guild, lambda before: replace(before, **policy), asked=asked())
    wanted = rule or RoleRule(KEY.role, starts=True, duration=2 * HOUR)
    stage.policies.change_rule(KEY.guild, KEY.role, lambda _: wanted, asked=asked())


def given(stage: Stage, of: TimerKey = KEY, hours: float = 1) -> None:
    assert stage.rows.commit(change(None, running(hours * HOUR, of=of))) is not None
    stage.roles.give(of)


def test_the_timer_of_a_role_that_was_taken_is_over_and_nobody_takes_it_again(stage: Stage) -> None:
    given(stage)
    before = stage.rows.get(KEY)
    stage.roles.take(KEY)

    stage.follow_roles([taken(minutes=5)])

    assert stage.rows.get(KEY) is None
    assert stage.ledger[-1] == LedgerEntry(
        KEY, NOW + 5 * MINUTE, stage.ledger[-1].action, BOB, before, None, request=RequestId(1)
    )
    assert stage.actions == ["set", "taken"]
    stage.clock.advance(2 * HOUR)
    assert stage.sweep().ended == 0
    assert stage.roles.acts == ()
    assert stage.store.notices == {}


def test_an_undelivered_warning_goes_with_the_timer(stage: Stage) -> None:
    given(stage)
    stage.clock.advance(50 * MINUTE)
    assert stage.sweep().warned == 1

    stage.follow_roles([taken(minutes=51)])

    assert stage.store.notices == {}


def test_the_same_event_again_changes_nothing_whatever_happened_since(stage: Stage) -> None:
    given(stage)
    stage.follow_roles([taken(minutes=5)])
    stage.set_time(KEY, HOUR, asked=asked(NOW + 5 * MINUTE), view=VIEW)
    later, actions = stage.rows.get(KEY), stage.actions

    stage.follow_roles([taken(minutes=5), taken(minutes=5)])

    assert stage.rows.get(KEY) == later
    assert stage.actions == actions


def test_old_news_do_not_end_a_timer_that_somebody_has_decided_about_since(stage: Stage) -> None:
    given(stage)
    stage.set_time(KEY, 2 * HOUR, asked=asked(NOW + 10 * MINUTE), view=VIEW)

    stage.follow_roles([taken(minutes=9.9)])
    assert stage.rows.get(KEY) is not None

    stage.follow_roles([taken(entry=2, minutes=10.1)])
    assert stage.rows.get(KEY) is None


@pytest.mark.parametrize("event", [handed(), taken(GOLD_KEY), taken(key(7, 7, 7))])
def test_what_concerns_no_timer_is_passed_over(stage: Stage, event: RoleEvent) -> None:
    given(stage)

    stage.follow_roles([event])

    assert stage.actions == ["set"]


def test_a_paused_timer_ends_too_and_one_that_waits_for_a_person(stage: Stage) -> None:
    given(stage)
    before = stage.rows.get(KEY)
    assert before is not None
    stage.rows.commit(change(before, pause(before, now=NOW)))
    given(stage, GOLD_KEY, hours=0.01)
    stage.roles.obstruct(KEY.guild, Obstacle.MISSING_PERMISSIONS)
    stage.clock.advance(MINUTE)
    assert stage.sweep().failed == 1

    stage.follow_roles([taken(minutes=2), taken(GOLD_KEY, entry=2, minutes=2)])

    assert stage.store.timers == {}


def test_one_entry_may_take_several_roles(stage: Stage) -> None:
    given(stage)
    given(stage, GOLD_KEY)

    stage.follow_roles([taken(), taken(GOLD_KEY)])

    assert stage.store.timers == {}
    assert [entry.request for entry in stage.ledger[-2:]] == [1, 1]


def test_a_role_that_discord_may_yet_give_is_taken_when_it_has(stage: Stage) -> None:
    stage.roles.lose_next_answer()
    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)
    stage.roles.take(KEY)

    stage.follow_roles([taken()])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert isinstance(timer.state, Ending)
    assert timer.state.next_attempt_at == timer.grant_open_until
    stage.roles.give(KEY)
    stage.clock.advance(30 * SECOND)
    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    assert stage.roles.acts[-1].reason == TIME_UP


def test_a_timer_that_changes_meanwhile_is_looked_at_again(stage: Stage) -> None:
    given(stage)

    def meanwhile() -> None:
        stage.add_time.committer.write(change(stage.rows.get(KEY), running(3 * HOUR)))

    stage.interruptions.plan(Point.BEFORE_COMMIT, meanwhile)

    stage.follow_roles([taken()])

    assert stage.rows.get(KEY) is None
    assert stage.actions == ["set", "set", "taken"]


def test_a_sweep_that_was_taking_the_role_does_not_give_it_back(stage: Stage) -> None:
    given(stage)
    stage.clock.advance(HOUR)

    stage.interruptions.plan(Point.AFTER_REMOVE, lambda: stage.follow_roles([taken(minutes=60)]))

    assert stage.sweep().lost == 1
    assert stage.rows.get(KEY) is None
    assert stage.roles.held == frozenset()


def test_fifty_events_cost_one_look(stage: Stage) -> None:
    keys = [replace(KEY, user=type(ALICE)(ALICE + number)) for number in range(120)]
    for of in keys:
        given(stage, of)
    looks: list[None] = []
    stage.interruptions.each_time(Point.BEFORE_BASIS, lambda: looks.append(None))

    stage.follow_roles([taken(of, entry=number) for number, of in enumerate(keys, 1)])

    assert stage.store.timers == {}
    assert len(looks) == 3


def test_a_timer_that_is_taken_set_and_taken_in_one_batch_goes_by_each_in_turn(stage: Stage) -> None:
    given(stage)

    stage.follow_roles([taken(), taken(entry=2, minutes=1)])

    assert stage.actions == ["set", "taken"]


def test_an_undo_of_a_command_whose_timer_was_taken_says_who_did(stage: Stage) -> None:
    stage.set_time(KEY, HOUR, asked=asked(request=5), view=VIEW)
    stage.clock.advance(MINUTE)
    stage.follow_roles([taken(minutes=1)])

    [made] = stage.undo.history.changes_of(KEY.guild, RequestId(5))

    assert made.later is not None
    assert (made.later.actor, made.later.action) == (BOB, "taken")
    assert made.actor == MODERATOR


def test_a_timer_that_is_set_is_watched_at_once_and_others_are_not(stage: Stage) -> None:
    watched = stage.watched_roles
    assert watched.matters(taken())  # as long as nobody knows
    watched.refresh()
    assert not watched.matters(taken())

    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)
    assert watched.matters(taken())
    assert not watched.matters(taken(GOLD_KEY))
    assert watched.any_in(KEY.guild)

    given(stage, GOLD_KEY)  # by another process
    stage.rows.commit(change(stage.rows.get(KEY), None))
    watched.refresh()
    assert watched.matters(taken(GOLD_KEY))
    assert not watched.matters(taken())


def test_a_timer_that_is_set_while_somebody_looks_stays_watched(stage: Stage) -> None:
    class Slow:
        """Its answer is older than what is stored meanwhile."""

        def watched(self) -> Watched:
            stage.watched_roles.add(KEY.guild, KEY.role)
            return Watched()

    stage.watched_roles._hearing = cast("Any", Slow())

    stage.watched_roles.refresh()

    assert stage.watched_roles.matters(taken())


def test_a_role_with_a_rule_that_somebody_gives_has_its_timer_in_their_name(stage: Stage) -> None:
    ruled(stage)
    stage.clock.advance(5 * MINUTE)

    stage.follow_roles([handed(minutes=5)])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert replace(timer, version=0) == running(2 * HOUR, at=NOW + 5 * MINUTE)
    entry = stage.ledger[-1]
    assert (entry.action, entry.actor, entry.request, entry.at) == ("started", BOB, 1, NOW + 5 * MINUTE)
    assert stage.undo.history.origins(KEY.guild, ALICE)[KEY.role].actor == BOB
    assert stage.roles.acts == ()
    assert stage.watched_roles.any_in(KEY.guild)

    stage.follow_roles([handed(minutes=5)])
    assert stage.rows.get(KEY) == timer


def test_a_timer_that_began_while_nobody_heard_ends_when_it_would_have(stage: Stage) -> None:
    ruled(stage)
    stage.roles.give(KEY)
    stage.clock.advance(3 * HOUR)

    stage.follow_roles([handed(minutes=10)])

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
    [notice] = stage.store.notices.values()
    assert notice.notice == EndedNotice(KEY, None, ended_at=NOW + 2 * HOUR + 10 * MINUTE)


@pytest.mark.parametrize(
    ("stacking", "left"),
    [
        (Stacking.REPLACE, 2 * HOUR),
        (Stacking.EXTEND, 5 * HOUR),
        (Stacking.KEEP_LONGER, 3 * HOUR),
        (Stacking.REFUSE, 3 * HOUR),
    ],
)
def test_where_there_is_a_timer_the_guild_decided_what_follows(
    stage: Stage, stacking: Stacking, left: timedelta
) -> None:
    ruled(stage, stacking=stacking)
    given(stage, hours=3)

    stage.follow_roles([handed()])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.remaining(NOW) == left
    assert (stage.actions[-1] == "started") is (left != 3 * HOUR)


@pytest.mark.parametrize(
    ("rule", "policy"),
    [
        (RoleRule(KEY.role, duration=HOUR), {}),
        (RoleRule(GOLD_KEY.role, starts=True, duration=HOUR), {}),
        (RoleRule(KEY.role, starts=True), {}),
        (RoleRule(KEY.role, starts=True, duration=2 * HOUR), {"longest": HOUR}),
        (RoleRule(KEY.role, starts=True, duration=2 * HOUR), {"timeable": frozenset()}),
    ],
    ids=["does not start", "of another role", "no duration", "too long", "not to be timed"],
)
def test_no_timer_starts_where_the_guild_does_not_want_it(
    stage: Stage, rule: RoleRule, policy: dict[str, object]
) -> None:
    stage.policies.change(KEY.guild, lambda before: replace(before, **policy), asked=asked())  # type: ignore[arg-type]
    stage.policies.change_rule(KEY.guild, rule.role, lambda _: rule, asked=asked())

    stage.follow_roles([handed(), handed(GOLD_KEY, entry=2)] if rule.role == KEY.role else [handed()])

    assert stage.store.timers == {}


def test_a_rule_without_a_duration_goes_by_that_of_the_guild(stage: Stage) -> None:
    ruled(stage, RoleRule(KEY.role, starts=True), default_duration=3 * HOUR)

    stage.follow_roles([handed()])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.remaining(NOW) == 3 * HOUR


def test_what_is_given_taken_and_given_again_goes_by_each_in_turn(stage: Stage) -> None:
    ruled(stage)

    stage.follow_roles([handed(), taken(entry=2, minutes=1), handed(entry=3, minutes=2), taken(GOLD_KEY, entry=4)])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.created_at == NOW + 2 * MINUTE
    assert stage.actions == ["started", "taken", "started"]


def test_a_timer_that_a_command_set_since_is_not_replaced(stage: Stage) -> None:
    ruled(stage)
    stage.set_time(KEY, 5 * HOUR, asked=asked(NOW + MINUTE), view=VIEW)

    stage.follow_roles([handed()])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.remaining(NOW + MINUTE) == 5 * HOUR


def test_rules_make_roles_worth_hearing_of(stage: Stage) -> None:
    ruled(stage)
    stage.watched_roles.refresh()
    assert stage.watched_roles.matters(handed())
    assert stage.watched_roles.matters(taken())  # by then a timer may have started
    assert not stage.watched_roles.matters(handed(GOLD_KEY))
    assert not stage.watched_roles.matters(taken(GOLD_KEY))

    stage.watched_roles.add_starting(GOLD_KEY.guild, GOLD_KEY.role)
    assert stage.watched_roles.matters(handed(GOLD_KEY))


def test_a_rule_that_starts_timers_makes_its_role_worth_hearing_of_at_once(stage: Stage) -> None:
    stage.watched_roles.refresh()
    change_rules, view = stage.change_rules, replace(VIEW, asker=replace(VIEW.asker, is_owner=True))

    change_rules.set(view, KEY.role, lambda rule, _: replace(rule, duration=HOUR), asked=asked())
    assert not stage.watched_roles.matters(handed())

    change_rules.set(view, KEY.role, lambda rule, _: replace(rule, starts=True), asked=asked())
    assert stage.watched_roles.matters(handed())


def test_months_of_a_rule_are_counted_in_the_zone_of_the_operator_where_the_guild_has_none(stage: Stage) -> None:
    """From winter into summer, when New York is an hour nearer to UTC."""
    ruled(stage, RoleRule(KEY.role, starts=True, duration=Span(5)))
    committer = Committer(stage.timers, stage.alarm, time_zone="America/New_York")

    replace(stage.follow_roles, committer=committer)([handed()])

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.remaining(NOW) == timedelta(days=151, hours=-1)


@pytest.fixture(name="giving")
def guild_that_gives_back(stage: Stage) -> Stage:
    ruled(stage, RoleRule(KEY.role), taken_by_hand=TakenByHand.GIVE_BACK, log_channel=CHANNEL)
    given(stage, hours=10)
    return stage


def take(stage: Stage, entry: int, minutes: float) -> Sequence[RoleEvent]:
    stage.roles.take(KEY)
    stage.clock.advance(NOW + minutes * MINUTE - stage.clock.now())
    return stage.follow_roles([taken(entry=entry, minutes=minutes)])


def test_a_role_is_given_back_where_the_guild_wants_it_and_its_timer_goes_on(giving: Stage) -> None:
    before = giving.rows.get(KEY)

    assert take(giving, 1, 1) == []

    assert giving.roles.held == {KEY}
    assert giving.roles.acts[-1].reason == AuditReason(Cause.TAKEN, BOB)
    after = giving.rows.get(KEY)
    assert before is not None
    assert after is not None
    assert replace(after, version=before.version) == before
    entry = giving.ledger[-1]
    assert (entry.action, entry.actor, entry.request) == ("give_back", BOB, 1)


def test_time_that_is_up_is_not_given_back(giving: Stage) -> None:
    giving.roles.obstruct(KEY.guild, Obstacle.MISSING_PERMISSIONS)
    giving.clock.advance(10 * HOUR)
    assert giving.sweep().failed == 1

    assert take(giving, 1, 601) == []

    assert giving.rows.get(KEY) is None
    assert giving.actions[-1] == "taken"


@pytest.mark.parametrize("outcome", [Retry("no answer"), Held("a limit", MINUTE)])
def test_what_discord_did_not_do_is_left_to_be_repeated_and_written_down_once(
    giving: Stage, outcome: Retry | Held
) -> None:
    giving.roles.fail_next(outcome)
    [again] = take(giving, 1, 1)

    assert giving.follow_roles([again]) == []

    assert giving.roles.held == {KEY}
    assert giving.actions.count("give_back") == 1


def test_a_member_who_left_and_a_refusal_are_not_asked_about_again(giving: Stage) -> None:
    giving.roles.obstruct(KEY.guild, Obstacle.MISSING_PERMISSIONS)
    assert take(giving, 1, 1) == []
    giving.roles.clear_way(KEY.guild)
    giving.roles.member_leaves(KEY.guild, KEY.user)
    assert take(giving, 2, 2) == []


def test_whoever_takes_it_again_each_time_is_named_and_the_timer_waits(giving: Stage) -> None:
    for number in range(1, 5):
        assert take(giving, number, number) == []

    timer = giving.rows.get(KEY)
    assert timer is not None
    assert timer.state == Paused(10 * HOUR - 4 * MINUTE, NOW + 4 * MINUTE)
    assert giving.actions == ["set", *["give_back"] * 3, "fought"]
    assert giving.roles.held == frozenset()
    [notice] = giving.store.notices.values()
    assert notice.notice == FoughtNotice(KEY, BOB, NOW + 4 * MINUTE)
    assert giving.delivery_alarm.rings == 1

    # Whoever gives it by hand sees it taken again, and nobody is told twice.
    assert take(giving, 5, 5) == []
    assert len(giving.actions) == 5
    assert len(giving.store.notices) == 1


def test_where_all_end_on_a_date_it_waits_no_longer_than_what_remains_allows(giving: Stage) -> None:
    date = NOW + 12 * HOUR
    giving.policies.change_rule(KEY.guild, KEY.role, lambda _: RoleRule(KEY.role, ends_on=date), asked=asked(request=8))
    for number in range(1, 5):
        take(giving, number, number)

    timer = giving.rows.get(KEY)
    assert timer is not None
    assert timer.state == Paused(10 * HOUR - 4 * MINUTE, NOW + 4 * MINUTE, until=NOW + 2 * HOUR + 4 * MINUTE)


def test_rounds_of_others_and_of_long_ago_do_not_count(giving: Stage) -> None:
    for number in range(1, 4):
        take(giving, number, number)
    giving.roles.take(KEY)
    someone_else = replace(taken(entry=4, minutes=4), by=MODERATOR)
    assert giving.follow_roles([someone_else]) == []

    assert take(giving, 5, 64) == []

    assert giving.actions == ["set", *["give_back"] * 5]
    assert giving.roles.held == {KEY}


def test_without_a_log_channel_nobody_can_be_told(giving: Stage) -> None:
    giving.policies.change(KEY.guild, lambda policy: replace(policy, log_channel=None), asked=asked(request=9))
    for number in range(1, 5):
        take(giving, number, number)

    assert giving.actions[-1] == "fought"
    assert giving.store.notices == {}


def test_a_command_is_undone_whatever_was_given_back_since(giving: Stage) -> None:
    giving.set_time(KEY, 20 * HOUR, asked=asked(NOW + SECOND, request=7), view=VIEW)
    take(giving, 1, 1)

    undone = giving.undo(RequestId(7), asked=asked(NOW + 2 * MINUTE), view=VIEW)

    assert undone.changed.after is not None
    assert undone.changed.after.remaining(NOW) == 10 * HOUR


@pytest.mark.parametrize(
    ("stacking", "expected"),
    [
        (Stacking.REPLACE, 3 * HOUR),
        (Stacking.EXTEND, 3 * HOUR),
        (Stacking.KEEP_LONGER, 3 * HOUR),
        (Stacking.REFUSE, HOUR),
    ],
)
def test_a_timer_that_starts_by_itself_ends_on_the_date_of_all(
    stage: Stage, stacking: Stacking, expected: timedelta
) -> None:
    ruled(stage, RoleRule(KEY.role, starts=True, ends_on=NOW + 3 * HOUR), stacking=stacking)
    stage.follow_roles([handed()])
    started = stage.rows.get(KEY)
    assert started is not None
    assert started.ends_at == NOW + 3 * HOUR

    given(stage, GOLD_KEY)
    stage.policies.change_rule(
        KEY.guild,
        GOLD_KEY.role,
        lambda _: RoleRule(GOLD_KEY.role, starts=True, duration=150 * MINUTE, ends_on=NOW + 3 * HOUR),
        asked=asked(),
    )
    stage.follow_roles([handed(GOLD_KEY, entry=2)])
    again = stage.rows.get(GOLD_KEY)
    assert again is not None
    assert again.ends_at == NOW + (150 * MINUTE if stacking in {Stacking.REPLACE, Stacking.KEEP_LONGER} else expected)


def test_once_the_date_of_all_has_passed_no_timer_starts(stage: Stage) -> None:
    ruled(stage, RoleRule(KEY.role, starts=True, ends_on=NOW + HOUR))
    stage.follow_roles([handed(minutes=60)])
    assert (stage.rows.get(KEY), stage.ledger) == (None, ())


def test_a_role_that_was_given_before_the_date_and_is_heard_of_later_is_taken(stage: Stage) -> None:
    ruled(stage, RoleRule(KEY.role, starts=True, ends_on=NOW + HOUR))
    stage.roles.give(KEY)
    stage.clock.advance(2 * HOUR)

    stage.follow_roles([handed()])

    assert stage.sweep().ended == 1
    assert stage.roles.held == frozenset()
