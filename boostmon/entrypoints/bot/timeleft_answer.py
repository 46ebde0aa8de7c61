"""The answer to `/timeleft`: every timer of a member in one embed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

import nextcord

from boostmon.adapters.discord import stamps
from boostmon.adapters.discord.obstacles import in_the_way
from boostmon.adapters.discord.quoting import shortened
from boostmon.domain.durations import approximate
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.timers import Ending, Paused, Running, Timer
from boostmon.entrypoints.bot.answers import Colour, timer_state_colour

MOST_FIELDS = 25
MOST_CHARACTERS = 6000
"""Discord's limits of an embed; names, values and the texts around them count together."""


def timeleft_embed(
    user: UserId,
    timers: Sequence[Timer],
    roles: Mapping[RoleId, RoleFacts],
    *,
    at: datetime,
    lack: Callable[[RoleId], Lack | None] = lambda _: None,
) -> nextcord.Embed:
    """The timers in their given order; how many are left out is said where they do not all fit.

    `lack` tells what the bot is known to lack for a role that it could not take.
    """
    if not timers:
        return nextcord.Embed(
            title="No timed roles", description=f"{stamps.user(user)} has no timer in this server.", colour=Colour.NONE
        )
    embed = nextcord.Embed(
        title="Time left", description=f"The timed roles of {stamps.user(user)}", colour=_colour(timers, roles)
    )
    for shown, timer in enumerate(timers):
        rest = f"and {len(timers) - shown} more: ask for one of them with the option role"
        name, value = _name(timer, roles), _value(timer, at, lack)
        if shown == MOST_FIELDS or len(embed) + len(name) + len(value) + len(rest) > MOST_CHARACTERS:
            return embed.set_footer(text=rest)
        embed.add_field(name=name, value=value, inline=False)
    return embed


def _name(timer: Timer, roles: Mapping[RoleId, RoleFacts]) -> str:
    # Mentions are not shown as such in the names of fields.
    role = roles.get(timer.key.role)
    return "Deleted role" if role is None else f"@{shortened(role.name, 100)}"


def _value(timer: Timer, at: datetime, lack: Callable[[RoleId], Lack | None]) -> str:
    role = stamps.role(timer.key.role)
    match timer.state:
        case Running(ends_at=ends_at) if ends_at > at:
            left = approximate(timer.remaining(at))
            return f"{role}: **{left} left**\nEnds {stamps.moment_and_distance(ends_at)}{_place(timer)}"
        case Running(ends_at=since):
            return f"{role}: **time is up** since {stamps.moment_and_distance(since)}; it is being taken"
        case Paused(remaining=remaining, since=since):
            left = approximate(remaining)
            return f"{role}: **{left} left**\nPaused {stamps.distance(since)}{_place(timer)}"
        case Ending(since=since, blocked_by=blocked_by):
            told = f"{role}: **time is up** since {stamps.moment_and_distance(since)}; it is being taken"
            if blocked_by is None:
                return told
            remedy = in_the_way(blocked_by, timer.key.role, lack=lack(timer.key.role))
            return f"{told}\nIt could not be taken yet. {remedy}"
        case _ as never:
            assert_never(never)


def _place(timer: Timer) -> str:
    return "" if timer.channel is None else f"\nWarnings in {stamps.channel(timer.channel)}"


def _colour(timers: Sequence[Timer], roles: Mapping[RoleId, RoleFacts]) -> Colour:
    """That of the timers where it is the same for all; active, where they differ."""
    colours = {timer_state_colour(timer) if timer.key.role in roles else Colour.ROLE_GONE for timer in timers}
    return colours.pop() if len(colours) == 1 else Colour.ACTIVE
