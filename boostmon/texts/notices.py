"""Notices as the bodies of Discord messages.

A message stays, and may be read at any time: it is worded so that it is true then, too (docs/adr/0013). It names the
moment of an end, which Discord shows in the reader's own zone; what remains is that of the moment `now` at which it is
composed, and it says so. Nothing in it counts on by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, assert_never

from boostmon.domain.ids import RoleId
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
from boostmon.domain.own_words import OwnWords
from boostmon.domain.ways import Refusal
from boostmon.texts import stamps
from boostmon.texts.by_hand import by_hand_cards
from boostmon.texts.cards import Card, Colour
from boostmon.texts.grace import card_to_member, grace_cards, untold_cards
from boostmon.texts.obstacle_notices import obstacle_card, obstacle_cards, resolved_card, resolved_cards
from boostmon.texts.own_words import in_own_words, link_button
from boostmon.texts.quoting import escaped
from boostmon.texts.reasons import reasons
from boostmon.texts.remaining import left_until
from boostmon.texts.words import Words

AUTHOR = "BoostMon"
"""Who says it, above what is told to members: the bot's account may be called otherwise."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a role and its guild are called; None where it is not known."""

    role: str | None
    guild: str | None


NO_NAMES = Names(role=None, guild=None)


def channel_message(
    notices: Sequence[Notice], words: Words, *, now: datetime, own: OwnWords | None = None, guild: str | None = None
) -> dict[str, Any]:
    """The message to a channel of the guild. It pings the members whom it is about, and nobody else.

    `own` is what the guild says of all of them in its own words, in which it may name itself: `guild`.
    """
    members = dict.fromkeys(notice.key.user for notice in notices)
    return {
        "content": " ".join(map(stamps.user, members)),
        "embeds": [card.payload() for card in _public_cards(notices, words, now, own or OwnWords(), guild)],
        "allowed_mentions": {"parse": [], "users": [str(member) for member in members]},
        **link_button(own, words),
    }


def direct_message(
    notice: Notice, names: Names, words: Words, *, now: datetime, own: OwnWords | None = None
) -> dict[str, Any]:
    """The message to the member, with names in the place of mentions that mean nothing outside the guild."""
    card = _private_card(notice, names, words, now, own or OwnWords())
    return {"embeds": [card.payload()], "allowed_mentions": {"parse": []}, **link_button(own, words)}


def log_message(
    notices: Sequence[Notice],
    refusals: Sequence[Refusal] | None,
    words: Words,
    *,
    now: datetime,
    lacks: Mapping[RoleId, Lack] = MappingProxyType({}),
) -> dict[str, Any]:
    """The message to those who run the guild. It names members and roles, and pings nobody.

    `refusals` say why members were not told, one way each; empty where no way was left to try, None where the reasons
    are forgotten. `lacks` is what the bot is known to lack for roles that it cannot take.
    """
    warnings, ends = _of(WarningNotice, notices), _of(EndedNotice, notices)
    obstacles, resolved = _of(BlockedNotice, notices), _of(ResolvedNotice, notices)
    untold = [_unwarned(warnings, words, now)] if warnings else []
    untold += untold_cards(_of(GraceNotice, notices), words)
    untold += [_untold(ends, words)] if ends else []
    if untold and refusals is not None:  # why is said once, below the last of them
        untold[-1].description = f"{untold[-1].description}\n{reasons(refusals, words)}"
    by_hand = by_hand_cards(notices, words)
    cards = [*obstacle_cards(obstacles, lacks, words), *resolved_cards(resolved, words), *by_hand, *untold]
    return {"embeds": [card.payload() for card in cards], "allowed_mentions": {"parse": []}}


def _of[N: Notice](kind: type[N], notices: Sequence[Notice]) -> list[N]:
    return [notice for notice in notices if isinstance(notice, kind)]


def _unwarned(warnings: Sequence[WarningNotice], words: Words, now: datetime) -> Card:
    title = words.plural("A member could not be warned", "Members could not be warned", len(warnings))
    return Card(title, _about_to_end(warnings, words, now), Colour.ATTENTION)


def _untold(ends: Sequence[EndedNotice], words: Words) -> Card:
    title = words.plural("A member could not be told", "Members could not be told", len(ends))
    return Card(title, _over(ends, words), Colour.ATTENTION)


def _public_cards(
    notices: Sequence[Notice], words: Words, now: datetime, own: OwnWords, guild: str | None
) -> list[Card]:
    """One for each kind, with a line for each member."""
    warnings, ends = _of(WarningNotice, notices), _of(EndedNotice, notices)
    cards = []
    if warnings:
        values = [_values(one, _role(one), guild, one.ends_at) for one in warnings]
        text = in_own_words(own.warning, _about_to_end(warnings, words, now), values)
        cards.append(_warnings_card(text, len(warnings), words))
    cards += grace_cards(_of(GraceNotice, notices), words, author=AUTHOR)
    if ends:
        values = [_values(one, _role(one), guild, one.ended_at) for one in ends]
        cards.append(_ends_card(in_own_words(own.ending, _over(ends, words), values), len(ends), words))
    return cards


def _values(notice: Notice, role: str, guild: str | None, end: datetime) -> dict[str, str]:
    """What fills the placeholders of the guild's own words."""
    return {"member": _member(notice), "role": role, "server": escaped(guild or ""), "end": stamps.moment(end)}


def _warnings_card(text: str, n: int, words: Words) -> Card:
    return Card(words.plural("Role ending", "Roles ending", n), text, Colour.WARNING, author=AUTHOR)


def _ends_card(text: str, n: int, words: Words) -> Card:
    return Card(words.plural("Role ended", "Roles ended", n), text, Colour.ENDED, author=AUTHOR)


def _about_to_end(warnings: Sequence[WarningNotice], words: Words, now: datetime) -> str:
    if len(warnings) > 1:
        lines = (_line(one, one.ends_at, words) for one in warnings)
        return "\n".join([words("When these roles end, as of this message:"), *lines])
    [only] = warnings
    values = {"user": _member(only), "role": _role(only), "end": stamps.moment(only.ends_at)}
    left = left_until(only.ends_at, words, now)
    if left is None:
        return words("As of this message, {user} has the role {role} until {end}.", **values)
    return words(
        "As of this message, {user} has the role {role} for another **{left}**, until {end}.", **values, left=left
    )


def _over(ends: Sequence[EndedNotice], words: Words) -> str:
    if len(ends) > 1:
        lines = (_line(one, one.ended_at, words) for one in ends)
        return "\n".join([words("These roles ended and were removed:"), *lines])
    [only] = ends
    return words(
        "The time of {user} with the role {role} ended on {end}. The role was removed.",
        user=_member(only),
        role=_role(only),
        end=stamps.moment(only.ended_at),
    )


def _line(notice: Notice, end: datetime, words: Words) -> str:
    return words("{role} of {user}: {end}", role=_role(notice), user=_member(notice), end=stamps.moment(end))


def _private_card(notice: Notice, names: Names, words: Words, now: datetime, own: OwnWords) -> Card:
    role = escaped(names.role or "")
    match notice:
        case WarningNotice(ends_at=ends_at):
            values = [_values(notice, role, names.guild, ends_at)]
            text = in_own_words(own.warning, _warning_to_member(names, ends_at, words, now), values)
            return _warnings_card(text, 1, words)
        case GraceNotice():
            return card_to_member(notice, _your_time(names, words), _server(names, words), words, author=AUTHOR)
        case EndedNotice(ended_at=ended_at):
            values = [_values(notice, role, names.guild, ended_at)]
            return _ends_card(in_own_words(own.ending, _end_to_member(names, ended_at, words), values), 1, words)
        case BlockedNotice() | ResolvedNotice() | FoughtNotice() | GivenAgainNotice() | UntimedNotice():
            return _for_the_log(notice, words)
        case _ as never:
            assert_never(never)


def _for_the_log(
    notice: BlockedNotice | ResolvedNotice | FoughtNotice | GivenAgainNotice | UntimedNotice, words: Words
) -> Card:
    match notice:
        case BlockedNotice():
            return obstacle_card([notice], notice.obstacle, None, words)
        case ResolvedNotice():
            return resolved_card([notice], words)
        case FoughtNotice() | GivenAgainNotice() | UntimedNotice():
            return by_hand_cards([notice], words)[0]
        case _ as never:
            assert_never(never)


def _warning_to_member(names: Names, ends_at: datetime, words: Words, now: datetime) -> str:
    name = escaped(names.role or "")
    role = (
        words.context("you have …", "the role **{name}**", name=name)
        if name
        else words.context("you have …", "one of your roles")
    )
    values = {"role": role, "server": _server(names, words), "end": stamps.moment(ends_at)}
    left = left_until(ends_at, words, now)
    if left is None:
        return words("As of this message, you have {role} {server} until {end}.", **values)
    return words(
        "As of this message, you have {role} {server} for another **{left}**, until {end}.", **values, left=left
    )


def _end_to_member(names: Names, ended_at: datetime, words: Words) -> str:
    return words(
        "Your time with {role} {server} ended on {end}. The role was removed.",
        role=_your_time(names, words),
        server=_server(names, words),
        end=stamps.moment(ended_at),
    )


def _your_time(names: Names, words: Words) -> str:
    name = escaped(names.role or "")
    if not name:
        return words.context("your time with …", "one of your roles")
    return words.context("your time with …", "the role **{name}**", name=name)


def _server(names: Names, words: Words) -> str:
    name = escaped(names.guild or "")
    return words("in **{name}**", name=name) if name else words("in one of your servers")


def _role(notice: Notice) -> str:
    return stamps.role(notice.key.role)


def _member(notice: Notice) -> str:
    return stamps.user(notice.key.user)
