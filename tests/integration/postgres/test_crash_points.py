"""The process dies between any two steps; whoever takes over after the lease finishes what was begun.

A death is a `BaseException` of our own at a named place: nothing of BoostMon catches it, no more than a `kill -9`.
What was stored until then stays, leases included.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_postgresql.executors import NoopExecutor

from boostmon.adapters.discord.audit_log import entry_from
from boostmon.adapters.memory.audit_log import InMemoryAuditLog
from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.counting import InMemoryRoleHolders
from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.app.changing.changes import Target
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.use_cases import Ports, put_together
from boostmon.domain.ids import RequestId, RoleId, UserId
from boostmon.domain.member_events import MemberJoined, MemberLeft
from boostmon.domain.notices import EndedNotice
from boostmon.domain.outcomes import Done
from boostmon.domain.policy import Policy, Rejoin, TakenByHand
from boostmon.domain.role_events import RoleTaken
from boostmon.domain.rules import RoleRule
from boostmon.domain.timers import Ending, Obstacle, Paused, Running
from boostmon.domain.transitions import pause
from tests.support.postgres_world import PostgresWorld, postgres_world
from tests.support.stage import (
    VIEW,
    CountingAlarm,
    InterruptedNotifier,
    InterruptedOutbox,
    InterruptedRoles,
    InterruptedTimers,
    Interruptions,
    Point,
)
from tests.support.timers import (
    ALICE,
    CHANNEL,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    VIP,
    asked,
    change,
    key,
    running,
    waiting,
)

LEASE = MINUTE
SWEEPING = (Point.AFTER_CLAIM, Point.BEFORE_REMOVE, Point.AFTER_REMOVE, Point.BEFORE_SETTLE, Point.AFTER_SETTLE)
DELIVERING = (
    Point.NOTICES_CLAIMED,
    Point.NOTICES_MARKED,
    Point.BEFORE_DELIVER,
    Point.AFTER_DELIVER,
    Point.NOTICES_SETTLED,
)
TARGET = Target(GUILD, ALICE, VIP)


class Killed(BaseException):
    """The process is gone."""


def _die() -> None:
    raise Killed


class Life:
    """What one process does on the world that all share. Death comes at the place that `dies` names."""

    def __init__(self, world: PostgresWorld, roles: InMemoryRoleGateway, notifier: InMemoryNotifier) -> None:
        self.clock = ManualClock(NOW)
        self.interruptions = Interruptions()
        timers = InterruptedTimers(world.timers, self.interruptions)
        gateway = InterruptedRoles(roles, self.interruptions)
        alarm = CountingAlarm()
        policies = world.policies
        cases = put_together(
            Ports(
                timers=timers,
                history=world.history,
                ledger=world.reader,
                hearing=world.hearing,
                audit_log=InMemoryAuditLog(),
                tallies=world.tallies,
                holders=InMemoryRoleHolders(roles),
                policies=policies,
                shown_policies=policies,
                roles=gateway,
                own_roles=gateway,
                census=roles,
                guilds=InMemoryGuilds(),
                sweep_alarm=alarm,
                delivery_alarm=alarm,
                clock=self.clock,
            )
        )
        self.set_time, self.add_time, self.clear_time = cases.set_time, cases.add_time, cases.clear_time
        self.move_time, self.undo = cases.move_time, cases.undo
        self.follow_roles, self.follow_members = cases.catch_up.follow, cases.follow_members
        self.sweep = Sweep(timers, gateway, self.clock, policies, lease=LEASE)
        self.messenger = InterruptedNotifier(notifier, self.interruptions)
        outbox = InterruptedOutbox(world.outbox, self.interruptions)
        self.deliver = DeliverNotices(outbox, self.messenger, self.clock, policies, lease=LEASE)

    def dies(self, place: Point) -> "Life":
        """Dies the next time that it comes to this place."""
        self.interruptions.plan(place, _die)
        return self


class Outside:
    """What outlasts a process: the database and Discord. And as many lives as a test needs."""

    def __init__(self, world: PostgresWorld) -> None:
        self.world = world
        self.roles = InMemoryRoleGateway()
        self.notifier = InMemoryNotifier()
        self.lives: list[Life] = []

    def life(self, *, minutes: float = 0) -> Life:
        """A process, that many minutes after NOW."""
        life = Life(self.world, self.roles, self.notifier)
        life.clock.advance(minutes * MINUTE)
        self.lives.append(life)
        return life

    def have(self, minutes: float) -> None:
        """A timer with its role, set before the story begins."""
        assert self.world.timers.commit(change(None, running(minutes * MINUTE, channel=CHANNEL))) is not None
        self.roles.give(KEY)

    @property
    def actions(self) -> list[str]:
        """The ledger's, oldest first."""
        return [line[0] for line in self.world.ledger()]

    @property
    def notices(self) -> int:
        """How many wait in the outbox."""
        [(number,)] = self.world.rows("SELECT count(*) FROM boostmon.notices")
        return int(number)

    @property
    def claims(self) -> int:
        """How many timers and notices somebody holds."""
        [(number,)] = self.world.rows(
            "SELECT (SELECT count(*) FROM boostmon.timers WHERE claim_token IS NOT NULL) "
            "+ (SELECT count(*) FROM boostmon.notices WHERE claim_token IS NOT NULL)"
        )
        return int(number)


@pytest.fixture(scope="module")
def shared_world(migrated_template: NoopExecutor) -> Iterator[PostgresWorld]:
    with postgres_world(migrated_template, "crash_points") as world:
        yield world


@pytest.fixture
def outside(shared_world: PostgresWorld) -> Iterator[Outside]:
    shared_world.empty()
    made = Outside(shared_world)
    yield made
    for life in made.lives:
        life.interruptions.must_have_happened()


@pytest.mark.parametrize("place", SWEEPING)
def test_an_ending_survives_a_death_in_the_sweep(outside: Outside, place: Point) -> None:
    outside.have(minutes=1)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()
    settled = place == Point.AFTER_SETTLE
    assert (outside.world.timers.get(KEY) is None) is settled
    assert (KEY in outside.roles.held) is (place in {Point.AFTER_CLAIM, Point.BEFORE_REMOVE})
    assert outside.actions == (["set", "ended"] if settled else ["set"])

    # Before the lease is over, nobody acts on what the dead one holds.
    outside.life(minutes=1.5).sweep()
    assert outside.claims == (0 if settled else 1)

    outside.world.let_leases_run_out()
    swept = outside.life(minutes=3).sweep()
    assert (swept.ended, swept.failed, swept.lost) == (0 if settled else 1, 0, 0)
    assert outside.world.timers.get(KEY) is None
    assert outside.roles.held == frozenset()
    assert outside.actions == ["set", "ended"]
    assert (outside.notices, outside.claims) == (1, 0)
    # Repeated is at most what was not known to be done, and a removal can be repeated.
    assert {(act.kind, act.outcome) for act in outside.roles.acts} == {("remove", Done())}
    assert len(outside.roles.acts) == (2 if place in {Point.AFTER_REMOVE, Point.BEFORE_SETTLE} else 1)


@pytest.mark.parametrize("place", [Point.AFTER_CLAIM, Point.BEFORE_SETTLE, Point.AFTER_SETTLE])
def test_a_warning_survives_a_death_in_the_sweep(outside: Outside, place: Point) -> None:
    outside.have(minutes=61)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()
    assert outside.notices == (1 if place == Point.AFTER_SETTLE else 0)

    outside.world.let_leases_run_out()
    outside.life(minutes=2).sweep()

    assert (outside.notices, outside.claims) == (1, 0)
    assert KEY in outside.roles.held


@pytest.mark.parametrize("place", [Point.AFTER_CLAIM, Point.BEFORE_SETTLE, Point.AFTER_SETTLE])
def test_the_end_of_a_pause_survives_a_death_in_the_sweep(outside: Outside, place: Point) -> None:
    until = NOW + MINUTE
    outside.world.timers.commit(change(None, pause(running(HOUR), now=NOW, until=until)))
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()
    outside.world.let_leases_run_out()

    outside.life(minutes=3).sweep()

    timer = outside.world.timers.get(KEY)
    assert timer is not None
    assert timer.ends_at == until + HOUR
    assert outside.actions == ["set", "went_on"]
    assert outside.claims == 0


BEGINNING = (
    Point.AFTER_CLAIM,
    Point.AFTER_MARK,
    Point.BEFORE_GRANT,
    Point.AFTER_GRANT,
    Point.BEFORE_SETTLE,
    Point.AFTER_SETTLE,
)


@pytest.mark.parametrize("place", BEGINNING)
def test_a_timer_that_was_to_begin_begins_after_a_death_and_ends(outside: Outside, place: Point) -> None:
    assert outside.world.timers.commit(change(None, waiting(2 * HOUR, MINUTE))) is not None
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()
    settled = place is Point.AFTER_SETTLE
    assert outside.actions == (["set", "began"] if settled else ["set"])

    outside.world.let_leases_run_out()
    assert outside.life(minutes=1.5).sweep().began == (0 if settled else 1)

    assert (outside.actions, outside.claims) == (["set", "began"], 0)
    assert KEY in outside.roles.held
    assert outside.life(minutes=130).sweep().ended == 1
    assert outside.world.timers.get(KEY) is None
    assert outside.roles.held == frozenset()


@pytest.mark.parametrize("place", BEGINNING)
def test_cancelled_after_a_death_it_leaves_no_role_without_a_timer(outside: Outside, place: Point) -> None:
    assert outside.world.timers.commit(change(None, waiting(2 * HOUR, MINUTE))) is not None
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()

    life = outside.life(minutes=1.1)
    life.clear_time(TARGET, asked=asked(life.clock.now()), view=VIEW, confirmed=_version(outside))
    outside.world.let_leases_run_out()
    outside.life(minutes=3).sweep()

    assert outside.world.timers.get(KEY) is None
    assert outside.roles.held == frozenset()


def _version(outside: Outside) -> int:
    timer = outside.world.timers.get(KEY)
    assert timer is not None
    return timer.version


@pytest.mark.parametrize(
    "place",
    [*SWEEPING[:3], Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.AFTER_MARK, Point.AFTER_GRANT, Point.AFTER_SETTLE],
)
def test_the_role_that_follows_is_given_whenever_the_process_dies(outside: Outside, place: Point) -> None:
    follows = RoleId(VIP + 1)
    outside.world.policies.change_rule(GUILD, VIP, lambda _: RoleRule(VIP, follows=follows), asked=asked())
    outside.have(minutes=1)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()

    outside.world.let_leases_run_out()
    outside.life(minutes=3).sweep()

    assert outside.actions == ["set", "ended", "followed", "began"]
    assert outside.roles.held == {replace(KEY, role=follows)}
    assert outside.world.rows("SELECT FROM boostmon.timers") == []
    assert (outside.notices, outside.claims) == (1, 0)


@pytest.mark.parametrize("place", SWEEPING)
def test_a_command_between_death_and_taking_over_keeps_its_effect(outside: Outside, place: Point) -> None:
    outside.have(minutes=1)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()

    outside.life(minutes=1.5).add_time(TARGET, HOUR, asked=asked(NOW + 1.5 * MINUTE), view=VIEW)
    outside.world.let_leases_run_out()
    swept = outside.life(minutes=3).sweep()

    assert swept.ended == 0
    assert outside.roles.held == {KEY}
    timer = outside.world.timers.get(KEY)
    assert timer is not None
    assert timer.remaining(NOW + 1.5 * MINUTE) == HOUR


@pytest.mark.parametrize("place", DELIVERING)
def test_news_survive_a_death_in_the_delivery_and_are_told_once(outside: Outside, place: Point) -> None:
    outside.have(minutes=1)
    outside.life(minutes=1).sweep()
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).deliver()
    settled = place == Point.NOTICES_SETTLED
    assert outside.notices == (0 if settled else 1)
    assert len(outside.notifier.told) == (1 if place in {Point.AFTER_DELIVER, Point.NOTICES_SETTLED} else 0)

    waiting = outside.life(minutes=1)
    waiting.deliver()
    assert waiting.messenger.batches == []  # the dead one's lease still holds

    outside.world.let_leases_run_out()
    done = outside.life(minutes=3).deliver()

    assert done.delivered == (0 if settled else 1)
    # What is sent again carries the same id, so the same nonce: Discord shows it once.
    assert [told.notice.channel for told in outside.notifier.told] == [CHANNEL]
    assert outside.actions == ["set", "ended", "delivered"]
    assert (outside.notices, outside.claims) == (0, 0)


def ended(outside: Outside, *users: int) -> None:
    """As many timers of the channel, which end together."""
    for user in users:
        assert outside.world.timers.commit(change(None, running(MINUTE, of=key(user), channel=CHANNEL))) is not None
    assert outside.life(minutes=1).sweep().ended == len(users)


@pytest.mark.parametrize("place", DELIVERING)
def test_many_in_one_message_survive_a_death_in_the_delivery_and_are_told_once(outside: Outside, place: Point) -> None:
    ended(outside, 1, 2, 3)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).deliver()
    # What comes in after the death does not get into the message that may have been sent.
    ended(outside, 4)
    outside.world.let_leases_run_out()

    outside.life(minutes=3).deliver()

    settled = place == Point.NOTICES_SETTLED
    begun = place in {Point.NOTICES_MARKED, Point.BEFORE_DELIVER, Point.AFTER_DELIVER}
    told = sorted(sorted(notice.key.user for notice in message) for message in outside.notifier.messages)
    assert told == ([[1, 2, 3], [4]] if begun or settled else [[1, 2, 3, 4]])
    assert outside.actions.count("delivered") == 4
    assert (outside.notices, outside.claims) == (0, 0)


def test_what_a_command_dropped_after_a_death_is_left_out_and_the_rest_is_told_once(outside: Outside) -> None:
    for user in (1, 2, 3):
        timer = running(61 * MINUTE, of=key(user), channel=CHANNEL)
        assert outside.world.timers.commit(change(None, timer)) is not None
    assert outside.life(minutes=1).sweep().warned == 3
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(Point.BEFORE_DELIVER).deliver()
    paused = outside.world.timers.get(key(1))
    assert paused is not None
    outside.world.timers.commit(change(paused, pause(paused, now=NOW + MINUTE)))
    outside.world.let_leases_run_out()

    assert outside.life(minutes=3).deliver().delivered == 2

    assert [sorted(notice.key.user for notice in message) for message in outside.notifier.messages] == [[2, 3]]


@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT])
def test_a_death_while_a_timer_is_set_leaves_no_role_without_a_timer(outside: Outside, place: Point) -> None:
    with pytest.raises(Killed):
        outside.life().dies(place).set_time(KEY, HOUR, asked=asked(request=1), view=VIEW)
    stored = place != Point.BEFORE_COMMIT
    assert (outside.world.timers.get(KEY) is not None) is stored
    assert (KEY in outside.roles.held) is (place == Point.AFTER_GRANT)

    # The moderator sees no answer; a repetition under the same request changes nothing that is stored.
    before = outside.world.timers.get(KEY)
    outside.life().set_time(KEY, HOUR, asked=asked(request=1), view=VIEW)
    assert outside.roles.held == {KEY}
    assert outside.actions == ["set"]
    assert before in {None, outside.world.timers.get(KEY)}

    assert outside.life(minutes=60).sweep().ended == 1
    assert outside.roles.held == frozenset()
    assert outside.actions == ["set", "ended"]


@pytest.mark.parametrize("place", [Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT])
def test_a_death_while_a_lost_role_is_given_back_leaves_no_role_without_a_timer(outside: Outside, place: Point) -> None:
    outside.have(minutes=1)
    outside.roles.take(KEY)
    with pytest.raises(Killed):
        outside.life().dies(place).add_time(TARGET, HOUR, asked=asked(), view=VIEW, held=())
    assert (KEY in outside.roles.held) is (place == Point.AFTER_GRANT)

    again = asked(NOW + MINUTE)  # by then the request of the dead one is answered, or never will be
    outside.life(minutes=1).add_time(TARGET, HOUR, asked=again, view=VIEW, held=())
    assert outside.roles.held == {KEY}

    assert outside.life(minutes=121).sweep().ended == 1
    assert outside.roles.held == frozenset()
    assert outside.actions == ["set", "add", "add", "ended"]


def test_a_death_before_a_refused_role_is_put_back_leaves_a_timer_that_ends(outside: Outside) -> None:
    outside.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    with pytest.raises(Killed):
        outside.life().dies(Point.AFTER_GRANT).set_time(KEY, HOUR, asked=asked(), view=VIEW)
    assert outside.world.timers.get(KEY) is not None

    outside.roles.clear_way(GUILD)
    outside.life(minutes=60).sweep()

    assert outside.world.timers.get(KEY) is None
    assert outside.actions == ["set", "ended"]


@pytest.mark.parametrize("place", [Point.AFTER_COMMIT, Point.BEFORE_REMOVE, Point.AFTER_REMOVE])
def test_a_death_while_a_timer_is_cleared_leaves_it_to_the_sweep(outside: Outside, place: Point) -> None:
    outside.have(minutes=59)
    with pytest.raises(Killed):
        outside.life().dies(place).clear_time(TARGET, asked=asked(), view=VIEW)
    assert outside.actions == ["set", "clear"]

    assert outside.life(minutes=1).sweep().ended == 1

    assert outside.world.timers.get(KEY) is None
    assert outside.roles.held == frozenset()
    assert outside.actions == ["set", "clear", "ended"]
    assert outside.notices == 1


@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_a_death_when_a_cleared_timer_is_written_down_tells_the_member_once(outside: Outside, place: Point) -> None:
    outside.have(minutes=59)
    life = outside.life()
    life.interruptions.plan(place, lambda: None)  # the row says that it is ending
    with pytest.raises(Killed):
        life.dies(place).clear_time(TARGET, asked=asked(), view=VIEW)
    assert outside.roles.held == frozenset()
    assert outside.notices == (1 if place == Point.AFTER_COMMIT else 0)

    assert outside.life(minutes=1).sweep().ended == (0 if place == Point.AFTER_COMMIT else 1)
    assert outside.life(minutes=1).deliver().delivered == 1

    assert [told.notice for told in outside.notifier.told] == [EndedNotice(KEY, CHANNEL, ended_at=NOW)]
    assert outside.actions == ["set", "clear", "ended", "delivered"]
    assert outside.notices == 0


def test_a_death_between_two_chunks_loses_none_of_the_rest(outside: Outside) -> None:
    keys = [replace(KEY, user=type(ALICE)(ALICE + number)) for number in range(120)]
    for of in keys:
        assert outside.world.timers.commit(change(None, running(MINUTE, of=of))) is not None
        outside.roles.give(of)
    life = outside.life(minutes=1)
    life.interruptions.plan(Point.BEFORE_REMOVE, lambda: None)  # the first chunk passes
    with pytest.raises(Killed):
        replace(life.dies(Point.BEFORE_REMOVE).sweep, chunks_at_once=1)()
    assert len(outside.roles.held) == 70

    outside.world.let_leases_run_out()
    assert outside.life(minutes=3).sweep().ended == 70

    assert outside.roles.held == frozenset()
    assert outside.world.rows(
        "SELECT user_id, count(*) FROM boostmon.ledger WHERE action = 'ended' GROUP BY 1 ORDER BY 1"
    ) == [(of.user, 1) for of in keys]
    assert (outside.notices, outside.claims) == (120, 0)


MOVING = (Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT, Point.BEFORE_REMOVE)
TO = replace(KEY, user=type(ALICE)(ALICE + 1))


@pytest.mark.parametrize("place", [*MOVING, Point.AFTER_REMOVE])
def test_a_death_while_time_is_moved_loses_nothing_of_it(outside: Outside, place: Point) -> None:
    outside.have(minutes=59)
    with pytest.raises(Killed):
        outside.life().dies(place).move_time(TARGET, TO.user, asked=asked(request=1), view=VIEW)
    is_moved = place != Point.BEFORE_COMMIT
    receivers, givers = outside.world.timers.get(TO), outside.world.timers.get(KEY)
    assert givers is not None
    assert (receivers is not None, givers.is_over(NOW)) == (is_moved, is_moved)
    holder = receivers or givers
    assert holder.ends_at == NOW + 59 * MINUTE

    # The giver's role goes by the sweep, unless nothing was moved; nobody has it without a timer when all are over.
    outside.life(minutes=2).sweep()
    assert (KEY in outside.roles.held) is not is_moved
    assert (outside.world.timers.get(KEY) is None) is is_moved
    outside.life(minutes=59).sweep()
    assert outside.roles.held == frozenset()
    assert outside.actions.count("ended") == 1 + is_moved


@pytest.mark.parametrize("place", [Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT, Point.BEFORE_REMOVE])
def test_a_death_while_a_move_is_undone_leaves_the_time_with_the_giver(outside: Outside, place: Point) -> None:
    outside.have(minutes=59)
    outside.life().move_time(TARGET, TO.user, asked=asked(request=1), view=VIEW)
    with pytest.raises(Killed):
        outside.life().dies(place).undo(RequestId(1), asked=asked(request=2), view=VIEW)

    givers = outside.world.timers.get(KEY)
    assert givers is not None
    assert givers.ends_at == NOW + 59 * MINUTE
    outside.life(minutes=2).sweep()
    assert outside.world.timers.get(TO) is None
    assert TO not in outside.roles.held
    outside.life(minutes=59).sweep()
    assert outside.roles.held == frozenset()


def taken(entry: int, minutes: float) -> RoleTaken:
    return RoleTaken(KEY, MODERATOR, RequestId(entry), NOW + minutes * MINUTE)


@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_a_death_while_a_role_that_was_taken_is_followed_ends_its_timer_once(outside: Outside, place: Point) -> None:
    outside.have(minutes=59)
    outside.roles.take(KEY)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).follow_roles([taken(1, 1)])

    # The entry is read once more, as how far the log was dealt with is written down afterwards.
    outside.life(minutes=2).follow_roles([taken(1, 1)])

    assert outside.world.timers.get(KEY) is None
    assert outside.actions == ["set", "taken"]
    assert outside.roles.acts == ()


@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT])
def test_a_death_while_a_role_is_given_back_leaves_no_member_without_it(outside: Outside, place: Point) -> None:
    outside.world.policies.change(GUILD, lambda _: Policy(taken_by_hand=TakenByHand.GIVE_BACK), asked=asked())
    outside.have(minutes=59)
    outside.roles.take(KEY)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).follow_roles([taken(1, 1)])

    assert outside.life(minutes=2).follow_roles([taken(1, 1)]) == []

    assert outside.roles.held == {KEY}
    assert outside.actions == ["set", "give_back"]
    assert outside.life(minutes=60).sweep().ended == 1


@pytest.mark.parametrize("place", [Point.AFTER_REMOVE, Point.BEFORE_SETTLE])
def test_a_role_that_the_bot_took_before_it_died_is_not_taken_for_somebody_elses_act(
    outside: Outside, place: Point
) -> None:
    """The audit log names the bot, whatever it remembers."""
    outside.have(minutes=1)
    with pytest.raises(Killed):
        outside.life(minutes=1).dies(place).sweep()
    changes = [{"key": "$remove", "new_value": [{"id": str(KEY.role), "name": "VIP"}]}]
    entry = {"id": "1", "action_type": 25, "user_id": "99", "target_id": str(KEY.user), "changes": changes}

    outside.life(minutes=2).follow_roles(entry_from(entry, GUILD, me=99).events)

    assert outside.actions == ["set"]
    outside.world.let_leases_run_out()
    assert outside.life(minutes=3).sweep().ended == 1
    assert outside.notices == 1


@pytest.mark.parametrize("then", Rejoin)
@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_a_death_while_a_member_leaves_is_made_good_by_the_same_event(
    outside: Outside, place: Point, then: Rejoin
) -> None:
    outside.world.policies.change(GUILD, lambda before: replace(before, rejoin=then), asked=asked())
    outside.have(minutes=60)
    outside.roles.member_leaves(GUILD, ALICE)
    left = MemberLeft(GUILD, ALICE, NOW + MINUTE, by=MODERATOR, entry=RequestId(7))
    if then is not Rejoin.COUNT_ON:
        with pytest.raises(Killed):
            outside.life(minutes=1).dies(place).follow_members([left])

    assert outside.life(minutes=2).follow_members([left]) == []

    timer = outside.world.timers.get(KEY)
    assert timer is not None
    assert {
        Rejoin.COUNT_ON: timer.state == running(HOUR).state,
        Rejoin.PAUSE: timer.state == Paused(59 * MINUTE, NOW + MINUTE, away=True),
        Rejoin.END: isinstance(timer.state, Ending),
    }[then]
    assert outside.actions == (["set"] if then is Rejoin.COUNT_ON else ["set", "left"])


@pytest.mark.parametrize("place", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT, Point.BEFORE_GRANT, Point.AFTER_GRANT])
@pytest.mark.parametrize("then", [Rejoin.COUNT_ON, Rejoin.PAUSE])
def test_a_death_while_a_member_returns_leaves_nobody_without_a_role(
    outside: Outside, place: Point, then: Rejoin
) -> None:
    outside.world.policies.change(GUILD, lambda before: replace(before, rejoin=then), asked=asked())
    outside.have(minutes=60)
    outside.roles.take(KEY)
    outside.life(minutes=1).follow_members([MemberLeft(GUILD, ALICE, NOW + MINUTE)])
    joined = MemberJoined(GUILD, ALICE, NOW + 5 * MINUTE, frozenset(), RequestId(8))
    with pytest.raises(Killed):
        outside.life(minutes=5).dies(place).follow_members([joined])

    assert outside.life(minutes=6).follow_members([joined]) == []

    timer = outside.world.timers.get(KEY)
    assert timer is not None
    assert isinstance(timer.state, Running)
    assert outside.roles.held == {KEY}
    assert outside.actions.count("returned") in {1, 2}


def test_of_many_who_come_and_go_one_look_tells_who_has_timers(outside: Outside) -> None:
    outside.world.policies.change(GUILD, lambda before: replace(before, rejoin=Rejoin.PAUSE), asked=asked())
    outside.have(minutes=60)
    life = outside.life(minutes=1)
    looks: list[int] = []
    life.interruptions.each_time(Point.BEFORE_BASIS, lambda: looks.append(1))
    strangers = [MemberLeft(GUILD, UserId(number), NOW + MINUTE) for number in range(1, 200)]

    assert life.follow_members([*strangers, MemberLeft(GUILD, ALICE, NOW + MINUTE)]) == []

    assert looks == [1]
    assert outside.actions == ["set", "left"]
