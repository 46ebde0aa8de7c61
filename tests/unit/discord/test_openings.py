"""Direct messages are opened slowly, and the guilds in turn."""

from collections import Counter

import pytest

from boostmon.adapters.discord.openings import LONGEST_QUEUE, LONGEST_SPREAD, Openings
from boostmon.domain.ids import GuildId

LARGE, SMALL = GuildId(1), GuildId(2)


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def openings(clock: Hands) -> Openings:
    return Openings(1.0, clock)


def test_one_guild_alone_has_all_openings(openings: Openings, clock: Hands) -> None:
    for _ in range(10):
        assert openings.take(LARGE) == 0.0
        clock.at += 1.0


def test_who_would_wait_for_long_is_sent_away_and_spread(openings: Openings) -> None:
    assert openings.take(LARGE) == 0.0
    assert openings.take(LARGE) == LONGEST_QUEUE
    assert openings.take(LARGE) is None
    waits = [openings.come_back(LARGE) for _ in range(200)]
    assert waits[:3] == [2.0, 3.0, 4.0]
    assert max(waits) <= LONGEST_SPREAD + 1.0


def test_a_newcomer_does_not_wait_for_those_who_came_before(openings: Openings, clock: Hands) -> None:
    openings.take(LARGE)
    openings.take(LARGE)
    for _ in range(600):
        openings.come_back(LARGE)
    assert openings.take(SMALL) is None
    again = openings.come_back(SMALL)
    assert again <= 2.0
    clock.at += 1.0
    assert openings.take(LARGE) == 1.0  # it was promised before the newcomer came
    clock.at += again - 1.0
    assert openings.take(SMALL) == 1.0


def test_guilds_that_wait_have_the_same_share(openings: Openings, clock: Hands) -> None:
    taken: Counter[GuildId] = Counter()
    due = {LARGE: [clock.at] * 300, SMALL: [clock.at] * 300}
    for _ in range(600):
        for guild, waiting in due.items():
            for place, at in enumerate(waiting):
                if at > clock.at:
                    continue
                if openings.take(guild) is None:
                    waiting[place] = clock.at + openings.come_back(guild)
                else:
                    taken[guild] += 1
                    waiting[place] = float("inf")
        clock.at += 0.5
    assert sum(taken.values()) > 250  # of the 300 that 300 seconds allow
    assert abs(taken[LARGE] - taken[SMALL]) <= 20


def test_what_would_go_is_told_without_booking(openings: Openings) -> None:
    asked = [LARGE, SMALL, LARGE, SMALL]
    assert openings.would_go(asked) == [True, True, False, False]
    assert openings.would_go(asked) == [True, True, False, False]
    assert openings.take(LARGE) == 0.0
    assert openings.would_go(asked) == [True, False, False, False]


def test_guilds_of_long_ago_are_forgotten(openings: Openings, clock: Hands) -> None:
    for guild in range(5_000):
        clock.at += 1.0
        assert openings.take(GuildId(guild)) == 0.0
    assert len(openings._lanes) <= 1_000
