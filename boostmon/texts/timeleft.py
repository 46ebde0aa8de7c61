"""The answer to `/timeleft`: every timer of a member in one card."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from boostmon.app.commands.time_left import TimesLeft
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.origins import Origin
from boostmon.domain.timers import Ending, Grace, Paused, Running, Timer, Waiting, lapsed
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.channels import IsLost, all_there, channel
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.quoting import escaped, shortened
from boostmon.texts.words import Words, msgid

MOST_FIELDS = 25
MOST_CHARACTERS = 6000
"""Discord's limits of a card; names, values and the texts around them count together."""
MOST_OF_REASON = 200

_REMEDY = msgid("Give it back by hand, and the timer still takes it at its end; or end the timer with `/cleartime`.")
_WELCOME = msgid("Welcome back! You have the role again.")
_BACK = msgid("They are back, and have the role again.")
_RESUME = msgid("`/resumetime` gives it back and lets the timer go on; `/cleartime` ends it.")
_ASK = msgid("A moderator can give it back.")


@dataclass(frozen=True, slots=True)
class ShownMember:
    """Whose timers are shown, and to whom.

    `held` are the roles that the member has (None: they are not in the server), `is_self` says that they ask for
    themselves, `may_mend` that the asker may give roles and end timers.
    """

    user: UserId
    held: Collection[RoleId] | None
    is_self: bool = False
    may_mend: bool = True


def timeleft_card(
    shown: ShownMember,
    left: TimesLeft,
    roles: Mapping[RoleId, RoleFacts],
    words: Words,
    *,
    at: datetime,
    lack: Callable[[RoleId], Lack | None] = lambda _: None,
    is_lost: IsLost = all_there,
) -> Card:
    """The timers in their given order; how many are left out is said where they do not all fit.

    `lack` tells what the bot is known to lack for a role that it could not take; `is_lost` which channels are gone.
    """
    user, timers = stamps.user(shown.user), left.timers
    if not timers:
        return Card(words("No timed roles"), words("{user} has no timer in this server.", user=user))
    card = Card(words("Time left"), words("The timed roles of {user}", user=user), _colour(timers, roles))
    for place, timer in enumerate(timers):
        rest = words("and {n} more: ask for one of them with the option role", n=len(timers) - place)
        name = _name(timer, roles, words)
        value = "\n".join(
            [
                _value(timer, at, lack, is_lost, words) if timer.key.role in roles else _of_deleted_role(timer, words),
                *_role_of(timer, shown, left, roles, words, at),
                *_origin(left.origins.get(timer.key.role), words),
            ]
        )
        if place == MOST_FIELDS or len(card) + len(name) + len(value) + len(rest) > MOST_CHARACTERS:
            card.footer = rest
            return card
        card.add_field(name, value)
    return card


def _name(timer: Timer, roles: Mapping[RoleId, RoleFacts], words: Words) -> str:
    # Mentions are not shown as such in the names of fields.
    role = roles.get(timer.key.role)
    return words("Deleted role") if role is None else f"@{shortened(role.name, 100)}"


def _value(timer: Timer, at: datetime, lack: Callable[[RoleId], Lack | None], is_lost: IsLost, words: Words) -> str:
    role, state = stamps.role(timer.key.role), lapsed(timer, now=at).state
    match state:
        case Running(ends_at=ends_at) if ends_at > at:
            end = words("Ends {moment}", moment=stamps.moment_and_distance(ends_at))
            return f"{_left(timer.remaining(at), role, words)}\n{end}{_place(timer, is_lost, words)}"
        case Paused(remaining=remaining, since=since, until=until, away=away):
            paused = (
                words("Paused {distance}, until they are back in this server", distance=stamps.distance(since))
                if away
                else words("Paused {distance}", distance=stamps.distance(since))
            )
            if until is not None:
                goes_on = words("Goes on {moment}", moment=stamps.moment_and_distance(until))
                paused = f"{paused}\n{goes_on}"
            return f"{_left(remaining, role, words)}\n{paused}{_place(timer, is_lost, words)}"
        case Running() | Grace() | Ending():
            return _of_one_that_is_up(timer, state, lack, words)
        case Waiting():
            return f"{_of_waiting(timer, state, at, lack, words)}{_place(timer, is_lost, words)}"
        case _ as never:
            assert_never(never)


def _of_one_that_is_up(
    timer: Timer, state: Running | Grace | Ending, lack: Callable[[RoleId], Lack | None], words: Words
) -> str:
    role = stamps.role(timer.key.role)
    match state:
        case Running(ends_at=since):
            return _being_taken(role, since, words)
        case Grace(since=since, until=until):
            return _kept(role, since, until, words)
        case Ending(since=since, blocked_by=obstacle):
            told = _being_taken(role, since, words)
            if obstacle is None:
                return told
            remedy = in_the_way(obstacle, [timer.key.role], words, lack=lack(timer.key.role))
            return f"{told}\n{words('It could not be taken yet.')} {remedy}"
        case _ as never:
            assert_never(never)


def _of_waiting(timer: Timer, state: Waiting, at: datetime, lack: Callable[[RoleId], Lack | None], words: Words) -> str:
    role, duration = stamps.role(timer.key.role), words.duration(state.length)
    told = (
        words("{role}: **not begun yet**, for good", role=role)
        if state.ends_at is None
        else words("{role}: **not begun yet**, for {duration}", role=role, duration=duration)
    )
    start = stamps.moment_and_distance(state.starts_at)
    if state.starts_at > at and state.ends_at is not None:
        end = words("Ends {moment}", moment=stamps.moment(state.ends_at))
        return f"{told}\n{words('Begins {moment}', moment=start)}\n{end}"
    late = words("It was to begin {moment}, but the role could not be given yet.", moment=start)
    if state.blocked_by is not None:
        late = f"{late} {in_the_way(state.blocked_by, [timer.key.role], words, lack=lack(timer.key.role))}"
    return f"{told}\n{late}"


def _left(remaining: timedelta, role: str, words: Words) -> str:
    return words("{role}: **{duration} left**", role=role, duration=words.duration(remaining))


def _kept(role: str, since: datetime, until: datetime, words: Words) -> str:
    ran_out = words("{role}: **time ran out** on {moment}", role=role, moment=stamps.moment_and_distance(since))
    return f"{ran_out}\n{words('Kept until {moment}, to be renewed', moment=stamps.moment_and_distance(until))}"


def _being_taken(role: str, since: datetime, words: Words) -> str:
    moment = stamps.moment_and_distance(since)
    return words("{role}: **time ran out** on {moment}; it is being taken", role=role, moment=moment)


def _of_deleted_role(timer: Timer, words: Words) -> str:
    role = stamps.role(timer.key.role)
    return words("{role}: **the role was deleted**, so this timer is over", role=role)


def _role_of(
    timer: Timer,
    shown: ShownMember,
    left: TimesLeft,
    roles: Mapping[RoleId, RoleFacts],
    words: Words,
    at: datetime,
) -> list[str]:
    """What there is to say of the role, beside the time."""
    if timer.key.role in left.given_back:
        return [words(_WELCOME if shown.is_self else _BACK)]
    return [_missing(timer, shown, words)] if _is_missing(timer, shown, roles, at) else []


def _is_missing(timer: Timer, shown: ShownMember, roles: Mapping[RoleId, RoleFacts], at: datetime) -> bool:
    """Whether the member ought to have the role now, and does not; of one that was deleted other things are told."""
    return timer.key.role in roles and timer.misses_role(shown.held or (), at)


def _missing(timer: Timer, shown: ShownMember, words: Words) -> str:
    goes_on = [] if isinstance(timer.state, Paused | Grace) else [words("The time runs on.")]
    if shown.held is None:
        what = words("**They are not in this server**, so they do not have this role.")
        remedy = words("If they come back, `/addtime` gives it back; `/cleartime` ends the timer.")
        return " ".join([what, *goes_on, remedy])
    what = (
        words("**You do not have this role at the moment.**")
        if shown.is_self
        else words("**They do not have this role at the moment.**")
    )
    remedy = words((_REMEDY if goes_on else _RESUME) if shown.may_mend else _ASK)
    return " ".join([what, *goes_on, remedy])


def _origin(origin: Origin | None, words: Words) -> list[str]:
    if origin is None:
        return []
    told = words("Set by {user} on {moment}", user=stamps.user(origin.actor), moment=stamps.moment(origin.at))
    if origin.reason is None:
        return [told]
    return [told, words("Reason: {reason}", reason=escaped(origin.reason, MOST_OF_REASON))]


def _place(timer: Timer, is_lost: IsLost, words: Words) -> str:
    if timer.channel is None:
        return ""
    return f"\n{words('Warnings in {channel}', channel=channel(timer.channel, words, is_lost))}"


def _colour(timers: Sequence[Timer], roles: Mapping[RoleId, RoleFacts]) -> Colour:
    """That of the timers where it is the same for all; active, where they differ."""
    colours = {_state_colour(timer) if timer.key.role in roles else Colour.ATTENTION for timer in timers}
    return colours.pop() if len(colours) == 1 else Colour.ACTIVE


def _state_colour(timer: Timer) -> Colour:
    match timer.state:
        case Running() | Waiting():
            return Colour.ACTIVE
        case Paused():
            return Colour.PAUSED
        case Grace():
            return Colour.WARNING
        case Ending():
            return Colour.ENDED
        case _ as never:
            assert_never(never)
