"""Guilds that the bot is not in, for as long as that is remembered."""

import pytest

from boostmon.adapters.discord.absences import SECONDS, Absences
from boostmon.domain.ids import GuildId
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Outcome, Retry
from boostmon.domain.timers import Obstacle

HERE, ELSEWHERE = GuildId(1), GuildId(2)
GONE = Blocked(Obstacle.GUILD_GONE, "404 (10004)")


class Scene:
    def __init__(self) -> None:
        self.now = 100.0
        self.there = set[GuildId]()
        self.absences = Absences(self.there.__contains__, clock=lambda: self.now)


def test_what_was_just_answered_is_not_asked_again_and_elsewhere_it_is() -> None:
    scene = Scene()
    assert scene.absences.answer(HERE) is None
    scene.absences.hear(HERE, GONE)
    assert scene.absences.answer(HERE) == GONE
    assert scene.absences.answer(ELSEWHERE) is None


def test_after_some_seconds_it_is_asked_again() -> None:
    scene = Scene()
    scene.absences.hear(HERE, GONE)
    scene.now += SECONDS
    assert scene.absences.answer(HERE) is None


def test_a_bot_that_is_back_is_believed_at_once() -> None:
    scene = Scene()
    scene.absences.hear(HERE, GONE)
    scene.there.add(HERE)
    assert scene.absences.answer(HERE) is None


@pytest.mark.parametrize(
    "outcome",
    [Done(), Retry("no answer"), AlreadyGone(Gone.MEMBER, "10007"), Blocked(Obstacle.MISSING_PERMISSIONS, "50013")],
)
def test_no_other_answer_is_remembered(outcome: Outcome) -> None:
    scene = Scene()
    scene.absences.hear(HERE, outcome)
    assert scene.absences.answer(HERE) is None
