"""What every `GuildPolicies` promises. Run on memory (unit) and on PostgreSQL (integration)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from boostmon.app.errors import Conflict
from boostmon.app.ports import Basis, GuildPolicies, PolicyChange, RuleChange, Timers
from boostmon.domain.durations import Span
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey
from boostmon.domain.languages import Language
from boostmon.domain.policy import Policy, Rejoin, Stacking
from boostmon.domain.replanning import replan
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Grace, Running
from boostmon.domain.transitions import end, extend, pause
from tests.contracts.world import store
from tests.support.stored_values import ALL_DECIDED
from tests.support.timers import (
    DAY,
    GUILD,
    HOUR,
    MINUTE,
    MODERATOR,
    NOW,
    POLICY,
    SECOND,
    VIP,
    anchored,
    asked,
    change,
    key,
    running,
)

OTHER = GuildId(2)
MICROSECOND = timedelta(microseconds=1)
LEASE = timedelta(seconds=30)
RULE = RoleRule(VIP, starts=True, duration=Span(1, DAY), longest=90 * DAY, thresholds=(2 * HOUR, MINUTE))


class PolicyWorld(Protocol):
    """Policies, over the timers that a change of one re-plans."""

    @property
    def policies(self) -> GuildPolicies: ...
    @property
    def timers(self) -> Timers: ...

    def policy_ledger(self) -> Sequence[tuple[int | None, int | None]]:
        """(actor, request) of each change, oldest first."""
        ...

    def ruled(self) -> Sequence[TimerKey]:
        """The timers that the ledger says end otherwise by a rule."""
        ...

    def rule_ledger(self) -> Sequence[tuple[int, int | None, int | None, bool, bool]]:
        """(role, actor, request, whether there was a rule, whether there is) of each change of one, oldest first."""
        ...


def warning_at(*thresholds: timedelta) -> Policy:
    """The default policy with other thresholds."""
    return Policy(thresholds=thresholds)


def decide_on(
    world: PolicyWorld, policy: Policy, guild: GuildId = GUILD, at: datetime = NOW, request: int | None = None
) -> PolicyChange:
    """Sets a whole policy."""
    return world.policies.change(guild, lambda _: policy, asked=asked(at, request))


def rule_for(
    world: PolicyWorld, rule: RoleRule | None, role: RoleId = VIP, at: datetime = NOW, request: int | None = None
) -> RuleChange:
    """Sets or removes a whole rule of GUILD."""
    return world.policies.change_rule(GUILD, role, lambda _: rule, asked=asked(at, request))


class GuildPoliciesContract:
    """Subclass it with a `world` fixture."""

    def test_a_change_is_planned_from_the_timers_of_a_member_and_the_policy(self, world: PolicyWorld) -> None:
        assert world.timers.basis(GUILD, key().user) == Basis([], POLICY)
        mine = [store(world, running(HOUR, of=key(role=role, guild=GUILD))) for role in (2, 1)]
        store(world, running(HOUR, of=key(user=9, guild=GUILD)))
        decided = replace(ALL_DECIDED, thresholds=(MINUTE,), language=Language.DE)
        world.policies.change(GUILD, lambda _: decided, asked=asked())

        basis = world.timers.basis(GUILD, key().user)

        assert [timer.key for timer in basis.timers] == sorted(timer.key for timer in mine)
        assert list(basis.timers) == list(world.timers.of_member(GUILD, key().user))
        assert basis.policy == decided
        assert world.timers.basis(OTHER, key().user) == Basis([], POLICY)

    def test_a_guild_that_never_decided_has_the_default(self, world: PolicyWorld) -> None:
        assert world.policies.get(GUILD) == Policy()
        assert world.policies.of([GUILD, OTHER]) == {GUILD: Policy(), OTHER: Policy()}
        assert world.policies.of([]) == {}

    @pytest.mark.parametrize(
        "policy",
        [
            Policy((30 * DAY, DAY, MINUTE), ChannelId(2**63 - 1), ChannelId(2**62), dms=False, language=Language.PT_BR),
            Policy((), None, ChannelId(7)),
            Policy((90 * SECOND,), ChannelId(7), None),
            *(Policy(language=language) for language in Language),
            ALL_DECIDED,
            Policy(timeable=frozenset()),
            *(Policy(stacking=stacking) for stacking in Stacking),
            *(Policy(rejoin=rejoin) for rejoin in Rejoin),
            Policy(longest=timedelta(days=3650), default_duration=timedelta(days=31, microseconds=1)),
        ],
        ids=[
            "all",
            "none",
            "some",
            *Language,
            "everything",
            "no role",
            *Stacking,
            *map("{} on leaving".format, Rejoin),
            "long",
        ],
    )
    def test_what_was_decided_comes_back(self, world: PolicyWorld, policy: Policy) -> None:
        assert decide_on(world, policy) == PolicyChange(Policy(), policy)

        assert world.policies.get(GUILD) == policy
        assert world.policies.of({GUILD, OTHER}) == {GUILD: policy, OTHER: Policy()}

    def test_a_change_keeps_what_it_does_not_touch(self, world: PolicyWorld) -> None:
        decide_on(world, Policy(log_channel=ChannelId(5)))

        changed = world.policies.change(GUILD, lambda policy: replace(policy, dms=False), asked=asked())

        assert changed.after == Policy(log_channel=ChannelId(5), dms=False) == world.policies.get(GUILD)
        assert changed.before == Policy(log_channel=ChannelId(5))

    def test_who_asked_is_history(self, world: PolicyWorld) -> None:
        decide_on(world, Policy(dms=False), request=7)
        decide_on(world, Policy(), request=None)

        assert world.policy_ledger() == [(MODERATOR, 7), (MODERATOR, None)]

    def test_a_request_is_applied_once(self, world: PolicyWorld) -> None:
        decide_on(world, Policy(dms=False), request=7)

        again = decide_on(world, Policy(), request=7)
        elsewhere = decide_on(world, Policy(dms=False), guild=OTHER, request=7)

        assert again == PolicyChange(Policy(dms=False), Policy(dms=False))
        assert world.policies.get(GUILD) == Policy(dms=False) == elsewhere.after
        assert len(world.policy_ledger()) == 2

    def test_what_is_refused_changes_nothing(self, world: PolicyWorld) -> None:
        def refuse(_: Policy) -> Policy:
            raise BoostMonError("no")

        with pytest.raises(BoostMonError, match="no"):
            world.policies.change(GUILD, refuse, asked=asked())

        assert world.policies.get(GUILD) == Policy()
        assert world.policy_ledger() == []

    @pytest.mark.parametrize(
        "thresholds",
        [(), (30 * MINUTE,), (30 * DAY, 2 * HOUR, HOUR, 10 * MINUTE, MINUTE), (2 * HOUR - MICROSECOND, 2 * HOUR)],
        ids=["none", "another", "many", "to the microsecond"],
    )
    def test_running_timers_are_replanned_as_the_rules_say(
        self, world: PolicyWorld, thresholds: tuple[timedelta, ...]
    ) -> None:
        policy = warning_at(*thresholds)
        lengths = [90 * SECOND, 30 * MINUTE, HOUR, 2 * HOUR, 2 * HOUR + MICROSECOND, 40 * DAY]
        before = [store(world, running(length, of=key(n, guild=GUILD))) for n, length in enumerate(lengths)]
        # One whose threshold was crossed a moment ago, before any sweep could see it.
        crossed = replace(running(3 * HOUR, of=key(99, guild=GUILD)), state=Running(NOW + 59 * MINUTE, (HOUR, MINUTE)))
        before.append(store(world, crossed))

        changed = decide_on(world, policy)

        assert changed.replanned == len(before)
        for timer in before:
            after = world.timers.get(timer.key)
            assert after is not None
            assert after.version > timer.version
            assert replace(after, version=0) == replace(replan(timer, policy, NOW), version=0)
            assert after.due_at == replan(timer, policy, NOW).due_at
        assert world.timers.next_due(NOW) == min(replan(timer, policy, NOW).due_at or NOW for timer in before)

    def test_other_timers_are_left_alone(self, world: PolicyWorld) -> None:
        others = [
            store(world, running(DAY, of=key(1, guild=OTHER))),
            store(world, pause(running(DAY, of=key(2, guild=GUILD)), now=NOW)),
            store(world, end(running(DAY, of=key(3, guild=GUILD)), now=NOW)),
            store(world, running(MINUTE, at=NOW - MINUTE, of=key(4, guild=GUILD))),
        ]

        assert decide_on(world, warning_at(2 * HOUR)).replanned == 0

        assert [world.timers.get(timer.key) for timer in others] == others

    def test_timers_are_replanned_only_for_other_thresholds(self, world: PolicyWorld) -> None:
        timer = store(world, running(DAY))

        assert decide_on(world, Policy(dms=False)).replanned == 0

        assert world.timers.get(timer.key) == timer

    def test_who_read_the_timer_before_loses_the_race(self, world: PolicyWorld) -> None:
        before = store(world, running(DAY))
        [claim] = world.timers.claim(NOW + DAY - MINUTE, 10, LEASE)
        decide_on(world, warning_at(2 * HOUR))

        with pytest.raises(Conflict):
            world.timers.commit(change(before, extend(before, HOUR, now=NOW, policy=POLICY)))
        assert world.timers.still_held([claim]) == []
        assert len(world.timers.claim(NOW + DAY, 10, LEASE)) == 1

    def test_a_rule_that_was_decided_comes_back_wherever_the_policy_is_read(self, world: PolicyWorld) -> None:
        timer = store(world, running(HOUR))

        assert rule_for(world, RULE) == RuleChange(None, RULE, Policy(rules={VIP: RULE}), replanned=1)

        assert world.policies.get(GUILD) == Policy(rules={VIP: RULE})
        assert world.policies.of([GUILD, OTHER]) == {GUILD: Policy(rules={VIP: RULE}), OTHER: Policy()}
        basis = world.timers.basis(GUILD, timer.key.user)
        assert (len(basis.timers), basis.policy) == (1, Policy(rules={VIP: RULE}))
        assert world.timers.basis(OTHER, timer.key.user).policy == Policy()

    def test_rules_and_what_goes_for_all_roles_leave_each_other_alone(self, world: PolicyWorld) -> None:
        rule_for(world, RULE)
        decide_on(world, Policy(dms=False))
        other = RoleRule(RoleId(2), longest=DAY)

        changed = rule_for(world, other, other.role)

        assert changed.policy == Policy(dms=False, rules={VIP: RULE, other.role: other}) == world.policies.get(GUILD)
        assert rule_for(world, None).before == RULE
        assert world.policies.get(GUILD) == Policy(dms=False, rules={other.role: other})

    def test_a_rule_is_made_of_what_the_guild_decided(self, world: PolicyWorld) -> None:
        rule_for(world, RULE)
        decide_on(world, Policy(dms=False))
        seen = []

        def alter(policy: Policy) -> RoleRule:
            seen.append(policy)
            return replace(policy.rules[VIP], longest=None)

        changed = world.policies.change_rule(GUILD, VIP, alter, asked=asked())

        assert seen == [Policy(dms=False, rules={VIP: RULE})]
        assert (changed.before, changed.after) == (RULE, replace(RULE, longest=None))

    def test_who_asked_for_a_rule_is_history_and_a_request_is_applied_once(self, world: PolicyWorld) -> None:
        rule_for(world, RULE, request=7)
        again = rule_for(world, None, request=7)
        rule_for(world, None)

        assert again == RuleChange(RULE, RULE, Policy(rules={VIP: RULE}))
        assert world.rule_ledger() == [(VIP, MODERATOR, 7, False, True), (VIP, MODERATOR, None, True, False)]
        assert world.policies.get(GUILD) == Policy()

    def test_a_rule_that_is_refused_changes_nothing(self, world: PolicyWorld) -> None:
        def refuse(_: Policy) -> RoleRule | None:
            raise BoostMonError("no")

        with pytest.raises(BoostMonError, match="no"):
            world.policies.change_rule(GUILD, VIP, refuse, asked=asked())

        assert world.policies.get(GUILD) == Policy()
        assert world.rule_ledger() == []

    def test_a_rules_thresholds_replan_the_running_timers_of_its_role(self, world: PolicyWorld) -> None:
        lengths = [90 * SECOND, 30 * MINUTE, 2 * HOUR, 2 * HOUR + MICROSECOND, 40 * DAY]
        mine = [store(world, running(length, of=key(n, VIP, GUILD))) for n, length in enumerate(lengths)]
        crossed = replace(running(3 * HOUR, of=key(99, VIP, GUILD)), state=Running(NOW + 59 * MINUTE, (HOUR, MINUTE)))
        mine.append(store(world, crossed))
        others = [store(world, running(DAY, of=key(1, 2, GUILD))), store(world, running(DAY, of=key(1, VIP, OTHER)))]
        paused = store(world, pause(running(DAY, of=key(98, VIP, GUILD)), now=NOW))

        changed = rule_for(world, RoleRule(VIP, thresholds=(2 * HOUR, HOUR)))

        assert changed.replanned == len(mine)
        for timer in mine:
            after = world.timers.get(timer.key)
            assert after is not None
            assert after.version > timer.version
            assert replace(after, version=0) == replace(replan(timer, changed.policy, NOW), version=0)
        assert [world.timers.get(timer.key) for timer in (*others, paused)] == [*others, paused]

    @pytest.mark.parametrize("thresholds", [None, (2 * HOUR,)], ids=["as before", "others, too"])
    def test_a_rules_date_ends_all_timers_of_its_role(
        self, world: PolicyWorld, thresholds: tuple[timedelta, ...] | None
    ) -> None:
        def of(number: int) -> TimerKey:
            return key(number, VIP, GUILD)

        date = NOW + DAY
        later = [store(world, running(DAY + n * MICROSECOND, of=of(n))) for n in (1, HOUR // MICROSECOND)]
        later += [store(world, anchored(31, 2 * DAY, of=of(13)))]
        later += [
            store(world, pause(running(2 * HOUR, of=of(n)), now=NOW, until=until))
            for n, until in ((3, None), (4, NOW + 30 * DAY), (5, date - 2 * HOUR + MICROSECOND))
        ]
        later += [store(world, pause(running(length, of=of(n)), now=NOW)) for n, length in ((6, DAY), (7, 3 * DAY))]
        sooner = [store(world, running(DAY, of=of(8))), store(world, running(HOUR, of=of(9)))]
        others = [
            store(world, pause(running(2 * HOUR, of=of(10)), now=NOW, until=date - 2 * HOUR)),
            store(world, end(running(2 * DAY, of=of(11)), now=NOW)),
            store(world, running(2 * DAY, of=key(12, 2, GUILD))),
            store(world, running(2 * DAY, of=key(1, VIP, OTHER))),
        ]

        changed = rule_for(world, RoleRule(VIP, thresholds=thresholds, ends_on=date))

        assert changed.moved == len(later)
        assert changed.replanned == (0 if thresholds is None else 5)
        for timer in later if thresholds is None else [*later, *sooner]:
            after = world.timers.get(timer.key)
            assert after is not None
            assert after.version > timer.version
            assert replace(after, version=0) == replace(replan(timer, changed.policy, NOW), version=0)
            assert after.ends_at == min(date, timer.ends_at or date)
        untouched = [*others, *sooner] if thresholds is None else others
        assert [world.timers.get(timer.key) for timer in untouched] == untouched
        assert sorted(world.ruled()) == sorted(timer.key for timer in later)

    def test_timers_that_ended_on_the_date_are_put_off_with_it(self, world: PolicyWorld) -> None:
        rule_for(world, RoleRule(VIP, ends_on=NOW + DAY))
        timer, sooner = (store(world, running(length, of=key(n, VIP, GUILD))) for n, length in ((1, DAY), (2, HOUR)))

        changed = rule_for(world, RoleRule(VIP, ends_on=NOW + 3 * DAY))

        after = world.timers.get(timer.key)
        assert (changed.moved, changed.replanned) == (1, 0)
        assert after is not None
        assert replace(after, version=0) == replace(running(3 * DAY, of=timer.key), version=0)
        assert world.timers.get(sooner.key) == sooner

    def test_timers_with_a_length_of_their_own_keep_it_when_the_date_is_put_off_or_goes(
        self, world: PolicyWorld
    ) -> None:
        rule_for(world, RoleRule(VIP, duration=2 * DAY, ends_on=NOW + DAY))
        timer = store(world, running(DAY))

        assert rule_for(world, RoleRule(VIP, duration=2 * DAY, ends_on=NOW + 3 * DAY)).moved == 0
        assert rule_for(world, None).moved == 0

        assert world.timers.get(timer.key) == timer

    def test_a_rules_grace_is_that_of_its_running_timers_and_leaves_one_that_has_begun(
        self, world: PolicyWorld
    ) -> None:
        of = [key(number, VIP, GUILD) for number in range(4)]
        mine = [store(world, running(DAY, of=of[0])), store(world, anchored(31, DAY, of[1], grace=HOUR))]
        kept = store(world, replace(running(DAY, of=of[2]), state=Grace(NOW - HOUR, NOW + HOUR)))
        paused = store(world, pause(running(DAY, of=of[3]), now=NOW))

        changed = rule_for(world, RoleRule(VIP, grace=2 * DAY))

        assert (changed.replanned, changed.moved) == (2, 0)
        for timer in mine:
            after = world.timers.get(timer.key)
            assert after is not None
            assert isinstance(after.state, Running)
            assert after.state.grace == 2 * DAY
            assert replace(after, version=0) == replace(replan(timer, changed.policy, NOW), version=0)
        assert [world.timers.get(timer.key) for timer in (kept, paused)] == [kept, paused]
        assert rule_for(world, None).replanned == 2

    def test_without_the_rule_its_timers_go_by_what_the_guild_decided(self, world: PolicyWorld) -> None:
        rule_for(world, RoleRule(VIP, thresholds=(2 * HOUR,)))
        timer = store(world, running(DAY))

        assert rule_for(world, None).replanned == 1

        after = world.timers.get(timer.key)
        assert after is not None
        assert after.state == running(DAY).state

    def test_a_rule_replans_only_for_other_thresholds_than_hold_now(self, world: PolicyWorld) -> None:
        timer = store(world, running(DAY))

        assert rule_for(world, RoleRule(VIP, longest=DAY)).replanned == 0
        assert rule_for(world, RoleRule(VIP, thresholds=Policy().thresholds)).replanned == 0

        assert world.timers.get(timer.key) == timer

    def test_the_guilds_thresholds_leave_roles_with_their_own_alone(self, world: PolicyWorld) -> None:
        rule_for(world, RoleRule(VIP, thresholds=()))
        rule_for(world, RoleRule(RoleId(2), longest=90 * DAY), RoleId(2))
        own, other = store(world, running(DAY)), store(world, running(DAY, of=key(1, 2, GUILD)))

        assert decide_on(world, warning_at(2 * HOUR)).replanned == 1

        assert world.timers.get(own.key) == own
        assert world.timers.get(other.key) != other

    def test_who_read_the_timer_before_a_rule_loses_the_race(self, world: PolicyWorld) -> None:
        before = store(world, running(DAY))
        [claim] = world.timers.claim(NOW + DAY - MINUTE, 10, LEASE)
        rule_for(world, RoleRule(VIP, thresholds=(2 * HOUR,)))

        with pytest.raises(Conflict):
            world.timers.commit(change(before, extend(before, HOUR, now=NOW, policy=POLICY)))
        assert world.timers.still_held([claim]) == []
