"""What a guild decides, and what follows from it for commands, sweeps and notices."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.adapters.memory.obstacles import InMemoryObstacles
from boostmon.app.changing.changes import Target
from boostmon.app.guilds.policies import ShowPolicy
from boostmon.app.guilds.resolving import TellResolved
from boostmon.domain.channels import ChannelFacts, ChannelUnusable
from boostmon.domain.details import Drop, NoticeDropped, NoticeTold
from boostmon.domain.ids import ChannelId, GuildId
from boostmon.domain.languages import Language
from boostmon.domain.ledger import Action
from boostmon.domain.notices import (
    BlockedNotice,
    NoticeKind,
    ResolvedNotice,
    WarningNotice,
)
from boostmon.domain.permissions import (
    Permission,
)
from boostmon.domain.policy import Policy
from boostmon.domain.thresholds import InvalidThresholds
from boostmon.domain.timers import (
    Obstacle,
    Running,
)
from boostmon.domain.transitions import (
    pause,
)
from boostmon.domain.ways import (
    Barrier,
    Refusal,
    ToChannel,
    ToLog,
    ToMember,
)
from tests.support.stage import (
    GOLD_KEY,
    VIEW,
    Point,
    Stage,
)
from tests.support.timers import ALICE, CHANNEL, DAY, GUILD, HOUR, KEY, MINUTE, NOW, SECOND, asked, key, running

LOG = ChannelId(CHANNEL + 1)
TARGET = Target(GUILD, ALICE, KEY.role)


def armed(stage: Stage) -> tuple[timedelta, ...]:
    timer = stage.of()
    assert timer is not None
    assert isinstance(timer.state, Running)
    return timer.state.armed


def test_each_thing_is_changed_by_itself(stage: Stage) -> None:
    change = stage.change_policy
    change.thresholds(GUILD, (MINUTE, HOUR), asked=asked())
    change.warning_channel(GUILD, ChannelFacts(CHANNEL), asked=asked())
    change.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    change.language(GUILD, Language.DE, asked=asked())
    changed = change.dms(GUILD, allowed=False, asked=asked())

    assert changed.after == Policy((HOUR, MINUTE), CHANNEL, LOG, dms=False, language=Language.DE)
    assert changed.before == replace(changed.after, dms=True)
    assert ShowPolicy(stage.policies)(GUILD) == changed.after
    assert ShowPolicy(stage.policies)(GuildId(7)) == Policy()


def test_a_language_is_taken_back_by_none(stage: Stage) -> None:
    stage.change_policy.language(GUILD, Language.PT_BR, asked=asked())

    assert stage.change_policy.language(GUILD, None, asked=asked()).after == Policy()


def test_a_channel_is_taken_back_by_none(stage: Stage) -> None:
    stage.change_policy.warning_channel(GUILD, ChannelFacts(CHANNEL), asked=asked())
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())

    stage.change_policy.warning_channel(GUILD, None, asked=asked())
    assert stage.change_policy.log_channel(GUILD, None, asked=asked()).after == Policy()


def test_what_will_not_do_changes_nothing(stage: Stage) -> None:
    closed = ChannelFacts(CHANNEL, missing=Permission.SEND_MESSAGES)
    with pytest.raises(InvalidThresholds):
        stage.change_policy.thresholds(GUILD, (SECOND,), asked=asked())
    with pytest.raises(ChannelUnusable):
        stage.change_policy.warning_channel(GUILD, closed, asked=asked())
    with pytest.raises(ChannelUnusable):
        stage.change_policy.log_channel(GUILD, closed, asked=asked())

    assert stage.policies.get(GUILD) == Policy()
    assert not stage.store.policy_ledger


def test_timers_that_run_follow_new_thresholds_at_once_and_the_sweeper_is_woken(stage: Stage) -> None:
    stage.have(3 * HOUR)

    changed = stage.change_policy.thresholds(GUILD, (2 * HOUR,), asked=asked())

    assert changed.replanned == 1
    assert armed(stage) == (2 * HOUR,)
    assert stage.alarm.rings == 1
    stage.clock.advance(HOUR)
    assert stage.sweep().warned == 1


def test_nobody_is_woken_where_no_timer_runs(stage: Stage) -> None:
    stage.have(DAY, key())

    assert stage.change_policy.thresholds(GUILD, (2 * HOUR,), asked=asked()).replanned == 0
    assert stage.change_policy.dms(GUILD, allowed=False, asked=asked()).replanned == 0

    assert stage.alarm.rings == 0


def test_without_thresholds_nothing_is_warned_of_and_the_end_is_told(stage: Stage) -> None:
    stage.have(2 * HOUR)
    stage.change_policy.thresholds(GUILD, (), asked=asked())
    stage.clock.advance(119 * MINUTE)
    assert stage.sweep().warned == 0
    stage.clock.advance(MINUTE)

    assert stage.sweep().ended == 1

    assert stage.deliver().delivered == 1


@pytest.mark.parametrize("command", ["set", "add", "start", "remove", "resume"])
def test_commands_go_by_the_guilds_thresholds(stage: Stage, command: str) -> None:
    stage.change_policy.thresholds(GUILD, (2 * HOUR,), asked=asked())
    target = TARGET
    match command:
        case "set":
            stage.set_time(KEY, DAY, asked=asked(), view=VIEW)
        case "start":
            stage.add_time(target, DAY, asked=asked(), view=VIEW)
        case "add":
            stage.have(HOUR)
            stage.add_time(target, DAY, asked=asked(), view=VIEW)
        case "remove":
            stage.have(2 * DAY)
            stage.remove_time(target, DAY, asked=asked(), view=VIEW)
        case _:
            stage.put(pause(running(DAY), now=NOW))
            stage.resume_time(target, asked=asked(), view=VIEW)

    assert armed(stage) == (2 * HOUR,)


def test_a_command_that_read_outdated_thresholds_starts_over(stage: Stage) -> None:
    stage.have(DAY)
    stage.interruptions.plan(
        Point.BEFORE_COMMIT, lambda: stage.change_policy.thresholds(GUILD, (2 * HOUR,), asked=asked())
    )

    stage.add_time(TARGET, HOUR, asked=asked(), view=VIEW)

    assert armed(stage) == (2 * HOUR,)


def test_a_change_says_how_the_member_will_be_told(stage: Stage) -> None:
    stage.change_policy.warning_channel(GUILD, ChannelFacts(CHANNEL), asked=asked())
    stage.change_policy.dms(GUILD, allowed=False, asked=asked())

    assert stage.set_time(KEY, DAY, asked=asked(), view=VIEW).ways == (ToChannel(CHANNEL),)
    assert stage.pause_time(TARGET, asked=asked(), view=VIEW).ways == (ToChannel(CHANNEL),)


def test_a_sweep_goes_by_each_guilds_own_thresholds(stage: Stage) -> None:
    other = key(guild=2)
    stage.change_policy.thresholds(GUILD, (), asked=asked())
    for one in (KEY, other):
        stage.put(running(2 * HOUR, of=one))
    stage.clock.advance(HOUR)

    assert stage.sweep().warned == 1

    assert [row.notice.key for row in stage.store.notices.values()] == [other]


def warned(stage: Stage) -> WarningNotice:
    """A warning waits in the outbox."""
    stage.put(running(HOUR, at=NOW - 50 * MINUTE))
    assert stage.sweep().warned == 1
    return WarningNotice(KEY, None, threshold=10 * MINUTE, ends_at=NOW + 10 * MINUTE)


def test_a_notice_goes_where_the_guild_wants_it_when_it_is_delivered(stage: Stage) -> None:
    warning = warned(stage)
    stage.change_policy.warning_channel(GUILD, ChannelFacts(CHANNEL), asked=asked())

    assert stage.deliver().delivered == 1

    assert stage.notifier.in_channel(CHANNEL) == [warning]


def test_what_nobody_could_be_told_is_said_in_the_log_channel(stage: Stage) -> None:
    warning = warned(stage)
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    stage.notifier.close_inbox(ALICE)

    assert stage.deliver().delivered == 1

    [told] = stage.notifier.told
    assert (told.notice, told.way, told.refusals) == (
        warning,
        ToLog(LOG),
        (Refusal(ToMember(), "closed", Barrier.DMS_CLOSED),),
    )
    assert stage.ledger[-1].detail == NoticeTold(NoticeKind.WARNING, ToLog(LOG), 10 * MINUTE)


def test_what_no_way_is_left_for_is_given_up_and_the_ledger_says_so(stage: Stage) -> None:
    warned(stage)
    stage.change_policy.dms(GUILD, allowed=False, asked=asked())

    assert stage.deliver().given_up == 1

    assert (stage.ledger[-1].action, stage.ledger[-1].detail) == (
        Action.UNDELIVERED,
        NoticeDropped(NoticeKind.WARNING, Drop.NO_WAY, 10 * MINUTE),
    )
    assert stage.notifier.told == ()


def block(stage: Stage, obstacle: Obstacle = Obstacle.MISSING_PERMISSIONS, *, members: int = 100) -> None:
    """Time is up for many members with one role, which Discord does not let the bot take."""
    for user in range(1, members + 1):
        stage.have(MINUTE, key(user, KEY.role, GUILD))
    stage.roles.obstruct(GUILD, obstacle)
    stage.clock.advance(MINUTE)


def test_a_hundred_blocked_endings_are_one_message_and_end_when_the_way_is_free(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    block(stage)

    assert stage.sweep().failed == 100
    stage.deliver()
    for _ in range(3):
        stage.clock.advance(HOUR)
        assert stage.sweep().failed == 100
        stage.deliver()

    [told] = stage.notifier.in_channel(LOG)
    assert isinstance(told, BlockedNotice)
    assert (told.key.role, told.obstacle, told.at) == (KEY.role, Obstacle.MISSING_PERMISSIONS, NOW + MINUTE)

    stage.roles.clear_way(GUILD)
    rings = stage.alarm.rings
    assert stage.sweep().ended == 0
    caplog.clear()
    with caplog.at_level(logging.INFO):
        assert stage.unblock(GUILD, VIEW.bot, VIEW.roles) == 100
    [record] = caplog.records
    assert (record.levelname, record.message) == ("INFO", "trying blocked endings again")
    assert (record.__dict__["guild"], record.__dict__["endings"]) == (GUILD, 100)
    assert stage.alarm.rings == rings + 1
    assert stage.sweep().ended == 100


def test_a_log_channel_that_is_chosen_later_hears_of_an_obstacle_that_lasts(stage: Stage) -> None:
    block(stage, members=3)
    stage.sweep()
    assert not stage.store.notices
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    stage.clock.advance(HOUR)

    stage.sweep()

    assert [type(row.notice) for row in stage.store.notices.values()] == [BlockedNotice]


def test_a_guild_that_the_bot_is_out_of_is_not_written_to_and_goes_on_when_it_is_back(stage: Stage) -> None:
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    block(stage, Obstacle.GUILD_GONE, members=3)

    assert stage.sweep().failed == 3
    assert not stage.store.notices

    stage.roles.clear_way(GUILD)
    assert stage.unblock(GUILD, VIEW.bot, VIEW.roles) == 3
    assert stage.sweep().ended == 3


def test_roles_that_are_out_of_reach_are_not_tried_again(stage: Stage) -> None:
    stage.have(MINUTE)
    stage.have(MINUTE, GOLD_KEY)
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)
    stage.clock.advance(MINUTE)
    assert stage.sweep().failed == 2
    between = VIEW.roles[GOLD_KEY.role].rank

    assert stage.unblock(GUILD, replace(VIEW.bot, permissions=0), VIEW.roles) == 0
    assert stage.unblock(GUILD, replace(VIEW.bot, top=between), VIEW.roles) == 1

    # A role that is gone has nothing left to be taken.
    assert stage.unblock(GUILD, replace(VIEW.bot, permissions=0), {}) == 0
    assert stage.unblock(GUILD, VIEW.bot, {}) == 1


def test_where_nothing_is_blocked_nobody_is_woken(stage: Stage) -> None:
    stage.have(MINUTE)

    assert stage.unblock(GUILD, VIEW.bot, VIEW.roles) == 0
    assert stage.alarm.rings == 0


def test_the_ways_of_a_member_of_a_guild_without_a_policy_are_as_ever(stage: Stage) -> None:
    assert stage.set_time(KEY, DAY, asked=asked(), view=VIEW).ways == (ToMember(),)


def test_those_who_were_told_of_an_obstacle_hear_once_that_it_is_gone(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    tell_resolved = TellResolved(InMemoryObstacles(stage.store), stage.clock)
    stage.change_policy.log_channel(GUILD, ChannelFacts(LOG), asked=asked())
    block(stage, members=3)
    assert stage.sweep().failed == 3
    stage.deliver()
    stage.roles.clear_way(GUILD)
    stage.unblock(GUILD, VIEW.bot, VIEW.roles)
    assert stage.sweep().ended == 3
    caplog.clear()
    with caplog.at_level(logging.INFO, "boostmon.app.guilds"):
        stage.lease_seconds += 59  # it may come back
        assert tell_resolved() == 0
        assert caplog.messages == []

        stage.lease_seconds += 1
        assert [tell_resolved(), tell_resolved()] == [1, 0]

    [record] = caplog.records
    assert (record.message, record.__dict__["roles"]) == ("obstacles are gone", 1)
    [told] = [notice for notice in stage.owed if isinstance(notice, ResolvedNotice)]
    assert (told.key.guild, told.key.role, told.at) == (GUILD, KEY.role, stage.clock.now())
