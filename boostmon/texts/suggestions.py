"""What autocomplete offers: pure functions from what is typed and known to the choices that Discord shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import Protocol

from boostmon.domain.common_end import EndsForAll
from boostmon.domain.durations import (
    Ambiguous,
    Amount,
    Calendar,
    DayHasBegun,
    DurationProblem,
    End,
    InvalidDuration,
    Kind,
    Months,
    NoLengthAfter,
    NotUnderstood,
    Span,
    UnknownUnit,
    When,
    completions,
    format_amount,
    parse_when,
    suggestions,
    usual_word,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.limits import LongerThanAllowed, ensure_within_limits
from boostmon.domain.policy import Policy
from boostmon.domain.timers import (
    EndsLater,
    EndsSooner,
    NothingWouldRemain,
    Paused,
    PausedHasNoEnd,
    StillOver,
    TimeIsUp,
    Timer,
    TooMuchTime,
)
from boostmon.domain.transitions import extend, reduce
from boostmon.texts.duration_problems import in_choice
from boostmon.texts.quoting import shortened
from boostmon.texts.words import Words, msgid

MOST_CHOICES = 25
"""Discord shows no more."""
MOST_LETTERS = 100
"""In the name and in the value of a choice."""

type Choices = dict[str, str]
"""From the name that is shown to the value that is sent."""

type Effect = Callable[[When], str]
"""What would come of an amount or a moment, in a few words; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Scene:
    """For whom and when something is offered: the reader's words, the present, and what the guild decided.

    Moments are in the zone of that policy.
    """

    words: Words
    now: datetime
    policy: Policy

    @property
    def calendar(self) -> Calendar:
        """That of the guild."""
        return self.policy.calendar

    @property
    def zone(self) -> tzinfo:
        """That of the guild."""
        return self.calendar.zone

    def understood(self, text: str) -> When:
        """The amount or the moment that the text means to the reader; raises InvalidDuration where it means none."""
        return parse_when(text, now=self.now, calendar=self.calendar, language=self.words.language)

    def moment(self, instant: datetime) -> str:
        """`Sat 7 Nov 18:00 UTC`; with the year, where it is not this one."""
        local = instant.astimezone(self.zone)
        is_this_year = local.year == self.now.astimezone(self.zone).year
        return f"{self.words.moment(local, with_year=not is_this_year)} {local.tzname()}"


class Transition(Protocol):
    """`extend` or `reduce`."""

    def __call__(self, timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
        """The timer after the change."""


UNTIL, ON = msgid("until {moment}"), msgid("on {moment}")
"""What a moment is called that is the end of something, and one that is not."""


def duration_choices(
    typed: str, scene: Scene, effect: Effect, usual: Amount | None = None, *, moments: str = UNTIL
) -> Choices:
    """How a duration is understood, and how one may go on typing it; for a wrong one, what is wrong with it.

    Where nothing is typed, the `usual` amount comes first. `moments` are named so.

    Each value means exactly what its name says: a moment is sent with its date and offset, since midnight may pass
    before the choice is taken. The value of a wrong text is the text itself, so that sending it brings the whole
    explanation.
    """
    choices: Choices = {}
    if usual is not None and not typed.strip():
        choices[_named(usual, effect, scene, moments)] = format_amount(usual)
    refusal: Choices = {}
    try:
        understood = scene.understood(typed)
    except InvalidDuration as error:
        refusal = {in_choice(error.problem, scene.words): shortened(typed, MOST_LETTERS) or "?"}
        if _needs_saying(error.problem):
            choices |= refusal
    else:
        choices[_named(understood, effect, scene, moments)] = _written(understood, typed, scene.zone)
    for text in completions(typed, now=scene.now, calendar=scene.calendar, language=scene.words.language):
        when = scene.understood(text)
        choices.setdefault(_named(when, effect, scene, moments), _written(when, text, scene.zone))
    return dict(islice((choices or refusal).items(), MOST_CHOICES))


def length_choices(typed: str, words: Words) -> Choices:
    """How a length is understood, and how one may go on typing it; or none at all. Any language reads the values."""
    lengths = suggestions(typed, words.language, months=Months.THIRTY_DAYS)
    choices = {shortened(_exactly(length, words), MOST_LETTERS): format_amount(length) for length in lengths}
    none = usual_word(Kind.NO_WARNINGS, words.language)
    return choices | {none: none} if none.startswith(typed.strip().casefold()) else choices


def _needs_saying(problem: DurationProblem) -> bool:
    """Whether the text is wrong as it is, rather than unfinished."""
    match problem:
        case Ambiguous() | DayHasBegun() | NoLengthAfter():
            return True
        case NotUnderstood(near=near) | UnknownUnit(near=near):
            return near is not None
        case _:
            return False


def _written(when: When, typed: str, zone: tzinfo) -> str:
    if not isinstance(when, datetime):
        return typed.strip()
    return when.astimezone(zone).isoformat(sep=" ", timespec="auto" if when.second or when.microsecond else "minutes")


def _named(when: When, effect: Effect, scene: Scene, moments: str) -> str:
    words = scene.words
    named = words(moments, moment=scene.moment(when)) if isinstance(when, datetime) else _exactly(when, words)
    outcome = effect(when)
    told = words("{duration}: {outcome}", duration=named, outcome=outcome) if outcome else named
    return shortened(told, MOST_LETTERS)


def _exactly(amount: Amount, words: Words) -> str:
    length = amount.length if isinstance(amount, Span) else amount
    return format_amount(amount) if length.microseconds else words.amount(amount)


def effect_of_setting(scene: Scene) -> Effect:
    """A timer that starts now."""
    return lambda when: _started(when, scene)


def effect_of_pausing(scene: Scene) -> Effect:
    """A pause that begins now."""
    return lambda when: _paused(when, scene)


def effect_of_self_pausing(scene: Scene) -> Effect:
    """A pause that begins now, and ends after as many days as members may pause, at the latest."""
    return lambda when: _self_paused(when, scene)


def effect_of_starting(scene: Scene) -> Effect:
    """A timer that begins later."""
    return lambda when: _starting(when, scene)


def effect_of_adding(timer: Timer | None, scene: Scene) -> Effect:
    """More time on this timer; None: a new one starts."""
    if timer is None:
        return effect_of_setting(scene)
    return lambda when: _changed(timer, _extended, when, scene)


def effect_of_removing(timer: Timer, scene: Scene) -> Effect:
    """Less time on this timer."""
    return lambda when: _changed(timer, reduce, when, scene)


def effect_told(text: str) -> Effect:
    """What is missing for there to be an effect, or why there is none."""
    return lambda _when: text


def effect_unknown(_when: When) -> str:
    """Nothing is known of the timer."""
    return ""


def _started(when: When, scene: Scene) -> str:
    if isinstance(when, datetime):
        return scene.words("{duration} from now", duration=scene.words.duration(when - scene.now))
    return scene.words("ends {moment}", moment=scene.moment(scene.calendar.after(End(scene.now), when).at))


def _paused(when: When, scene: Scene) -> str:
    if isinstance(when, datetime):
        return _started(when, scene)
    return scene.words("goes on {moment}", moment=scene.moment(scene.calendar.after(End(scene.now), when).at))


def _self_paused(when: When, scene: Scene) -> str:
    days = scene.policy.self_pause_days
    if not days:
        return ""
    latest = scene.now + timedelta(days=days)
    goes_on = when if isinstance(when, datetime) else scene.calendar.after(End(scene.now), when).at
    return _paused(when, scene) if goes_on <= latest else scene.words("goes on {moment}", moment=scene.moment(latest))


def _starting(when: When, scene: Scene) -> str:
    if isinstance(when, datetime):
        return _started(when, scene)
    return scene.words("begins {moment}", moment=scene.moment(scene.calendar.after(End(scene.now), when).at))


def _extended(timer: Timer, amount: When, *, now: datetime, policy: Policy) -> Timer:
    after = extend(timer, amount, now=now, policy=policy)
    ensure_within_limits(after, now=now, policy=policy, given=amount, before=timer.remaining(now))
    return after


def _changed(timer: Timer, change: Transition, when: When, scene: Scene) -> str:
    """What the command's own transition makes of the timer, so that the two cannot disagree."""
    words, now = scene.words, scene.now
    try:
        after = change(timer, when, now=now, policy=scene.policy)
    except BoostMonError as error:
        return _refused(error, scene)
    remaining = after.remaining(now)
    if not remaining:
        return words("ends now")
    if isinstance(after.state, Paused):
        return words("{duration} left, paused", duration=words.duration(remaining))
    if not isinstance(when, datetime):
        return words("ends {moment}", moment=scene.moment(after.ends_at or now + remaining))
    more = remaining - timer.remaining(now)
    if more > timedelta():
        return words("{duration} more", duration=words.duration(more))
    return words("{duration} less", duration=words.duration(-more))


def _refused(error: BoostMonError, scene: Scene) -> str:
    words = scene.words
    match error:
        case EndsLater(timer=timer) | EndsSooner(timer=timer) if timer.ends_at is not None:
            return words("no, it ends {moment} already", moment=scene.moment(timer.ends_at))
        case PausedHasNoEnd():
            return words("no, it is paused: /resumetime first")
        case StillOver() | TimeIsUp():
            is_more = isinstance(error, StillOver)
            return words("no, that would be over already") if is_more else words("no, time is up already")
        case _:
            return out_of_bounds(error, scene)


def out_of_bounds(error: BoostMonError, scene: Scene) -> str:
    """That it would be more time than there may be, or none; empty where something else is wrong."""
    words = scene.words
    match error:
        case NothingWouldRemain():
            return words("no, nothing would remain")
        case TooMuchTime(limit=limit) | LongerThanAllowed(limit=limit):
            return words("no, {limit} is the most", limit=words.duration(limit))
        case EndsForAll(date=date):
            return words("no, all end {moment}", moment=scene.moment(date))
        case _:
            return ""
