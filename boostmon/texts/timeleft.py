"""The answer to `/timeleft`: every timer of a member in one card."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from boostmon.app.commands.time_left import TimesLeft
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.origins import Origin
from boostmon.domain.timers import Ending, Paused, Running, Timer
from boostmon.texts import stamps
from boostmon.texts.answers import timer_state_colour
from boostmon.texts.cards import Card, Colour
from boostmon.texts.english import approximate
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.quoting import escaped, shortened

MOST_FIELDS = 25
MOST_CHARACTERS = 6000
"""Discord's limits of an card; names, values and the texts around them count together."""
MOST_OF_REASON = 200

_REMEDY = "Give it back by hand, and the timer still takes it at its end; or end the timer with `/cleartime`."
_ASK = "A moderator can give it back."
_AFTER_REJOINING = "If they come back, give it by hand; `/cleartime` ends the timer."


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose timers are shown, and to whom.

    `held` are the roles that the member has (None: they are not in the server), `is_self` says that they ask for
    themselves, `may_mend` that the asker may give roles and end timers.
    """

    user: UserId
    held: Collection[RoleId] | None
    is_self: bool = False
    may_mend: bool = True


def timeleft_card(
    shown: Shown,
    left: TimesLeft,
    roles: Mapping[RoleId, RoleFacts],
    *,
    at: datetime,
    lack: Callable[[RoleId], Lack | None] = lambda _: None,
) -> Card:
    """The timers in their given order; how many are left out is said where they do not all fit.

    `lack` tells what the bot is known to lack for a role that it could not take.
    """
    user, timers = stamps.user(shown.user), left.timers
    if not timers:
        return Card(title="No timed roles", description=f"{user} has no timer in this server.", colour=Colour.NONE)
    card = Card(title="Time left", description=f"The timed roles of {user}", colour=_colour(timers, roles))
    for place, timer in enumerate(timers):
        rest = f"and {len(timers) - place} more: ask for one of them with the option role"
        name = _name(timer, roles)
        value = "\n".join(
            [
                _value(timer, at, lack) if timer.key.role in roles else _of_deleted_role(timer),
                *([_missing(timer, shown)] if _is_missing(timer, shown, roles, at) else []),
                *_origin(left.origins.get(timer.key.role)),
            ]
        )
        if place == MOST_FIELDS or len(card) + len(name) + len(value) + len(rest) > MOST_CHARACTERS:
            card.footer = rest
            return card
        card.add_field(name=name, value=value)
    return card


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


def _of_deleted_role(timer: Timer) -> str:
    return f"{stamps.role(timer.key.role)}: **the role was deleted**, so this timer is over"


def _is_missing(timer: Timer, shown: Shown, roles: Mapping[RoleId, RoleFacts], at: datetime) -> bool:
    """Whether the member ought to have the role now, and does not; one that is just being given is not missed yet."""
    is_due = not timer.is_over(at) and not timer.is_grant_open(at) and timer.key.role in roles
    return is_due and (shown.held is None or timer.key.role not in shown.held)


def _missing(timer: Timer, shown: Shown) -> str:
    goes_on = "" if isinstance(timer.state, Paused) else " The time runs on."
    if shown.held is None:
        return f"**They are not in this server**, so they do not have this role.{goes_on} {_AFTER_REJOINING}"
    who = "You do" if shown.is_self else "They do"
    return f"**{who} not have this role at the moment.**{goes_on} {_REMEDY if shown.may_mend else _ASK}"


def _origin(origin: Origin | None) -> list[str]:
    if origin is None:
        return []
    told = f"Set by {stamps.user(origin.actor)} on {stamps.moment(origin.at)}"
    return [told] if origin.reason is None else [told, f"Reason: {escaped(origin.reason, MOST_OF_REASON)}"]


def _place(timer: Timer) -> str:
    return "" if timer.channel is None else f"\nWarnings in {stamps.channel(timer.channel)}"


def _colour(timers: Sequence[Timer], roles: Mapping[RoleId, RoleFacts]) -> Colour:
    """That of the timers where it is the same for all; active, where they differ."""
    colours = {timer_state_colour(timer) if timer.key.role in roles else Colour.ATTENTION for timer in timers}
    return colours.pop() if len(colours) == 1 else Colour.ACTIVE
