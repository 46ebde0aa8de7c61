"""Whoever may not use a command changes nothing by it, and learns nothing of the timers there are."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from boostmon.app.changing.changes import Target
from boostmon.domain.eligibility import (
    CommandNotAllowed,
    GuildView,
    ObstructedRole,
    RoleFacts,
    RoleNotTimeable,
    TimerOnBot,
)
from boostmon.domain.ids import RequestId
from boostmon.domain.permissions import Permission
from boostmon.domain.selection import SeveralTimers
from tests.support.stage import GOLD_KEY, VIEW, Stage
from tests.support.timers import ALICE, GUILD, HOUR, KEY, MINUTE, MODERATOR, VIP, asked

type Use = Callable[[Stage, Target, GuildView], object]

CHANGES: dict[str, Use] = {
    "addtime": lambda stage, target, view: stage.add_time(target, HOUR, asked=asked(), view=view),
    "removetime": lambda stage, target, view: stage.remove_time(target, MINUTE, asked=asked(), view=view),
    "pausetime": lambda stage, target, view: stage.pause_time(target, asked=asked(), view=view),
    "resumetime": lambda stage, target, view: stage.resume_time(target, asked=asked(), view=view),
    "cleartime": lambda stage, target, view: stage.clear_time(target, asked=asked(), view=view),
    "movetime": lambda stage, target, view: stage.move_time(target, MODERATOR, asked=asked(), view=view),
}
ANY, ON_VIP = Target(GUILD, ALICE), Target(GUILD, ALICE, VIP)
HERE_ALONE = replace(VIEW, asker=replace(VIEW.asker, permissions=0, in_channel=Permission.MANAGE_ROLES))
AT_A_BUTTON = replace(VIEW, asker=replace(VIEW.asker, permissions=0))
BY_OVERRIDE = replace(VIEW, asker=replace(VIEW.asker, permissions=0, in_channel=0))
MIGHTY = replace(BY_OVERRIDE, roles={VIP: RoleFacts(VIP, "VIP", 1, permissions=Permission.ADMINISTRATOR)})


@pytest.mark.parametrize("view", [HERE_ALONE, AT_A_BUTTON], ids=["overwrite", "button"])
@pytest.mark.parametrize("target", [ANY, ON_VIP, Target(GUILD, ALICE, GOLD_KEY.role)], ids=["any", "timed", "untimed"])
@pytest.mark.parametrize("command", CHANGES)
def test_a_command_that_is_not_allowed_is_refused_whatever_there_is(
    stage: Stage, command: str, target: Target, view: GuildView
) -> None:
    stage.have(HOUR)
    before = stage.of()

    with pytest.raises(CommandNotAllowed):
        CHANGES[command](stage, target, view)

    assert stage.of() == before


@pytest.mark.parametrize("command", CHANGES)
def test_an_override_reaches_no_timer_of_a_mightier_role(stage: Stage, command: str) -> None:
    stage.have(HOUR)

    with pytest.raises(RoleNotTimeable) as caught:
        CHANGES[command](stage, ON_VIP, MIGHTY)

    assert caught.value.problem is ObstructedRole.BEYOND_ASKER


@pytest.mark.parametrize("command", CHANGES)
def test_an_override_lists_no_timers(stage: Stage, command: str) -> None:
    stage.have(HOUR)
    stage.have(HOUR, GOLD_KEY)

    with pytest.raises(SeveralTimers) as caught:
        CHANGES[command](stage, ANY, BY_OVERRIDE)
    assert caught.value.timers == ()

    with pytest.raises(SeveralTimers) as caught:
        CHANGES[command](stage, ANY, VIEW)
    assert len(caught.value.timers) == 2


def test_time_is_added_to_no_timer_on_the_bot(stage: Stage) -> None:
    stage.have(HOUR, KEY)

    with pytest.raises(TimerOnBot):
        stage.add_time(ANY, HOUR, asked=asked(), view=replace(VIEW, me=ALICE))

    # One that it has from before can be ended.
    stage.clear_time(ANY, asked=asked(), view=replace(VIEW, me=ALICE), confirmed=stage.shown())
    assert stage.of() is None


@pytest.mark.parametrize("view", [HERE_ALONE, AT_A_BUTTON], ids=["overwrite", "button"])
def test_whoever_may_not_add_time_does_not_learn_which_member_is_the_bot(stage: Stage, view: GuildView) -> None:
    with pytest.raises(CommandNotAllowed):
        stage.add_time(ON_VIP, HOUR, asked=asked(), view=replace(view, me=ALICE))


@pytest.mark.parametrize("view", [HERE_ALONE, AT_A_BUTTON], ids=["overwrite", "button"])
def test_whoever_may_not_undo_does_not_learn_what_was_changed_by_whom(stage: Stage, view: GuildView) -> None:
    stage.have(HOUR)
    stage.add_time(ON_VIP, HOUR, asked=asked(request=1), view=VIEW)
    stage.pause_time(ON_VIP, asked=asked(request=2), view=VIEW)
    before = stage.of()

    for request in (1, 2, 3):  # changed since, to be undone, and unknown
        with pytest.raises(CommandNotAllowed):
            stage.undo(RequestId(request), asked=asked(request=4), view=view)

    assert stage.of() == before
