"""What autocomplete offers: pure functions from what is typed and known to the choices that Discord shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from boostmon.adapters.discord.quoting import shortened
from boostmon.domain.durations import InvalidDuration, approximate, format_duration, parse_when, suggestions
from boostmon.domain.eligibility import GuildView, RoleFacts, ensure_grantable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.timers import Paused, Timer
from boostmon.entrypoints.bot.duration_texts import in_choice

MOST_CHOICES = 25
"""Discord shows no more."""
MOST_LETTERS = 100
"""In the name and in the value of a choice."""

type Choices = dict[str, str]
"""From the name that is shown to the value that is sent."""

type Effect = Callable[[timedelta], str]
"""What would come of a duration, in a few words; empty where that is not known."""


def duration_choices(typed: str, *, now: datetime, zone: tzinfo, effect: Effect) -> Choices:
    """How a duration is understood, and how one may go on typing it; for a wrong one, what is wrong with it.

    Each value means exactly what its name says; that of a wrong text is the text itself, so that sending it
    brings the whole explanation.
    """
    choices: Choices = {}
    problem: str | None = None
    try:
        understood = parse_when(typed, now=now, zone=zone)
    except InvalidDuration as error:
        problem = in_choice(error.problem)
    else:
        choices[_named(understood, effect)] = typed.strip()
    for duration in suggestions(typed):
        choices.setdefault(_named(duration, effect), format_duration(duration))
    if not choices and problem is not None:
        return {problem: shortened(typed, MOST_LETTERS)}
    return dict(islice(choices.items(), MOST_CHOICES))


def _named(duration: timedelta, effect: Effect) -> str:
    words = approximate(duration, units=5)
    outcome = effect(duration)
    return shortened(f"{words}: {outcome}" if outcome else words, MOST_LETTERS)


def effect_of_setting(now: datetime, zone: tzinfo) -> Effect:
    """A timer that starts now."""
    return lambda duration: f"ends {_moment(now + duration, now, zone)}"


def effect_of_adding(timer: Timer | None, now: datetime, zone: tzinfo) -> Effect:
    """More time on this timer; None: a new one starts."""
    return lambda duration: _outcome(timer, duration, now, zone)


def effect_of_removing(timer: Timer, now: datetime, zone: tzinfo) -> Effect:
    """Less time on this timer."""
    return lambda duration: _outcome(timer, -duration, now, zone)


def effect_unknown(_duration: timedelta) -> str:
    """Nothing is known of the timer."""
    return ""


def _outcome(timer: Timer | None, change: timedelta, now: datetime, zone: tzinfo) -> str:
    remaining = change if timer is None else timer.remaining(now) + change
    if remaining <= timedelta():
        return "ends now"
    if timer is not None and isinstance(timer.state, Paused):
        return f"{approximate(remaining, units=3)} left, paused"
    return f"ends {_moment(now + remaining, now, zone)}"


def _moment(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """`Sat 7 Nov 18:00 UTC`; with the year, where it is not this one."""
    local = instant.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M} {local.tzname()}"


def role_choices(
    typed: str, timers: Sequence[Timer], view: GuildView, *, now: datetime, others: bool = False
) -> Choices:
    """The member's timed roles that fit what is typed, the next to end first.

    With `others`, then the roles that could be timed besides, from the highest down.
    """
    choices: Choices = {}
    for name, role in _roles(typed, timers, view, now=now, others=others):
        # Discord shows names alone: two roles of one name are told apart by their ids.
        unique = f"{shortened(name, MOST_LETTERS - 23)} ({role})" if name in choices else name
        choices[unique] = str(role)
        if len(choices) == MOST_CHOICES:
            break
    return choices


def _roles(
    typed: str, timers: Sequence[Timer], view: GuildView, *, now: datetime, others: bool
) -> Iterator[tuple[str, RoleId]]:
    wanted = typed.strip().removeprefix("@").casefold()
    for timer in sorted(timers, key=lambda timer: (isinstance(timer.state, Paused), timer.remaining(now))):
        role = timer.key.role
        name = view.roles[role].name if role in view.roles else "Deleted role"
        if _fits(wanted, name, role):
            yield f"{shortened(name, 60)}: {_left(timer, now)}", role
    if others:
        timed = {timer.key.role for timer in timers}
        for facts in _timeable(view.roles, view):
            if facts.id not in timed and _fits(wanted, facts.name, facts.id):
                yield shortened(facts.name, MOST_LETTERS), facts.id


def _timeable(roles: Mapping[RoleId, RoleFacts], view: GuildView) -> Iterable[RoleFacts]:
    for facts in sorted(roles.values(), key=lambda facts: facts.rank, reverse=True):
        try:
            ensure_grantable(view, facts.id)
        except BoostMonError:
            continue
        yield facts


def _fits(wanted: str, name: str, role: RoleId) -> bool:
    return wanted in name.casefold() or wanted in {str(role), f"<@&{role}>", f"&{role}>"}


def _left(timer: Timer, now: datetime) -> str:
    if timer.is_over(now):
        return "time is up"
    left = approximate(timer.remaining(now))
    return f"{left} left, paused" if isinstance(timer.state, Paused) else f"{left} left"
