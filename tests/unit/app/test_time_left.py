"""`/timeleft`: all timers of a member."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Target
from boostmon.app.changing.granting import GrantHeld
from boostmon.app.commands.time_left import TimesLeft
from boostmon.app.guilds.policies import RolesWanted
from boostmon.domain.eligibility import AskerMayNot, GuildView, Standing
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.origins import Origin
from boostmon.domain.outcomes import Held
from boostmon.domain.selection import NoTimer
from boostmon.domain.transitions import end, pause
from tests.support.stage import GOLD, GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, MODERATOR, NOW, SECOND, VIP, asked, running

NOBODY = replace(VIEW, asker=Standing(top=(0, 0)))
OWNER = replace(VIEW, asker=Standing(top=(0, 0), is_owner=True))


def test_everyone_may_ask_for_themselves(stage: Stage) -> None:
    timer = stage.have(HOUR)

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY).timers == [timer]


@pytest.mark.parametrize("view", [VIEW, OWNER])
def test_moderators_may_ask_for_others(stage: Stage, view: GuildView) -> None:
    timer = stage.have(HOUR)

    assert stage.time_left(GUILD, ALICE, by=MODERATOR, view=view).timers == [timer]


def test_others_may_not_ask_for_others(stage: Stage) -> None:
    stage.have(HOUR)

    with pytest.raises(AskerMayNot):
        stage.time_left(GUILD, ALICE, by=MODERATOR, view=NOBODY)


def test_managers_may_ask_for_others_and_are_told_why(stage: Stage) -> None:
    stage.set_time(KEY, HOUR, asked=asked(reason="a gift"), view=VIEW)
    helper = replace(NOBODY, asker=replace(NOBODY.asker, held=frozenset({GOLD})))
    with pytest.raises(AskerMayNot):
        stage.time_left(GUILD, ALICE, by=MODERATOR, view=helper)

    stage.change_policy.managers(GUILD, RolesWanted(VIEW.roles, add=GOLD), asked=asked())

    assert stage.time_left(GUILD, ALICE, by=MODERATOR, view=helper).origins[VIP].reason == "a gift"


def test_a_member_without_timers_has_none(stage: Stage) -> None:
    stage.have(HOUR, replace(KEY, guild=GuildId(5)))

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY).timers == []


def test_of_a_timer_that_is_over_nobody_learns_who_had_set_it(stage: Stage) -> None:
    stage.set_time(KEY, MINUTE, asked=asked(), view=VIEW)
    stage.clock.advance(MINUTE)
    assert stage.sweep().ended == 1

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=VIEW) == TimesLeft([])


def test_a_role_may_be_named(stage: Stage) -> None:
    stage.have(HOUR)
    gold = stage.have(HOUR, GOLD_KEY)

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY, role=GOLD).timers == [gold]


def test_a_named_role_without_a_timer(stage: Stage) -> None:
    stage.have(HOUR, GOLD_KEY)

    with pytest.raises(NoTimer):
        stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY, role=VIP)


def test_the_earliest_end_comes_first_and_paused_timers_last(stage: Stage) -> None:
    def of(role: int) -> TimerKey:
        return replace(KEY, role=RoleId(role))

    in_order = [
        stage.put(end(running(HOUR, at=NOW - DAY, of=of(9)), now=NOW)),
        stage.put(end(running(HOUR, at=NOW - DAY + MINUTE, of=of(1)), now=NOW)),
        # Set long ago, it has more to go as of then than one that was set later and ends later.
        stage.put(running(2 * DAY, at=NOW - DAY, of=of(8))),
        stage.put(running(DAY + HOUR, at=NOW, of=of(2))),
        stage.put(running(DAY + HOUR, at=NOW, of=of(7))),
        stage.put(pause(running(MINUTE, of=of(6)), now=NOW)),
        stage.put(pause(running(HOUR, of=of(3)), now=NOW)),
    ]

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY).timers == in_order


class TestOrigins:
    """Who set a timer, and why."""

    target = Target(GUILD, ALICE, VIP)

    def origin(self, stage: Stage, view: GuildView = VIEW) -> Origin | None:
        return stage.time_left(GUILD, ALICE, by=ALICE, view=view).origins.get(VIP)

    def test_the_asker_of_the_command_is_told_of(self, stage: Stage) -> None:
        stage.set_time(KEY, HOUR, asked=asked(reason="won the raffle"), view=VIEW)
        stage.add_time(self.target, HOUR, asked=asked(NOW + SECOND, reason="and once more"), view=VIEW)

        assert self.origin(stage) == Origin(MODERATOR, NOW, "won the raffle")

    def test_the_reason_is_for_those_alone_who_may_see_the_timers_of_others(self, stage: Stage) -> None:
        stage.set_time(KEY, HOUR, asked=asked(reason="after the fight with Bob"), view=VIEW)

        assert self.origin(stage, NOBODY) == Origin(MODERATOR, NOW)

    def test_who_starts_a_timer_by_adding_time_has_set_it(self, stage: Stage) -> None:
        stage.add_time(self.target, HOUR, asked=asked(reason="first"), view=VIEW)
        stage.add_time(self.target, HOUR, asked=asked(NOW + SECOND, reason="second"), view=VIEW)

        assert self.origin(stage) == Origin(MODERATOR, NOW, "first")

    def test_who_replaced_it_has_set_it(self, stage: Stage) -> None:
        stage.set_time(KEY, HOUR, asked=asked(reason="first"), view=VIEW)
        stage.set_time(KEY, 2 * HOUR, asked=asked(NOW + SECOND, reason="second"), view=VIEW)

        assert self.origin(stage) == Origin(MODERATOR, NOW + SECOND, "second")

    def test_what_discord_refused_does_not_count(self, stage: Stage) -> None:
        stage.set_time(KEY, HOUR, asked=asked(reason="first"), view=VIEW)
        stage.roles.fail_next(Held("used up", timedelta(seconds=20)))
        with pytest.raises(GrantHeld):
            stage.set_time(KEY, 2 * HOUR, asked=asked(NOW + SECOND, reason="second"), view=VIEW)

        assert self.origin(stage) == Origin(MODERATOR, NOW, "first")

    def test_a_timer_that_the_ledger_does_not_tell_of_has_no_origin(self, stage: Stage) -> None:
        stage.have(HOUR)

        assert self.origin(stage) is None
