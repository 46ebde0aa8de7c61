"""What every `History` promises."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import pytest

from boostmon.app.ports import Change, History, LaterChange, Struggle
from boostmon.domain.ids import ChannelId, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.origins import Origin
from boostmon.domain.timers import Ending, Obstacle, Running, Timer, Waiting
from boostmon.domain.transitions import end, extend, pause
from tests.contracts.world import World, store
from tests.support.timers import (
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    POLICY,
    SECOND,
    VIP,
    anchored,
    running,
    waiting,
)

OTHER = UserId(MODERATOR + 1)
REQUEST = RequestId(2**63 - 1)


class HistoryWorld(World, Protocol):
    """A world in which the ledger can be read, too."""

    @property
    def history(self) -> History:
        """The reader under test."""
        ...


def _took(world: "HistoryWorld", request: int, action: Action, minutes: float, by: UserId = OTHER) -> None:
    """An entry of somebody who took the role, and what followed."""
    before = world.timers.get(KEY)
    entry = LedgerEntry(KEY, NOW + minutes * MINUTE, action, by, before, before, request=RequestId(request))
    world.timers.commit(Change(before, before, entry))


class HistoryContract:
    """Subclass it with a `world` fixture."""

    def test_a_struggle_is_of_one_timer_one_person_and_of_late(self, world: HistoryWorld) -> None:
        store(world, running(HOUR))
        since = NOW + 2 * MINUTE

        def struggle(by: UserId = OTHER, before: int = 99) -> Struggle:
            return world.history.struggle(KEY, by, since, before=RequestId(before))

        assert struggle() == Struggle(0, is_over=False)
        _took(world, 1, Action.GIVE_BACK, 1)
        for request in (2, 3):
            _took(world, request, Action.GIVE_BACK, request)
        _took(world, 4, Action.GIVE_BACK, 4, by=MODERATOR)
        _took(world, 5, Action.PAUSE, 5)

        assert struggle() == Struggle(2, is_over=False)
        assert struggle(before=3) == Struggle(1, is_over=False)
        assert struggle(by=MODERATOR) == Struggle(1, is_over=False)
        assert world.history.struggle(replace(KEY, role=RoleId(7)), OTHER, since, before=RequestId(99)) == Struggle()
        _took(world, 6, Action.FOUGHT, 6)
        assert struggle() == Struggle(2, is_over=True)

    @pytest.mark.parametrize(
        "timer",
        [
            running(HOUR, channel=CHANNEL),
            running(timedelta(seconds=3, microseconds=1)),
            replace(running(HOUR), state=Running(NOW + HOUR, armed=())),
            replace(running(HOUR), state=Running(NOW + HOUR, (timedelta(minutes=10, microseconds=123_457), SECOND))),
            running(timedelta(days=3650), of=TimerKey(GUILD, UserId(2**63 - 1), VIP)),
            anchored(31),
            pause(running(timedelta(days=3650, microseconds=-1)), now=NOW),
            pause(running(HOUR), now=NOW + timedelta(microseconds=999_999)),
            pause(running(HOUR), now=NOW, until=NOW + timedelta(days=3, microseconds=7)),
            replace(end(running(HOUR), now=NOW + MINUTE), channel=ChannelId(2**63 - 1)),
            replace(running(HOUR), state=Ending(NOW, NOW + HOUR, 3, Obstacle.GUILD_GONE, '50001 "Ümlaut" \\')),
            replace(running(HOUR), grant_open_until=NOW + SECOND),
            waiting(timedelta(days=3, microseconds=7)),
            replace(running(HOUR), state=Waiting(NOW, None, NOW)),
            end(running(HOUR), now=NOW + HOUR),
            replace(running(HOUR), state=Waiting(NOW, NOW + DAY, NOW + HOUR, 31, 3, Obstacle.REFUSED, "403")),
        ],
        ids=[
            "running", "short", "unarmed", "odd-thresholds", "ten-years", "anchored",
            "long-pause", "paused", "paused-for-days", "ending", "blocked", "open-grant",
            "waiting", "for-good", "by-itself", "not-given",
        ],
    )  # fmt: skip
    def test_the_timer_before_a_change_comes_back(self, world: HistoryWorld, timer: Timer) -> None:
        stored = store(world, timer)
        world.timers.commit(_change(stored, None, Action.CLEAR, request=REQUEST))

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert (found.key, found.at, found.action, found.actor) == (timer.key, NOW, Action.CLEAR, MODERATOR)
        assert found.before == replace(stored, grant_open_until=None)
        assert found.later is None

    def test_a_change_that_started_a_timer_has_none_before_it(self, world: HistoryWorld) -> None:
        world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.before is None

    def test_each_change_of_a_request_is_told_with_what_came_after_it(self, world: HistoryWorld) -> None:
        gold = replace(KEY, role=RoleId(VIP + 1))
        for of in (gold, KEY):
            world.timers.commit(_change(None, running(HOUR, of=of), Action.SET, request=REQUEST))
        for of, action in ((KEY, Action.ADD), (gold, Action.PAUSE)):
            _commit(world, world.timers.get(of), action, OTHER, NOW + MINUTE)

        found = world.history.changes_of(GUILD, REQUEST)

        assert [(one.key, one.later) for one in found] == [
            (gold, LaterChange(NOW + MINUTE, Action.PAUSE, OTHER)),
            (KEY, LaterChange(NOW + MINUTE, Action.ADD, OTHER)),
        ]

    def test_an_unknown_request_changed_nothing(self, world: HistoryWorld) -> None:
        world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))

        assert world.history.changes_of(GUILD, RequestId(1)) == []
        assert world.history.changes_of(GuildId(GUILD + 1), REQUEST) == []

    def test_the_last_change_by_a_person_since_is_told_of(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        for minutes, action, actor in ((1, Action.ADD, MODERATOR), (2, Action.REMOVE, OTHER), (3, Action.ENDED, None)):
            timer = _commit(world, timer, action, actor, NOW + minutes * MINUTE)

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.later == LaterChange(NOW + 2 * MINUTE, Action.REMOVE, OTHER)

    def test_what_happens_to_other_timers_is_no_later_change(self, world: HistoryWorld) -> None:
        world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        others = [replace(KEY, role=RoleId(VIP + 1)), replace(KEY, user=OTHER), replace(KEY, guild=GuildId(GUILD + 1))]
        for other in others:
            world.timers.commit(_change(None, running(HOUR, of=other), Action.SET))

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.later is None

    def test_what_was_put_back_is_no_later_change(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        for minutes, action, actor in (
            (1, Action.ADD, OTHER),
            (2, Action.SET, MODERATOR),
            (3, Action.GIVE_BACK, None),
            (3, Action.PUT_BACK, MODERATOR),
            (4, Action.UNDO, MODERATOR),
            (4, Action.PUT_BACK, MODERATOR),
        ):
            timer = _commit(world, timer, action, actor, NOW + minutes * MINUTE)

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.later == LaterChange(NOW + MINUTE, Action.ADD, OTHER)

    def test_changes_that_were_undone_are_not_in_the_way(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        for action in (Action.ADD, Action.PAUSE, Action.UNDO, Action.TAKE_AGAIN, Action.UNDO, Action.TAKE_AGAIN):
            timer = _commit(world, timer, action, OTHER, NOW + MINUTE)

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.later is None

    def test_the_undo_of_the_change_itself_is_told_of_whatever_came_after_it(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        for minutes, action in enumerate((Action.ADD, Action.UNDO, Action.UNDO, Action.SET), 1):
            timer = _commit(world, timer, action, OTHER, NOW + minutes * MINUTE)

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.later == LaterChange(NOW + 3 * MINUTE, Action.UNDO, OTHER)

    def test_when_the_timer_before_ended_is_known(self, world: HistoryWorld) -> None:
        gold = replace(KEY, role=RoleId(VIP + 1))
        for minutes, of in ((1, KEY), (2, KEY), (3, gold)):
            earlier = store(world, running(HOUR, of=of))
            world.timers.commit(_change(earlier, None, Action.ENDED, actor=None, at=NOW + minutes * MINUTE))
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, request=REQUEST))
        _commit(world, timer, Action.ENDED, None, NOW + 4 * MINUTE)

        [found] = world.history.changes_of(GUILD, REQUEST)

        assert found.ended_at == NOW + 2 * MINUTE

    @pytest.mark.parametrize(
        ("action", "actor", "left"),
        [
            (Action.CLEAR, MODERATOR, True),
            (Action.UNDO, MODERATOR, True),
            (Action.ENDED, None, False),
            (Action.PUT_BACK, MODERATOR, False),
        ],
    )
    def test_that_a_role_was_left_without_a_timer_is_known(
        self, world: HistoryWorld, action: Action, actor: UserId | None, *, left: bool
    ) -> None:
        assert not world.timers.was_left(KEY)
        stored = store(world, running(HOUR))
        assert not world.timers.was_left(KEY)

        world.timers.commit(_change(stored, None, action, actor=actor))

        assert world.timers.was_left(KEY) is left
        world.timers.commit(_change(None, end(running(HOUR), now=NOW), Action.CLEAR))
        assert not world.timers.was_left(KEY)

    def test_who_set_a_timer_is_known_for_each_role_of_the_member(self, world: HistoryWorld) -> None:
        gold = replace(KEY, role=RoleId(VIP + 1))
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, actor=OTHER, reason="Ümlaut"))
        timer = _commit(world, timer, Action.PAUSE, MODERATOR, NOW + MINUTE)
        _commit(world, timer, Action.GIVE_BACK, None, NOW + MINUTE)
        other = world.timers.commit(_change(None, running(HOUR, of=gold), Action.ADD, at=NOW + SECOND))
        _commit(world, other, Action.ADD, OTHER, NOW + MINUTE)
        for elsewhere in (replace(KEY, user=OTHER), replace(KEY, guild=GuildId(GUILD + 1))):
            world.timers.commit(_change(None, running(HOUR, of=elsewhere), Action.SET))

        assert world.history.origins(GUILD, KEY.user) == {
            VIP: Origin(OTHER, NOW, "Ümlaut"),
            gold.role: Origin(MODERATOR, NOW + SECOND),
        }
        assert world.history.origins(GuildId(GUILD + 2), KEY.user) == {}

    def test_when_timers_last_began_is_told_for_each_key_that_had_one(self, world: HistoryWorld) -> None:
        gold, never = replace(KEY, role=RoleId(VIP + 1)), replace(KEY, role=RoleId(VIP + 2))
        elsewhere = replace(KEY, guild=GuildId(GUILD + 1))
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET))
        timer = _commit(world, timer, Action.ADD, OTHER, NOW + MINUTE)
        world.timers.commit(_change(timer, None, Action.ENDED, actor=None, at=NOW + 2 * MINUTE))
        world.timers.commit(_change(None, running(HOUR, of=gold), Action.STARTED, at=NOW + 3 * MINUTE))
        world.timers.commit(_change(None, running(HOUR, of=elsewhere), Action.MOVE, at=NOW + 4 * MINUTE))

        begun = world.history.begun([KEY, gold, never, elsewhere])

        assert begun == {KEY: NOW, gold: NOW + 3 * MINUTE, elsewhere: NOW + 4 * MINUTE}
        assert world.history.begun([never]) == {}

    @pytest.mark.parametrize("action", [Action.CLEAR, Action.MOVE])
    def test_a_timer_that_was_called_off_before_it_began_counts_for_nothing(
        self, world: HistoryWorld, action: Action
    ) -> None:
        planned = store(world, waiting(HOUR))
        longer = world.timers.commit(_change(planned, waiting(2 * HOUR), Action.ADD, request=RequestId(1)))
        world.timers.commit(_change(longer, None, action, request=RequestId(2)))

        assert world.history.begun([KEY]) == {}
        assert world.history.origins(GUILD, KEY.user) == {}
        world.timers.commit(_change(None, waiting(HOUR), Action.UNDO, request=RequestId(3)))
        assert world.history.begun([KEY]) == {KEY: NOW}

    def test_what_was_taken_back_or_refused_never_began(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET, at=NOW))
        world.timers.commit(_change(timer, None, Action.PUT_BACK, at=NOW))
        world.timers.commit(_change(None, end(running(HOUR), now=NOW), Action.GIVEN_AGAIN, at=NOW))
        world.timers.commit(_change(world.timers.get(KEY), None, Action.ENDED, actor=None, at=NOW + SECOND))
        timer = world.timers.commit(_change(None, running(HOUR), Action.ADD, at=NOW + MINUTE))
        world.timers.commit(_change(timer, end(running(HOUR), now=NOW), Action.UNDO, at=NOW + 2 * MINUTE))

        assert world.history.begun([KEY]) == {}

    def test_what_was_put_back_set_no_timer(self, world: HistoryWorld) -> None:
        timer = world.timers.commit(_change(None, running(HOUR), Action.SET))
        for action in (Action.SET, Action.GIVE_BACK, Action.PUT_BACK):
            timer = _commit(world, timer, action, OTHER if action is not Action.GIVE_BACK else None, NOW + MINUTE)

        assert world.history.origins(GUILD, KEY.user) == {VIP: Origin(MODERATOR, NOW)}


def _commit(world: World, timer: Timer | None, action: Action, actor: UserId | None, at: datetime) -> Timer | None:
    assert timer is not None
    after = extend(timer, SECOND, now=NOW, policy=POLICY)
    return world.timers.commit(_change(timer, after, action, actor=actor, at=at))


def _change(
    before: Timer | None,
    after: Timer | None,
    action: Action,
    *,
    request: RequestId | None = None,
    actor: UserId | None = MODERATOR,
    at: datetime = NOW,
    reason: str | None = None,
) -> Change:
    subject = after or before
    assert subject is not None
    return Change(before, after, LedgerEntry(subject.key, at, action, actor, before, after, reason, request))
