"""`/addtime` and `/resumetime` of a member who has lost the role: they are given it back."""

from collections.abc import Callable, Collection
from dataclasses import replace

import pytest

from boostmon.app.changing.changes import Changed, Note, Target
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.ports import LONGEST_GRANT, AuditReason, Cause
from boostmon.domain.eligibility import BotMayNotManageRoles, GuildView, MemberGone
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.outcomes import Held, Retry
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import pause
from tests.support.stage import GOLD, VIEW, Point, Stage
from tests.support.timers import ALICE, GUILD, HOUR, KEY, MINUTE, MODERATOR, NOW, SECOND, VIP, asked, running

ANY = Target(GUILD, ALICE)
PAUSED = pause(running(HOUR), now=NOW)

type Run = Callable[[Stage, Collection[RoleId] | None, GuildView], Changed]

COMMANDS: dict[str, tuple[Timer, Run]] = {
    "add": (
        running(HOUR),
        lambda stage, held, view: stage.add_time(ANY, HOUR, asked=asked(), view=view, held=held),
    ),
    "add to a paused one": (
        PAUSED,
        lambda stage, held, view: stage.add_time(ANY, HOUR, asked=asked(), view=view, held=held),
    ),
    "resume": (PAUSED, lambda stage, held, view: stage.resume_time(ANY, asked=asked(), view=view, held=held)),
}


@pytest.mark.parametrize(("timer", "run"), COMMANDS.values(), ids=COMMANDS)
class TestEachCommand:
    def test_gives_a_missing_role_back_after_the_timer_is_stored(self, stage: Stage, timer: Timer, run: Run) -> None:
        stage.put(timer, held=False)
        seen: list[Timer | None] = []
        stage.interruptions.plan(Point.BEFORE_GRANT, lambda: seen.append(stage.of()))

        changed = run(stage, {GOLD}, VIEW)

        assert changed.notes == (Note.GIVEN_BACK,)
        assert changed.after is not None
        assert stage.of() == changed.after
        assert seen == [changed.after.with_grant_until(NOW + LONGEST_GRANT)]
        assert stage.roles.held == {KEY}
        assert [act.reason for act in stage.roles.acts] == [AuditReason(Cause.MISSED, MODERATOR)]

    @pytest.mark.parametrize("held", [{VIP}, None])
    def test_asks_discord_for_nothing_where_no_role_is_known_to_be_missing(
        self, stage: Stage, timer: Timer, run: Run, held: Collection[RoleId] | None
    ) -> None:
        stage.put(timer)

        assert run(stage, held, VIEW).notes == ()

        assert stage.roles.acts == ()

    def test_does_not_miss_a_role_that_is_just_being_given(self, stage: Stage, timer: Timer, run: Run) -> None:
        stage.put(timer.with_grant_until(NOW + SECOND), held=False)

        assert run(stage, (), VIEW).notes == ()

        assert stage.roles.acts == ()

    def test_says_where_discord_did_not_confirm_it(self, stage: Stage, timer: Timer, run: Run) -> None:
        stage.put(timer, held=False)
        stage.roles.fail_next(Retry("timed out"))

        assert run(stage, (), VIEW).notes == (Note.GRANT_UNCONFIRMED,)

    @pytest.mark.parametrize(
        ("refuse", "why"),
        [
            (lambda stage: stage.roles.obstruct(GUILD, Obstacle.ROLE_NOT_ASSIGNABLE), GrantRefused),
            (lambda stage: stage.roles.fail_next(Held("limit", after=MINUTE)), GrantHeld),
            (lambda stage: stage.roles.member_leaves(GUILD, ALICE), MemberGone),
        ],
        ids=["refused", "held", "gone"],
    )
    def test_is_put_back_where_discord_refuses(
        self, stage: Stage, timer: Timer, run: Run, refuse: Callable[[Stage], None], why: type[BoostMonError]
    ) -> None:
        before = stage.put(timer, held=False)
        refuse(stage)

        with pytest.raises(why):
            run(stage, (), VIEW)

        after = stage.of()
        assert after is not None
        assert replace(after, version=before.version) == before
        assert stage.actions[1:] == ["put_back"]

    def test_is_refused_where_the_bot_could_not_give_the_role(self, stage: Stage, timer: Timer, run: Run) -> None:
        before = stage.put(timer, held=False)

        with pytest.raises(BotMayNotManageRoles):
            run(stage, (), replace(VIEW, bot=replace(VIEW.bot, permissions=0)))

        assert stage.of() == before
        assert stage.ledger == ()
