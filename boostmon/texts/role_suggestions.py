"""What autocomplete offers where a timed role is meant, or one to be timed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from boostmon.domain.eligibility import GuildView, RoleFacts, ensure_grantable
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.timers import Paused, Timer, Waiting
from boostmon.texts.quoting import shortened
from boostmon.texts.suggestions import MOST_CHOICES, MOST_LETTERS, Choices
from boostmon.texts.words import Words


def role_choices(
    typed: str,
    timers: Sequence[Timer],
    view: GuildView,
    words: Words,
    *,
    now: datetime,
    others: bool = False,
    timeable: frozenset[RoleId] | None = None,
) -> Choices:
    """The member's timed roles that fit what is typed, the next to end first.

    With `others`, then the roles that could be timed besides, from the highest down: of those `timeable`, if any are.
    """
    choices: Choices = {}
    for name, role in _roles(typed, timers, view, words, now=now, others=_others(view, timeable) if others else ()):
        # Discord shows names alone: two roles of one name are told apart by their ids.
        unique = f"{shortened(name, MOST_LETTERS - 23)} ({role})" if name in choices else name
        choices[unique] = str(role)
        if len(choices) == MOST_CHOICES:
            break
    return choices


def _roles(
    typed: str, timers: Sequence[Timer], view: GuildView, words: Words, *, now: datetime, others: Iterable[RoleFacts]
) -> Iterator[tuple[str, RoleId]]:
    wanted = typed.strip().removeprefix("@").casefold()
    for timer in sorted(timers, key=lambda timer: (isinstance(timer.state, Paused), timer.remaining(now))):
        role = timer.key.role
        name = view.roles[role].name if role in view.roles else words("Deleted role")
        if _fits(wanted, name, role):
            shown = shortened(name, 60) or str(role)
            yield words("{role}: {standing}", role=shown, standing=_left(timer, now, words)), role
    timed = {timer.key.role for timer in timers}
    for facts in others:
        if facts.id not in timed and _fits(wanted, facts.name, facts.id):
            # Of a name that nobody sees nothing is left, and Discord shows no list with an empty choice in it.
            yield shortened(facts.name, MOST_LETTERS) or str(facts.id), facts.id


def _others(view: GuildView, timeable: frozenset[RoleId] | None) -> Iterable[RoleFacts]:
    for facts in sorted(view.roles.values(), key=lambda facts: facts.rank, reverse=True):
        if timeable is not None and facts.id not in timeable:
            continue
        try:
            ensure_grantable(view, facts.id)
        except BoostMonError:
            continue
        yield facts


def _fits(wanted: str, name: str, role: RoleId) -> bool:
    return wanted in name.casefold() or wanted in {str(role), f"<@&{role}>", f"&{role}>"}


def _left(timer: Timer, now: datetime, words: Words) -> str:
    if timer.is_over(now):
        return words("time is up")
    left = words.duration(timer.remaining(now))
    if isinstance(timer.state, Waiting):
        return words("{duration}, not begun yet", duration=left)
    if isinstance(timer.state, Paused):
        return words("{duration} left, paused", duration=left)
    return words("{duration} left", duration=left)
