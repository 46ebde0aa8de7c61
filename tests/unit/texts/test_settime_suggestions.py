"""What is said of `/settime` while it is typed is what it would do."""

from dataclasses import replace

import pytest

from boostmon.domain.durations import When
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end, pause
from boostmon.texts.settime_suggestions import effect_of_settime
from boostmon.texts.suggestions import effect_of_adding
from tests.support.scenes import scene
from tests.support.timers import DAY, HOUR, KEY, MINUTE, NOW, VIP, running
from tests.support.words import ENGLISH

SCENE = scene(ENGLISH, NOW)
RUNNING = running(3 * HOUR)
PAUSED = pause(RUNNING, now=NOW)


def said(policy: Policy, timer: Timer | None, when: When) -> str:
    of_guild = replace(
        SCENE.policy, stacking=policy.stacking, longest=policy.longest, timeable=policy.timeable, rules=policy.rules
    )
    return effect_of_settime(KEY, timer, replace(SCENE, policy=of_guild))(when)


@pytest.mark.parametrize(
    ("stacking", "timer", "when", "text"),
    [
        (Stacking.REPLACE, RUNNING, HOUR, "ends Sat 7 Nov 13:00 UTC"),
        (Stacking.EXTEND, None, HOUR, "ends Sat 7 Nov 13:00 UTC"),
        (Stacking.EXTEND, RUNNING, HOUR, "ends Sat 7 Nov 16:00 UTC"),
        (Stacking.EXTEND, PAUSED, HOUR, "4 hours left, paused"),
        (Stacking.EXTEND, end(RUNNING, now=NOW), HOUR, "ends Sat 7 Nov 13:00 UTC"),
        (Stacking.EXTEND, RUNNING, NOW + HOUR, "no, it ends Sat 7 Nov 15:00 UTC already"),
        (Stacking.KEEP_LONGER, RUNNING, HOUR, "no, it ends Sat 7 Nov 15:00 UTC already"),
        (Stacking.KEEP_LONGER, PAUSED, HOUR, "3 hours left, paused"),
        (Stacking.KEEP_LONGER, RUNNING, 5 * HOUR, "ends Sat 7 Nov 17:00 UTC"),
        (Stacking.REFUSE, RUNNING, DAY, "no, there is a timer already"),
        (Stacking.REFUSE, None, NOW + DAY, "1 day from now"),
    ],
)
def test_a_second_time_does_what_the_guild_decided(
    stacking: Stacking, timer: Timer | None, when: When, text: str
) -> None:
    assert said(Policy(stacking=stacking), timer, when) == text


@pytest.mark.parametrize(
    ("policy", "when", "text"),
    [
        (Policy(longest=DAY), DAY, "ends Sun 8 Nov 12:00 UTC"),
        (Policy(longest=DAY), DAY + MINUTE, "no, 1 day is the most"),
        (Policy(timeable=frozenset({VIP})), DAY, "ends Sun 8 Nov 12:00 UTC"),
        (Policy(timeable=frozenset()), DAY, "no, that role cannot be timed here"),
        (Policy(), 3651 * DAY, "no, 10 years is the most"),
        (Policy(), NOW - HOUR, ""),
    ],
)
def test_what_the_guild_does_not_allow_is_said_at_once(policy: Policy, when: When, text: str) -> None:
    assert said(policy, None, when) == text


def test_no_more_is_added_than_the_guild_allows() -> None:
    limited = replace(SCENE, policy=replace(SCENE.policy, longest=4 * HOUR))
    assert effect_of_adding(RUNNING, limited)(HOUR) == "ends Sat 7 Nov 16:00 UTC"
    assert effect_of_adding(RUNNING, limited)(HOUR + MINUTE) == "no, 4 hours is the most"
