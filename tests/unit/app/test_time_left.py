"""`/timeleft`: all timers of a member."""

from dataclasses import replace

import pytest

from boostmon.domain.eligibility import AskerMayNot, GuildView, Standing
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.selection import NoTimer
from boostmon.domain.timers import end, pause
from tests.support.stage import GOLD, GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, DAY, GUILD, HOUR, KEY, MINUTE, MODERATOR, NOW, VIP, running

NOBODY = replace(VIEW, asker=Standing(top=(0, 0)))
OWNER = replace(VIEW, asker=Standing(top=(0, 0), is_owner=True))


def test_everyone_may_ask_for_themselves(stage: Stage) -> None:
    timer = stage.have(HOUR)

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY) == [timer]


@pytest.mark.parametrize("view", [VIEW, OWNER])
def test_moderators_may_ask_for_others(stage: Stage, view: GuildView) -> None:
    timer = stage.have(HOUR)

    assert stage.time_left(GUILD, ALICE, by=MODERATOR, view=view) == [timer]


def test_others_may_not_ask_for_others(stage: Stage) -> None:
    stage.have(HOUR)

    with pytest.raises(AskerMayNot):
        stage.time_left(GUILD, ALICE, by=MODERATOR, view=NOBODY)


def test_a_member_without_timers_has_none(stage: Stage) -> None:
    stage.have(HOUR, replace(KEY, guild=GuildId(5)))

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY) == []


def test_a_role_may_be_named(stage: Stage) -> None:
    stage.have(HOUR)
    gold = stage.have(HOUR, GOLD_KEY)

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY, role=GOLD) == [gold]


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

    assert stage.time_left(GUILD, ALICE, by=ALICE, view=NOBODY) == in_order
