"""What BoostMon says by itself."""

from collections.abc import Iterator
from dataclasses import replace

from boostmon.app.delivering.messages import MOST_IN_LOG, MOST_TOGETHER
from boostmon.domain.ids import NOBODY, TimerKey
from boostmon.domain.lacks import Lack
from boostmon.domain.notices import (
    BlockedNotice,
    EndedNotice,
    FoughtNotice,
    GivenAgainNotice,
    GraceNotice,
    Notice,
    ResolvedNotice,
    UntimedNotice,
    WarningNotice,
)
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToMember, Way
from boostmon.texts import Words
from boostmon.texts.notices import NO_NAMES, Names, channel_message, direct_message, log_message
from tests.support.examples.casts import OWN_ROLE, Cast, nth
from tests.support.examples.said import Example, Said
from tests.support.timers import CHANNEL, DAY, GUILD, HOUR, NOW, VIP


def _warning(number: int = 0) -> WarningNotice:
    return WarningNotice(nth(number), CHANNEL, threshold=HOUR, ends_at=NOW + HOUR)


def _ended(number: int = 0) -> EndedNotice:
    return EndedNotice(nth(number), CHANNEL, ended_at=NOW - HOUR)


def _kept(number: int = 0) -> GraceNotice:
    return GraceNotice(nth(number), CHANNEL, grace=3 * DAY, until=NOW + 3 * DAY)


def _fought(number: int = 0) -> FoughtNotice:
    return FoughtNotice(nth(number), nth(99).user, NOW)


def _again(number: int = 0) -> GivenAgainNotice:
    return GivenAgainNotice(nth(number), nth(99).user, NOW)


def _untimed(number: int = 0) -> UntimedNotice:
    return UntimedNotice(replace(nth(number), user=NOBODY), number + 1, NOW)


def _blocked(number: int = 0, obstacle: Obstacle = Obstacle.MISSING_PERMISSIONS) -> BlockedNotice:
    return BlockedNotice(nth(number), obstacle, NOW)


def _not_given(number: int = 0) -> BlockedNotice:
    return BlockedNotice(nth(number), Obstacle.MISSING_PERMISSIONS, NOW, gives=True)


def public_messages(words: Words, cast: Cast) -> Iterator[Example]:
    """Warnings and ends, where all can read them."""
    numbers = range(min(cast.many, MOST_TOGETHER))
    notices: dict[str, list[Notice]] = {
        "A warning": [_warning()],
        "A warning that comes when time is up": [WarningNotice(nth(0), CHANNEL, threshold=HOUR, ends_at=NOW)],
        "Several warnings": list(map(_warning, numbers)),
        "A grace": [_kept()],
        "Several graces": list(map(_kept, numbers)),
        "An end": [_ended()],
        "Several ends": list(map(_ended, numbers)),
    }
    for name, told in notices.items():
        yield name, Said.message(channel_message(told, words, now=NOW))


def direct_messages(words: Words, cast: Cast) -> Iterator[Example]:
    """The same to the member alone."""
    names = Names(cast.role, cast.guild)
    late = WarningNotice(nth(0), None, threshold=HOUR, ends_at=NOW)
    notices: dict[str, Notice] = {
        "A warning": _warning(),
        "A warning that comes late": late,
        "A grace": _kept(),
        "An end": _ended(),
    }
    notices["A grace"] = _kept()
    for name, notice in notices.items():
        yield name, Said.message(direct_message(notice, names, words, now=NOW))
        yield (
            f"{name}, with names unknown",
            Said.message(direct_message(notice, NO_NAMES, words, now=NOW)),
        )


def log_news(words: Words, cast: Cast) -> Iterator[Example]:
    """What those who run the server should know."""
    numbers = range(min(cast.many, MOST_IN_LOG))
    resolved = [ResolvedNotice(TimerKey(GUILD, NOBODY, nth(number).role), NOW) for number in numbers]
    notices: dict[str, list[Notice]] = {
        "A role could not be taken": [_blocked()],
        "Several roles could not be taken": list(map(_blocked, numbers)),
        "A role could not be given": [_not_given()],
        "Several roles could not be given": list(map(_not_given, numbers)),
        "One role can be taken again": list(resolved[:1]),
        "Several roles can be taken again": list(resolved),
        "A role is given back no more": [_fought()],
        "Several roles are given back no more": list(map(_fought, numbers)),
        "A role was given twice": [_again()],
        "Several roles were given twice": list(map(_again, numbers)),
        "A role was given unheard": [_untimed()],
        "Several roles were given unheard": list(map(_untimed, numbers)),
        "Somebody whom nobody knows takes a role": [FoughtNotice(nth(0), NOBODY, NOW)],
    }
    for name, told in notices.items():
        yield name, Said.message(log_message(told, [], words, now=NOW))
    lack = Lack(OWN_ROLE, manage_roles=True, place=True)
    yield (
        "A role could not be taken, and it is known why",
        Said.message(log_message([_blocked()], [], words, now=NOW, lacks={VIP: lack})),
    )
    yield from _untold(words, numbers)


def _untold(words: Words, numbers: range) -> Iterator[Example]:
    untold: list[Notice] = [_warning(), _kept(), *map(_ended, numbers)]
    yield "Nobody could be warned: no way", Said.message(log_message([_warning()], [], words, now=NOW))
    yield (
        "Several could not be warned or told, and why is forgotten",
        Said.message(log_message(untold[: len(numbers)], None, words, now=NOW)),
    )
    yield "Nobody could be told of a grace: no way", Said.message(log_message([_kept()], [], words, now=NOW))
    for barrier in Barrier:
        way: Way = ToChannel(CHANNEL) if barrier.name.startswith(("CHANNEL", "THREAD")) else ToMember()
        yield (
            f"A member could not be told: {barrier.name}",
            Said.message(log_message([_ended()], [Refusal(way, "", barrier)], words, now=NOW)),
        )
    more = [Refusal(ToChannel(CHANNEL), "", barrier) for barrier in Barrier]
    yield (
        "More reasons than are told",
        Said.message(log_message([_ended()], more, words, now=NOW)),
    )
