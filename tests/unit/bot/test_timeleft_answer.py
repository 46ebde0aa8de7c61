from collections.abc import Sequence
from dataclasses import replace

import nextcord
import pytest

from boostmon.adapters.discord.obstacles import EITHER
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId
from boostmon.domain.timers import Ending, Obstacle, Timer, end, pause
from boostmon.entrypoints.bot.answers import Colour
from boostmon.entrypoints.bot.timeleft_answer import MOST_CHARACTERS, MOST_FIELDS, timeleft_embed
from tests.support.timers import ALICE, CHANNEL, HOUR, KEY, MINUTE, NOW, VIP, key, running

AT = int(NOW.timestamp())
ROLES = {VIP: RoleFacts(VIP, "VIP *gold*", position=1)}
RUNNING = running(2 * HOUR)
PAUSED = pause(RUNNING, now=NOW)
OVER = end(RUNNING, now=NOW)


def _shown(*timers: Timer) -> nextcord.Embed:
    return timeleft_embed(ALICE, timers, ROLES, at=NOW)


def _fields(embed: nextcord.Embed) -> list[tuple[str, str]]:
    return [(str(field.name), str(field.value)) for field in embed.fields]


def _blocked() -> Timer:
    assert isinstance(OVER.state, Ending)
    return replace(OVER, state=replace(OVER.state, blocked_by=Obstacle.MISSING_PERMISSIONS))


@pytest.mark.parametrize(
    ("timer", "text"),
    [
        (RUNNING, f"<@&{VIP}>: **2 hours left**\nEnds <t:{AT + 7200}:F> (<t:{AT + 7200}:R>)"),
        (
            running(5 * MINUTE, channel=CHANNEL),
            f"<@&{VIP}>: **5 minutes left**\nEnds <t:{AT + 300}:F> (<t:{AT + 300}:R>)\nWarnings in <#{CHANNEL}>",
        ),
        (PAUSED, f"<@&{VIP}>: **2 hours left**\nPaused <t:{AT}:R>"),
        (OVER, f"<@&{VIP}>: **time is up** since <t:{AT}:F> (<t:{AT}:R>); it is being taken"),
        (
            running(HOUR, at=NOW - 2 * HOUR),
            f"<@&{VIP}>: **time is up** since <t:{AT - 3600}:F> (<t:{AT - 3600}:R>); it is being taken",
        ),
        (
            _blocked(),
            f"<@&{VIP}>: **time is up** since <t:{AT}:F> (<t:{AT}:R>); it is being taken\nIt could not be taken yet. "
            + EITHER,
        ),
    ],
)
def test_each_timer_is_shown_as_what_it_is(timer: Timer, text: str) -> None:
    assert _fields(_shown(timer)) == [("@VIP *gold*", text)]


def test_a_member_without_timers_is_told_so() -> None:
    embed = _shown()
    assert embed.title == "No timed roles"
    assert f"<@{ALICE}>" in str(embed.description)
    assert embed.colour == nextcord.Colour(Colour.NONE)


@pytest.mark.parametrize(
    ("timers", "colour"),
    [
        ([RUNNING], Colour.ACTIVE),
        ([PAUSED], Colour.PAUSED),
        ([OVER], Colour.ENDED),
        ([running(HOUR, of=replace(KEY, role=RoleId(5)))], Colour.ROLE_GONE),
        ([RUNNING, PAUSED], Colour.ACTIVE),
        ([PAUSED, PAUSED], Colour.PAUSED),
    ],
)
def test_the_colour_tells_the_state(timers: Sequence[Timer], colour: Colour) -> None:
    assert _shown(*timers).colour == nextcord.Colour(colour)


def test_a_deleted_role_is_called_so() -> None:
    [(name, _)] = _fields(_shown(running(HOUR, of=replace(KEY, role=RoleId(5)))))
    assert name == "Deleted role"


def test_the_order_is_kept() -> None:
    timers = [running(HOUR, of=replace(KEY, role=RoleId(number))) for number in (3, 1, 2)]
    assert [value.split(":")[0] for _, value in _fields(_shown(*timers))] == ["<@&3>", "<@&1>", "<@&2>"]


def test_of_more_timers_than_fit_the_rest_is_counted() -> None:
    timers = [running(HOUR, of=key(role=number)) for number in range(1, MOST_FIELDS + 8)]
    embed = _shown(*timers)
    assert len(embed.fields) == MOST_FIELDS
    assert str(embed.footer.text).startswith("and 7 more")


def test_as_many_as_fit_are_all_shown() -> None:
    embed = _shown(*(running(HOUR, of=key(role=number)) for number in range(1, MOST_FIELDS + 1)))
    assert len(embed.fields) == MOST_FIELDS
    assert embed.footer.text is None


def test_long_texts_stay_within_the_limit_of_an_embed() -> None:
    embed = _shown(*([_blocked()] * 40))
    assert len(embed) <= MOST_CHARACTERS
    assert f"and {40 - len(embed.fields)} more" in str(embed.footer.text)
    assert 10 < len(embed.fields) < MOST_FIELDS
