"""`/settime`: starts the timer, or replaces it, and gives the role."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Changed, Note
from boostmon.app.changing.confirming import NotConfirmed
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.errors import StorageUnavailable
from boostmon.app.ports import LONGEST_GRANT
from boostmon.domain.channels import ChannelClosedToAsker, ChannelFacts, ChannelUnusable
from boostmon.domain.details import Obstructed
from boostmon.domain.eligibility import (
    BotMayNotManageRoles,
    CommandNotAllowed,
    GuildView,
    MemberGone,
    RoleGone,
    RoleNotTimeable,
    TimerOnBot,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId, RoleId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.permissions import Permission
from boostmon.domain.policy import Stacking
from boostmon.domain.timers import Obstacle, TimerThere, TooMuchTime
from boostmon.domain.transitions import end, pause
from boostmon.domain.ways import ToChannel, ToMember
from tests.support.stage import HIGH_KEY, MODERATOR_STANDING, VIEW, Point, Stage
from tests.support.timers import (
    ALICE,
    BY_MODERATOR,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    KEY,
    MINUTE,
    MODERATOR,
    NOW,
    SECOND,
    TEN_YEARS,
    VIP,
    asked,
    running,
)

OPEN = ChannelFacts(CHANNEL)
OTHER_CHANNEL = ChannelId(CHANNEL + 1)


def test_a_new_timer_is_stored_logged_and_its_role_given(stage: Stage) -> None:
    request = asked(request=7, reason="a gift")

    changed = stage.set_time(KEY, 2 * HOUR, asked=request, view=VIEW, channel=OPEN)

    stored = stage.of()
    assert stored is not None
    assert replace(stored, version=0) == running(2 * HOUR, channel=CHANNEL)
    ways = (ToChannel(CHANNEL), ToMember())
    assert changed == Changed(Action.SET, KEY, None, stored, NOW, amount=2 * HOUR, reason="a gift", ways=ways)
    assert stage.roles.held == {KEY}
    [entry] = stage.ledger
    after = replace(stored, version=0).with_grant_until(NOW + LONGEST_GRANT)
    assert entry == LedgerEntry(KEY, NOW, Action.SET, MODERATOR, None, after, "a gift", request.request)
    assert stage.alarm.rings == 1


def test_the_audit_log_is_told_who_asked(stage: Stage) -> None:
    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert [(act.kind, act.reason) for act in stage.roles.acts] == [("grant", BY_MODERATOR)]


def test_the_timer_is_stored_before_the_role_is_given(stage: Stage) -> None:
    seen = []
    stage.interruptions.plan(Point.BEFORE_GRANT, lambda: seen.append(stage.of()))

    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    stored = stage.of()
    assert stored is not None
    assert seen == [stored.with_grant_until(NOW + LONGEST_GRANT)]


@pytest.mark.parametrize("made", ["running", "paused", "ending"])
def test_a_timer_in_any_state_is_replaced(stage: Stage, made: str) -> None:
    timer = running(HOUR, channel=CHANNEL)
    states = {"running": timer, "paused": pause(timer, now=NOW), "ending": end(timer, now=NOW)}
    before = stage.put(states[made])
    later = NOW + MINUTE

    changed = stage.set_time(KEY, DAY, asked=asked(at=later), view=VIEW, had_role=True)

    assert changed.before == before
    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.remaining(later) == DAY
    assert changed.after.created_at == NOW
    assert changed.notes == ()


def test_without_a_channel_a_replaced_timer_goes_by_that_of_the_guild(stage: Stage) -> None:
    stage.put(running(HOUR, channel=CHANNEL))
    stage.change_policy.warning_channel(GUILD, ChannelFacts(OTHER_CHANNEL), asked=asked())

    changed = stage.set_time(KEY, DAY, asked=asked(), view=VIEW)

    assert changed.after is not None
    assert changed.after.channel is None
    assert changed.ways == (ToChannel(OTHER_CHANNEL), ToMember())


@pytest.mark.parametrize(
    ("rule", "length", "left", "notes"),
    [
        (Stacking.REPLACE, HOUR, HOUR, ()),
        (Stacking.EXTEND, HOUR, 3 * HOUR, (Note.ADDED_UP,)),
        (Stacking.KEEP_LONGER, HOUR, 2 * HOUR, (Note.LASTS_LONGER,)),
        (Stacking.KEEP_LONGER, DAY, DAY, ()),
    ],
)
def test_a_second_time_goes_by_the_rule_of_the_guild_and_says_so(
    stage: Stage, rule: Stacking, length: timedelta, left: timedelta, notes: tuple[Note, ...]
) -> None:
    before = stage.put(running(2 * HOUR, channel=CHANNEL))
    stage.change_policy.stacking(GUILD, rule, asked=asked())

    changed = stage.set_time(KEY, length, asked=asked(), view=VIEW)

    assert (changed.action, changed.before, changed.notes) == (Action.SET, before, notes)
    assert changed.after == stage.of()
    assert changed.after is not None
    assert changed.after.remaining(NOW) == left
    assert stage.roles.held == {KEY}
    assert stage.actions == ["set"]


@pytest.mark.parametrize("rule", [Stacking.EXTEND, Stacking.KEEP_LONGER])
def test_a_refused_grant_leaves_a_timer_that_would_have_gone_on_as_it_was(stage: Stage, rule: Stacking) -> None:
    before = stage.put(running(2 * HOUR, channel=CHANNEL))
    stage.change_policy.stacking(GUILD, rule, asked=asked())
    obstruct(stage)

    with pytest.raises(GrantRefused):
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    after = stage.of()
    assert after is not None
    assert replace(after, version=before.version) == before


def test_a_guild_that_takes_no_second_time_leaves_all_as_it_is(stage: Stage) -> None:
    before = stage.put(running(2 * HOUR))
    stage.change_policy.stacking(GUILD, Stacking.REFUSE, asked=asked())

    with pytest.raises(TimerThere) as refused:
        stage.set_time(KEY, 30 * DAY, asked=asked(), view=VIEW)

    assert refused.value.timer == before == stage.of()
    assert (stage.ledger, stage.roles.acts) == ((), ())


@pytest.mark.parametrize("rule", [Stacking.EXTEND, Stacking.KEEP_LONGER])
def test_where_nothing_is_lost_nobody_is_asked(stage: Stage, rule: Stacking) -> None:
    stage.put(running(300 * DAY))
    with pytest.raises(NotConfirmed):
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    stage.change_policy.stacking(GUILD, rule, asked=asked())
    stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    after = stage.of()
    assert after is not None
    assert after.remaining(NOW) >= 300 * DAY


def test_who_agreed_to_a_loss_gets_what_the_guild_decided_since(stage: Stage) -> None:
    shown = stage.put(running(300 * DAY))
    stage.change_policy.stacking(GUILD, Stacking.EXTEND, asked=asked())

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW, confirmed=shown.version)

    assert changed.notes == (Note.ADDED_UP,)
    assert changed.after is not None
    assert changed.after.remaining(NOW) == 300 * DAY + HOUR


def test_a_role_that_the_member_had_before_is_noted(stage: Stage) -> None:
    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW, had_role=True)

    assert changed.notes == (Note.HAD_ROLE,)


def test_a_grant_without_an_answer_leaves_the_timer_and_says_so(stage: Stage) -> None:
    stage.roles.fail_next(Retry("timed out"))

    changed = stage.set_time(KEY, HOUR, asked=asked(), view=VIEW, had_role=True)

    assert changed.notes == (Note.HAD_ROLE, Note.GRANT_UNCONFIRMED)
    assert changed.after is not None
    assert stage.of() == changed.after.with_grant_until(NOW + LONGEST_GRANT)
    assert stage.actions == ["set"]


@pytest.mark.parametrize(
    ("key", "view", "channel", "duration", "refusal"),
    [
        (replace(KEY, role=RoleId(5)), VIEW, OPEN, HOUR, RoleGone),
        (replace(KEY, role=RoleId(GUILD)), VIEW, OPEN, HOUR, RoleGone),
        (HIGH_KEY, VIEW, OPEN, HOUR, RoleNotTimeable),
        (KEY, replace(VIEW, bot=replace(VIEW.bot, permissions=0)), OPEN, HOUR, BotMayNotManageRoles),
        (KEY, replace(VIEW, bot=replace(VIEW.bot, top=(1, -VIP))), OPEN, HOUR, RoleNotTimeable),
        (KEY, VIEW, ChannelFacts(ChannelId(1), missing=Permission.SEND_MESSAGES), HOUR, ChannelUnusable),
        (KEY, VIEW, ChannelFacts(ChannelId(1), asker_lacks=Permission.SEND_MESSAGES), HOUR, ChannelClosedToAsker),
        (KEY, replace(VIEW, me=ALICE), OPEN, HOUR, TimerOnBot),
        (KEY, replace(VIEW, asker=replace(VIEW.asker, permissions=0)), OPEN, HOUR, CommandNotAllowed),
        (KEY, VIEW, OPEN, TEN_YEARS + SECOND, TooMuchTime),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_written(
    stage: Stage,
    key: TimerKey,
    view: GuildView,
    channel: ChannelFacts,
    duration: timedelta,
    refusal: type[BoostMonError],
) -> None:
    with pytest.raises(refusal):
        stage.set_time(key, duration, asked=asked(), view=view, channel=channel)

    assert stage.of(key) is None
    assert stage.ledger == ()
    assert stage.roles.acts == ()
    assert stage.alarm.rings == 0


def test_an_owner_may_time_roles_above_their_own(stage: Stage) -> None:
    owner = replace(VIEW, asker=replace(MODERATOR_STANDING, is_owner=True))

    stage.set_time(HIGH_KEY, HOUR, asked=asked(), view=owner)

    assert stage.roles.held == {HIGH_KEY}


def obstruct(stage: Stage) -> None:
    stage.roles.obstruct(GUILD, Obstacle.MISSING_PERMISSIONS)


def leave(stage: Stage) -> None:
    stage.roles.member_leaves(GUILD, ALICE)


def delete(stage: Stage) -> None:
    stage.roles.delete_role(GUILD, VIP)


REFUSALS = [(obstruct, GrantRefused), (leave, MemberGone), (delete, RoleGone)]


@pytest.mark.parametrize(("make", "refusal"), REFUSALS)
def test_a_refused_grant_takes_a_new_timer_away_again(
    stage: Stage, make: Callable[[Stage], None], refusal: type[BoostMonError]
) -> None:
    make(stage)

    with pytest.raises(refusal):
        stage.set_time(KEY, HOUR, asked=asked(request=7), view=VIEW)

    assert stage.of() is None
    assert stage.actions == ["set", "put_back"]
    assert stage.alarm.rings == 2


@pytest.mark.parametrize(("make", "refusal"), REFUSALS)
def test_a_refused_grant_leaves_a_replaced_timer_as_it_was(
    stage: Stage, make: Callable[[Stage], None], refusal: type[BoostMonError]
) -> None:
    before = stage.put(pause(running(HOUR, channel=CHANNEL), now=NOW))
    make(stage)

    with pytest.raises(refusal):
        stage.set_time(KEY, DAY, asked=asked(at=NOW + MINUTE), view=VIEW)

    after = stage.of()
    assert after is not None
    assert replace(after, version=before.version) == before
    assert stage.actions == ["set", "put_back"]


def test_a_refusal_tells_the_ledger_why(stage: Stage) -> None:
    obstruct(stage)

    with pytest.raises(GrantRefused) as caught:
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert (caught.value.key, caught.value.obstacle) == (KEY, Obstacle.MISSING_PERMISSIONS)
    set_entry, taken_back = stage.ledger
    assert taken_back.before is not None
    assert replace(taken_back.before, version=0) == set_entry.after
    assert (taken_back.after, taken_back.actor) == (None, MODERATOR)
    assert taken_back.reason is None
    assert taken_back.detail == Obstructed(Obstacle.MISSING_PERMISSIONS, "the guild is obstructed: missing_permissions")


def test_a_timer_that_somebody_changed_while_discord_refused_is_theirs(stage: Stage) -> None:
    obstruct(stage)
    stage.interruptions.plan(Point.AFTER_GRANT, lambda: stage.alter(lambda timer: pause(timer, now=NOW)))

    with pytest.raises(GrantRefused):
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    left = stage.of()
    assert left is not None
    assert left.state == pause(running(HOUR), now=NOW).state
    assert "put_back" not in stage.actions


def test_a_timer_that_somebody_ended_while_discord_refused_stays_away(stage: Stage) -> None:
    stage.have(MINUTE)
    obstruct(stage)
    stage.interruptions.plan(Point.AFTER_GRANT, lambda: stage.alter(lambda _: None))

    with pytest.raises(GrantRefused):
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.of() is None


def test_without_a_database_nothing_is_asked_of_discord(stage: Stage) -> None:
    def fail() -> None:
        raise StorageUnavailable("no answer")

    stage.interruptions.plan(Point.BEFORE_COMMIT, fail)

    with pytest.raises(StorageUnavailable):
        stage.set_time(KEY, HOUR, asked=asked(), view=VIEW)

    assert stage.of() is None
    assert stage.roles.acts == ()


def test_a_grant_that_a_limit_holds_back_puts_the_timer_back(stage: Stage) -> None:
    before = stage.have(HOUR, held=False)
    stage.roles.fail_next(Held("used up", 20 * SECOND))

    with pytest.raises(GrantHeld) as caught:
        stage.set_time(KEY, DAY, asked=asked(), view=VIEW)

    assert (caught.value.key, caught.value.after) == (KEY, 20 * SECOND)
    after = stage.of()
    assert after is not None
    assert after.state == before.state
    assert stage.actions == ["set", "put_back"]
