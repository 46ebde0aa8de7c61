"""Counting members by role, where roles may have changed hands without anybody hearing of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from boostmon.adapters.memory.counting import InMemoryRoleHolders
from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import Membership
from boostmon.domain.drift import Baseline
from boostmon.domain.ids import NOBODY, ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.notices import FoughtNotice, UntimedNotice
from boostmon.domain.outcomes import Retry
from boostmon.domain.policy import Policy, Rejoin, TakenByHand
from boostmon.domain.role_events import AuditEntry, RoleEvent, RoleGiven, RoleTaken, entry_at, moment_of
from boostmon.domain.rules import RoleRule
from boostmon.domain.transitions import end, pause
from tests.support.stage import GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, VIP, asked, running

BOB = UserId(5)


def member(number: int, of: TimerKey = KEY) -> TimerKey:
    return replace(of, user=UserId(number))


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[Stage]:
    made = Stage()
    made.policies.change(GUILD, lambda _: Policy(log_channel=ChannelId(5)), asked=asked())
    yield made
    made.interruptions.must_have_happened()


def in_order(stage: Stage, *keys: TimerKey) -> None:
    """There are timers, and somebody has counted; an hour later the test begins."""
    for key in keys:
        stage.have(30 * DAY, key)
    stage.watched_roles.refresh()
    stage.reconcile(GUILD)
    stage.clock.advance(HOUR)
    assert_costs_one_request(stage)
    stage.clock.advance(HOUR)


def assert_costs_one_request(stage: Stage) -> None:
    counted, looks, looked_at = len(stage.holders.counted), stage.audit_log.looks, len(stage.holders.looked_at)
    stage.reconcile(GUILD)
    assert (len(stage.holders.counted), stage.audit_log.looks) == (counted + 1, looks)
    assert len(stage.holders.looked_at) == looked_at


def starts(stage: Stage, *, held: int = 0) -> None:
    """The role's rule starts timers; so many have it already."""
    for number in range(held):
        stage.roles.give(member(1_000 + number))
    rule = RoleRule(VIP, starts=True, duration=DAY)
    stage.change_rules.set(replace(VIEW, asker=replace(VIEW.asker, is_owner=True)), VIP, lambda *_: rule, asked=asked())


def written(stage: Stage, event: type[RoleGiven | RoleTaken], key: TimerKey = KEY) -> None:
    """Somebody did it, and the log has it, but nobody was told."""
    entry = entry_at(stage.clock.now())
    happened: RoleEvent = event(key, BOB, entry, moment_of(entry))
    (stage.roles.give if event is RoleGiven else stage.roles.take)(key)
    stage.audit_log.entries.append(AuditEntry(GUILD, entry, (happened,)))
    stage.clock.advance(HOUR)


class Meanwhile(InMemoryRoleHolders):
    """Something happens while Discord is asked again."""

    def __init__(self, stage: Stage, happens: Callable[[], object]) -> None:
        super().__init__(stage.roles)
        self._happens = happens

    def counts(self, guild: GuildId) -> Mapping[RoleId, int]:
        if self.counted:
            self._happens()
        return super().counts(guild)

    def membership(self, guild: GuildId, user: UserId) -> Membership | None:
        self._happens()
        return super().membership(guild, user)


def told(stage: Stage) -> list[UntimedNotice | FoughtNotice]:
    return [one for one in stage.owed if isinstance(one, UntimedNotice | FoughtNotice)]


def test_a_guild_without_timers_and_rules_costs_nothing(stage: Stage) -> None:
    stage.reconcile(GUILD)
    assert stage.holders.counted == []


def test_a_role_taken_in_silence_is_read_of_in_the_log(stage: Stage) -> None:
    in_order(stage, KEY, GOLD_KEY, member(2))
    written(stage, RoleTaken)

    stage.reconcile(GUILD)

    assert stage.of() is None
    assert [(entry.action, entry.actor) for entry in stage.ledger] == [(Action.TAKEN, BOB)]
    assert stage.holders.looked_at == []
    assert_costs_one_request(stage)


def test_the_log_is_read_again_from_before_what_was_heard_since(stage: Stage) -> None:
    in_order(stage, KEY, member(2))
    written(stage, RoleTaken)
    heard = entry_at(stage.clock.now())  # a later one, as the log spoke again
    stage.catch_up.hearing.heard({GUILD: heard})

    stage.reconcile(GUILD)

    assert stage.of() is None


def test_a_role_given_in_silence_starts_its_timer(stage: Stage) -> None:
    starts(stage, held=3)
    in_order(stage, KEY)
    written(stage, RoleGiven, member(2))

    stage.reconcile(GUILD)

    assert stage.of(member(2)) is not None
    assert stage.actions == ["started"]
    assert told(stage) == []
    assert_costs_one_request(stage)


def test_what_was_given_before_its_rule_started_timers_is_left_alone(stage: Stage) -> None:
    in_order(stage, KEY, member(2))
    written(stage, RoleGiven, member(3))
    starts(stage)
    stage.reconcile(GUILD)
    written(stage, RoleTaken)

    stage.reconcile(GUILD)

    assert stage.of(member(3)) is None
    assert stage.actions == ["taken"]


@pytest.mark.parametrize("is_hidden", [False, True], ids=["silent", "hidden"])
def test_what_no_log_tells_is_found_at_the_members_with_timers(stage: Stage, is_hidden: bool) -> None:
    in_order(stage, KEY, member(2), member(3, GOLD_KEY))
    if is_hidden:
        stage.audit_log.hidden.add(GUILD)
    stage.roles.take(KEY)

    stage.reconcile(GUILD)

    assert stage.of() is None
    assert stage.of(member(2)) is not None
    assert [(entry.action, entry.actor) for entry in stage.ledger] == [(Action.TAKEN, NOBODY)]
    assert set(stage.holders.looked_at) == {ALICE, 2}
    assert_costs_one_request(stage)


@pytest.mark.parametrize("is_slow", [False, True], ids=["at once", "at the second try"])
def test_who_left_and_is_back_gets_the_role_and_has_not_lost_it_by_hand(stage: Stage, is_slow: bool) -> None:
    in_order(stage, KEY, member(2))
    stage.roles.member_leaves(GUILD, ALICE)
    stage.roles.member_joins(GUILD, ALICE, stage.clock.now())
    stage.clock.advance(HOUR)
    if is_slow:
        stage.roles.fail_next(Retry("no answer"))
        with pytest.raises(DiscordUnreachable):
            stage.reconcile(GUILD)
        stage.clock.advance(HOUR)

    stage.reconcile(GUILD)

    assert KEY in stage.roles.held
    assert stage.actions == ["returned"]
    stage.roles.take(KEY)  # and by hand after that
    stage.clock.advance(HOUR)
    stage.reconcile(GUILD)
    assert stage.actions == ["returned", "taken"]


def test_where_timers_end_with_the_membership_so_does_that_of_somebody_who_is_back(stage: Stage) -> None:
    stage.change_policy.rejoin(GUILD, Rejoin.END, asked=asked())
    in_order(stage, KEY, member(2))
    stage.roles.member_leaves(GUILD, ALICE)
    stage.roles.member_joins(GUILD, ALICE, stage.clock.now())
    stage.clock.advance(HOUR)

    stage.reconcile(GUILD)

    assert KEY not in stage.roles.held
    timer = stage.of()
    assert timer is None or timer.is_over(stage.clock.now())
    assert stage.actions[0] == "left"


def test_it_is_noticed_among_members_who_have_the_role_for_good(stage: Stage) -> None:
    for number in range(10):
        stage.roles.give(member(1_000 + number))
    in_order(stage, KEY, member(2))
    stage.roles.take(member(2))

    stage.reconcile(GUILD)

    assert stage.actions == ["taken"]


def test_one_who_has_it_for_good_and_loses_it_costs_a_look_once(stage: Stage) -> None:
    stage.roles.give(member(1_000))
    in_order(stage, KEY)
    stage.roles.take(member(1_000))

    stage.reconcile(GUILD)

    assert stage.actions == []
    assert_costs_one_request(stage)


def test_a_role_is_given_back_where_the_guild_wants_that_and_not_for_ever(stage: Stage) -> None:
    stage.change_policy.taken_by_hand(GUILD, TakenByHand.GIVE_BACK, asked=asked())
    in_order(stage, KEY)
    for _ in range(3):
        stage.roles.take(KEY)
        stage.reconcile(GUILD)
        assert KEY in stage.roles.held
        assert_costs_one_request(stage)
        stage.clock.advance(HOUR)

    stage.roles.take(KEY)
    stage.reconcile(GUILD)

    assert stage.actions == ["give_back"] * 3 + ["fought"]
    assert told(stage) == [FoughtNotice(KEY, NOBODY, stage.clock.now())]
    stage.reconcile(GUILD)
    assert stage.actions == ["give_back"] * 3 + ["fought"]


def test_one_that_could_not_be_given_back_yet_is_found_again(stage: Stage) -> None:
    stage.change_policy.taken_by_hand(GUILD, TakenByHand.GIVE_BACK, asked=asked())
    in_order(stage, KEY)
    stage.roles.take(KEY)
    stage.roles.fail_next(Retry("503"))

    with pytest.raises(DiscordUnreachable):
        stage.reconcile(GUILD)
    assert KEY not in stage.roles.held
    stage.clock.advance(HOUR)
    stage.reconcile(GUILD)

    assert KEY in stage.roles.held


def test_members_who_got_a_role_unheard_are_told_of_once(stage: Stage) -> None:
    starts(stage, held=3)
    in_order(stage, KEY)
    for number in (2, 3):
        stage.roles.give(member(number))

    stage.reconcile(GUILD)
    stage.reconcile(GUILD)

    assert told(stage) == [UntimedNotice(replace(KEY, user=NOBODY), 2, stage.clock.now())]
    assert stage.delivery_alarm.rings == 1
    assert_costs_one_request(stage)


def test_one_of_them_who_was_given_a_timer_is_not_told_of_again(stage: Stage) -> None:
    starts(stage)
    in_order(stage, KEY)
    for number in (2, 3):
        stage.roles.give(member(number))
    stage.reconcile(GUILD)

    stage.have(DAY, member(2))
    stage.reconcile(GUILD)

    assert len(told(stage)) == 1
    assert stage.store.role_counts[GUILD][VIP] == Baseline(1, unexplained=1)
    assert_costs_one_request(stage)


def test_what_happens_just_now_is_no_news(stage: Stage) -> None:
    starts(stage)
    in_order(stage, KEY)
    stage.roles.give(member(2))  # and nobody has heard of it yet
    written(stage, RoleGiven, member(3))
    busy = replace(stage.reconcile, holders=Meanwhile(stage, lambda: written(stage, RoleGiven, member(100))))

    busy(GUILD)
    assert told(stage) == []

    stage.reconcile(GUILD)
    assert [one.members for one in told(stage) if isinstance(one, UntimedNotice)] == [1]


def test_who_has_left_is_no_news_and_none_when_they_return_with_the_role(stage: Stage) -> None:
    starts(stage)
    in_order(stage, KEY, member(2))
    stage.roles.member_leaves(GUILD, ALICE)
    stage.reconcile(GUILD)
    assert_costs_one_request(stage)

    stage.roles.member_joins(GUILD, ALICE)
    if stage.of() is not None:
        stage.roles.give(KEY)
        stage.reconcile(GUILD)

    assert told(stage) == []
    assert "taken" not in stage.actions


def test_of_many_members_some_are_looked_at_in_each_turn(stage: Stage) -> None:
    reconcile = replace(stage.reconcile, looks=3)
    in_order(stage, *(member(number) for number in range(1, 9)))
    stage.roles.take(member(8))

    seen = []
    for _ in range(3):
        reconcile(GUILD)
        seen.append(stage.holders.looked_at)
        stage.holders.looked_at = []

    assert seen == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert stage.actions == ["taken"]
    assert_costs_one_request(stage)


def test_what_ends_or_waits_is_no_news(stage: Stage) -> None:
    in_order(stage, KEY)
    stage.put(end(running(DAY, of=member(2)), now=stage.clock.now()), held=True)
    stage.put(end(running(DAY, of=member(3)), now=stage.clock.now()), held=False)
    stage.put(pause(running(30 * DAY, of=member(4)), now=stage.clock.now()))
    open_until = stage.clock.now() + MINUTE
    stage.put(running(30 * DAY, of=member(5)).with_grant_until(open_until), held=False)

    assert_costs_one_request(stage)


def test_an_end_that_comes_while_a_member_is_looked_at_belongs_to_the_sweep(stage: Stage) -> None:
    in_order(stage, member(2))
    stage.put(running(3 * HOUR))
    stage.reconcile(GUILD)
    stage.roles.take(KEY)
    slow = replace(stage.reconcile, holders=Meanwhile(stage, lambda: stage.clock.advance(2 * HOUR)))

    slow(GUILD)

    assert stage.of() is not None
    assert stage.actions == []


def test_a_failure_is_told_and_the_next_turn_begins_anew(stage: Stage) -> None:
    in_order(stage, KEY)
    stage.roles.take(KEY)
    stage.holders.failures = [DiscordUnreachable("503")]
    with pytest.raises(DiscordUnreachable):
        stage.reconcile(GUILD)

    stage.reconcile(GUILD)

    assert stage.actions == ["taken"]
