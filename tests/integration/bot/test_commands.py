from datetime import timedelta

from boostmon.domain.timers import Running
from tests.integration.bot.stage import Stage


def test_settime_gives_the_role_and_says_so(stage: Stage) -> None:
    answer = stage.type("/settime user:@alice role:@VIP duration:2h reason:Thanks a lot")
    assert not answer.hidden
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.state == Running(
        stage.clock.now() + timedelta(hours=2), armed=tuple(timedelta(minutes=m) for m in (60, 10, 1))
    )
    assert "@VIP" in stage.discord.member_roles("@alice")
