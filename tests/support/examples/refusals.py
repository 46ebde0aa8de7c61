"""What is said when something cannot be done."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from boostmon.app import errors as app_errors
from boostmon.app.changing.changes import TooManyConflicts
from boostmon.app.changing.confirming import Loss, NotConfirmed, OtherThanShown
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.errors import (
    AmbiguousRole,
    ChannelAndOff,
    GuildUnseen,
    ListAndAll,
    NoChannelChosen,
    NothingNamed,
    OutdatedButton,
    Place,
    QuestionTooOld,
    Stopping,
    TooManyCommands,
    UnknownRole,
)
from boostmon.app.commands.move_time import MovedToItself
from boostmon.app.commands.undo import BegunSince, ChangedSince, NothingToUndo, OverByNow, UndoneAlready
from boostmon.app.guilds.rules import NoRule
from boostmon.app.ports import LaterChange
from boostmon.domain.channels import ChannelClosedToAsker, ChannelFacts, ChannelUnknown, ChannelUnusable
from boostmon.domain.common_end import EndsForAll
from boostmon.domain.defaults import NoDuration
from boostmon.domain.durations import (
    Ambiguous,
    DayHasBegun,
    Doubt,
    DurationProblem,
    Empty,
    InThePast,
    InvalidDuration,
    MissingDay,
    MissingUnit,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    Unit,
    UnitTwice,
    UnknownUnit,
)
from boostmon.domain.eligibility import (
    AskerMayNot,
    BotMayNotManageRoles,
    CommandNotAllowed,
    MemberGone,
    ObstructedRole,
    RoleFacts,
    RoleGone,
    RoleNotTimeable,
    TimerOnBot,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.lacks import Lack
from boostmon.domain.ledger import Action
from boostmon.domain.limits import HadBefore, LongerThanAllowed, RoleNotListed
from boostmon.domain.own_words import InvalidWords, NoSuchLink, UnknownPlaceholder
from boostmon.domain.own_words import TextTooLong as WordsTooLong
from boostmon.domain.permissions import Permission
from boostmon.domain.policy_values import (
    EveryoneListed,
    InvalidPolicy,
    LimitOutOfBounds,
    PauseDaysOutOfBounds,
    TooManyRoles,
    UnknownTimeZone,
)
from boostmon.domain.ruling import (
    EventWithoutDate,
    GraceOutOfBounds,
    InvalidRule,
    LongerThanLongest,
    StartsByDefault,
    StartsWithoutDuration,
    TooManyRules,
)
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.self_pausing import MayNotPause, NothingToPause, NotTheirPause, PausesUsedUp
from boostmon.domain.thresholds import (
    CommaInThreshold,
    InvalidThresholds,
    ThresholdOutOfBounds,
    ThresholdTwice,
    TooManyThresholds,
    UnreadableThreshold,
)
from boostmon.domain.timers import (
    AlreadyPaused,
    BegunAlready,
    EndsLater,
    EndsSooner,
    Grace,
    LastsForGood,
    NotBegun,
    NothingWouldRemain,
    NotPaused,
    Obstacle,
    PausedHasNoEnd,
    StillOver,
    TimeIsUp,
    TimerThere,
    TooMuchTime,
)
from boostmon.domain.transitions import end, pause
from boostmon.texts import Words
from boostmon.texts.duration_problems import in_choice, in_message
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.permissions import NAMES, permission_names
from boostmon.texts.refusals import apology, explain, grant_refused
from tests.support.examples.casts import OWN_ROLE, Cast, nth
from tests.support.examples.said import Example, Said
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, KEY, NOW, SECOND, VIP, running, waiting

ROLE = RoleFacts(VIP, "VIP", position=3)
PAUSED = pause(running(2 * HOUR), now=NOW)
OVER = end(running(2 * HOUR), now=NOW)
KEPT = replace(running(2 * HOUR), state=Grace(NOW - DAY, NOW + DAY))


def errors(cast: Cast) -> Sequence[BoostMonError]:
    """At least one of each kind that a command can end with."""
    return [
        InvalidDuration("5 parsecs", UnknownUnit("parsecs")),
        InvalidThresholds(TooManyThresholds(6)),
        InvalidThresholds(ThresholdOutOfBounds(30 * SECOND)),
        InvalidThresholds(ThresholdTwice(HOUR)),
        InvalidThresholds(CommaInThreshold("1,5h")),
        InvalidThresholds(UnreadableThreshold("11y", TooLong(10 * 365 * DAY))),
        InvalidThresholds(UnreadableThreshold("0s", NotPositive())),
        InvalidThresholds(UnreadableThreshold("tomorrow", NotUnderstood("tomorrow"))),
        InvalidPolicy(LimitOutOfBounds(30 * SECOND)),
        InvalidPolicy(TooManyRoles(26)),
        InvalidPolicy(EveryoneListed()),
        LongerThanAllowed(31 * DAY, 30 * DAY, VIP),
        LongerThanAllowed(45 * DAY + HOUR, 30 * DAY),
        LongerThanAllowed(30 * DAY + SECOND, 30 * DAY),
        EndsForAll(VIP, NOW + DAY, is_over=False),
        EndsForAll(VIP, NOW - DAY, is_over=True),
        RoleNotListed(VIP, frozenset(nth(number).role for number in range(1, cast.many))),
        RoleNotListed(VIP, frozenset()),
        HadBefore(KEY, NOW - 30 * DAY),
        InvalidPolicy(UnknownTimeZone(cast.typed)),
        InvalidPolicy(PauseDaysOutOfBounds(400)),
        MayNotPause(),
        NothingToPause(pause(running(DAY), now=NOW)),
        NotTheirPause(running(DAY)),
        PausesUsedUp(KEY, 30, NOW + DAY),
        InvalidRule(VIP, TooManyRules()),
        NoRule(VIP),
        InvalidWords(UnknownPlaceholder(f"{{{cast.typed}}}")),
        InvalidWords(WordsTooLong(401)),
        InvalidWords(NoSuchLink(cast.typed)),
        NothingNamed(),
        InvalidRule(VIP, StartsWithoutDuration()),
        InvalidRule(VIP, EventWithoutDate()),
        InvalidRule(VIP, StartsByDefault()),
        InvalidRule(VIP, LongerThanLongest(30 * DAY, DAY)),
        TooMuchTime(wanted=4000 * DAY, limit=3650 * DAY),
        RoleNotTimeable(ROLE, ObstructedRole.ABOVE_BOT),
        RoleNotTimeable(ROLE, ObstructedRole.ABOVE_BOT, is_unconfirmed=True),
        RoleGone(VIP),
        UnknownRole(cast.typed, [cast.role]),
        TooManyCommands(10.0),
        AmbiguousRole(cast.role, [RoleFacts(nth(number).role, cast.role, number) for number in range(cast.many)]),
        MemberGone(ALICE),
        BotMayNotManageRoles(),
        AskerMayNot(),
        CommandNotAllowed(Permission.MANAGE_ROLES, in_channel_only=False),
        CommandNotAllowed(Permission.MANAGE_ROLES, in_channel_only=True),
        CommandNotAllowed(Permission.MANAGE_SERVER, in_channel_only=False),
        ChannelUnusable(ChannelFacts(CHANNEL, missing=Permission.SEND_MESSAGES | Permission.EMBED_LINKS)),
        ChannelClosedToAsker(ChannelFacts(CHANNEL, asker_lacks=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)),
        ChannelUnknown(CHANNEL),
        TimerOnBot(),
        NoChannelChosen(Place.MEMBERS, CHANNEL),
        NoChannelChosen(Place.LOG, CHANNEL),
        NoChannelChosen(Place.LOG, None),
        NoChannelChosen(Place.MEMBERS, None),
        ChannelAndOff(Place.LOG),
        ListAndAll(),
        NoDuration(),
        NoTimer(ALICE, None),
        NoTimer(ALICE, VIP),
        SeveralTimers(
            ALICE, [PAUSED, OVER, waiting(HOUR), *(running(HOUR, of=nth(number)) for number in range(1, cast.many))]
        ),
        SeveralTimers(ALICE, []),
        TimerThere(running(HOUR)),
        TimerThere(PAUSED),
        MovedToItself(ALICE),
        AlreadyPaused(PAUSED),
        AlreadyPaused(pause(running(2 * HOUR), now=NOW, until=NOW + DAY)),
        NotPaused(running(HOUR)),
        NotPaused(OVER),
        TimeIsUp(KEPT),
        StillOver(KEPT, NOW - HOUR),
        InvalidRule(VIP, GraceOutOfBounds(91 * DAY)),
        TimeIsUp(OVER),
        NotBegun(waiting(HOUR)),
        LastsForGood(waiting(HOUR)),
        BegunAlready(running(HOUR)),
        BegunAlready(OVER),
        NothingWouldRemain(waiting(HOUR)),
        EndsLater(waiting(2 * HOUR), NOW + DAY),
        BegunSince(KEY),
        EndsLater(running(2 * HOUR), NOW + HOUR),
        EndsSooner(running(2 * HOUR), NOW + DAY),
        PausedHasNoEnd(PAUSED, NOW + DAY),
        GrantRefused(KEY, Obstacle.MISSING_PERMISSIONS),
        GrantHeld(KEY, SECOND),
        GrantHeld(KEY, 90 * SECOND),
        TooManyConflicts(ALICE),
        app_errors.StorageUnavailable("no route"),
        app_errors.StorageOutcomeUnknown("cut off"),
        OutdatedButton(),
        QuestionTooOld(),
        NotConfirmed(Loss(running(30 * DAY), running(HOUR), NOW), changed_since=False),
        OtherThanShown(KEY, running(HOUR)),
        OtherThanShown(KEY, None),
        NothingToUndo(),
        UndoneAlready(ALICE, NOW - HOUR),
        ChangedSince(KEY, LaterChange(NOW - HOUR, Action.PAUSE, ALICE)),
        ChangedSince(KEY, LaterChange(NOW - HOUR, Action.TAKE_AGAIN, ALICE)),
        OverByNow(running(HOUR, NOW - 3 * HOUR)),
        OverByNow(end(running(HOUR, NOW - 5 * HOUR), now=NOW - 4 * HOUR)),
        GuildUnseen(),
        Stopping(),
    ]


def refusals(words: Words, cast: Cast) -> Iterator[Example]:
    """One for each error, and for faults of our own."""
    for error in errors(cast):
        yield type(error).__name__, Said.problem(explain(error, words))
    for problem in ObstructedRole:
        error = RoleNotTimeable(ROLE, problem, beyond=Permission.MANAGE_ROLES | Permission.MANAGE_SERVER)
        yield f"RoleNotTimeable: {problem.name}", Said.problem(explain(error, words))
    yield "A fault of our own", Said.problem(apology("a1b2c3d4", words))


def obstacles(words: Words, _cast: Cast) -> Iterator[Example]:
    """Each obstacle, and what is known of the bot's standing, before a role could be given."""
    for obstacle in Obstacle:
        refused = GrantRefused(KEY, obstacle)
        yield obstacle.name, Said.problem(grant_refused(refused, words))
    for name, lack in {
        "The bot has no role": Lack(None, manage_roles=True, place=True),
        "The bot lacks the permission": Lack(OWN_ROLE, manage_roles=True, place=False),
        "The bot's role is too low": Lack(OWN_ROLE, manage_roles=False, place=True),
        "The bot lacks both": Lack(OWN_ROLE, manage_roles=True, place=True),
    }.items():
        refused = GrantRefused(KEY, Obstacle.MISSING_PERMISSIONS)
        yield name, Said.problem(grant_refused(refused, words, lack))
    three = [nth(number).role for number in range(3)]
    low = Lack(OWN_ROLE, manage_roles=False, place=True)
    yield (
        "Three roles",
        Said(content=in_the_way(Obstacle.MISSING_PERMISSIONS, three, words, lack=low)),
    )


def unreadable_durations(words: Words, cast: Cast) -> Iterator[Example]:
    """Each thing that can be wrong with a written duration, in a message and as a choice."""
    for problem in _duration_problems(cast):
        error = InvalidDuration("", problem)
        name = type(problem).__name__
        if isinstance(problem, Ambiguous):
            name = f"{name}: {problem.doubt.name}, {len(problem.readings)}"
        yield (
            name,
            Said(content=in_message(error.problem, words), choices={in_choice(error.problem, words): "as typed"}),
        )


def _duration_problems(cast: Cast) -> Iterator[DurationProblem]:
    yield from (Empty(), TextTooLong(100), NotUnderstood(cast.typed), NotUnderstood("tomorow", near="tomorrow"))
    yield from (UnknownUnit(cast.typed), UnknownUnit("huors", near="hours"), MissingUnit("30"))
    yield from map(UnitTwice, Unit)
    for doubt in Doubt:
        yield Ambiguous(doubt, "1:30", ("1h 30min", "2026-11-08 01:30"))
        yield Ambiguous(doubt, "1:30", ("1h 30min",))
    yield from (NotPositive(), TooShort(SECOND), TooLong(3650 * DAY), InThePast(NOW - HOUR), DayHasBegun("today"))
    yield from (MissingDay("December"), NoLengthAfter("for", "18:00"), NoSuchDate("30 Feb"))
    yield NoSuchTime(datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")))


def permissions(words: Words, _cast: Cast) -> Iterator[Example]:
    """Every one by its name."""
    yield "By name", Said(content="\n".join(permission_names(1 << bit, words) for bit in NAMES))
    yield "Two", Said(content=permission_names(0b11 << 10, words))
    yield "One more than are named", Said(content=permission_names(0b11111 << 10, words))
    yield "All at once", Said(content=permission_names(sum(1 << bit for bit in NAMES), words))
    yield "One without a name", Said(content=permission_names(1 << 63, words))
