"""What autocomplete may tell of a member's timers: no more than `/timeleft` would."""

from dataclasses import replace

import pytest

from boostmon.app.guilds.policies import RolesWanted
from boostmon.domain.eligibility import AskerMayNot, Standing
from boostmon.domain.ids import GuildId
from tests.support.stage import GOLD, GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, GUILD, HOUR, KEY, MODERATOR, asked

NOBODY = replace(VIEW, asker=Standing(top=(0, 0)))


def test_moderators_are_told_of_others_by_role(stage: Stage) -> None:
    gold, vip = stage.have(HOUR, GOLD_KEY), stage.have(HOUR)
    stage.have(HOUR, replace(KEY, guild=GuildId(5)))

    assert stage.known_timers(ALICE, by=MODERATOR, view=VIEW).timers == [vip, gold]


def test_everyone_is_told_of_their_own(stage: Stage) -> None:
    timer = stage.have(HOUR)

    assert stage.known_timers(ALICE, by=ALICE, view=NOBODY).timers == [timer]


def test_others_are_not_told_of_others(stage: Stage) -> None:
    stage.have(HOUR)

    with pytest.raises(AskerMayNot):
        stage.known_timers(ALICE, by=MODERATOR, view=NOBODY)


def test_managers_are_told_of_others(stage: Stage) -> None:
    timer = stage.have(HOUR)
    helper = replace(NOBODY, asker=replace(NOBODY.asker, held=frozenset({GOLD})))
    stage.change_policy.managers(GUILD, RolesWanted(VIEW.roles, add=GOLD), asked=asked())

    assert stage.known_timers(ALICE, by=MODERATOR, view=helper).timers == [timer]
