"""News of a grace: time is up, and the member keeps the role for a while, so that they can renew it."""

from collections.abc import Sequence

from boostmon.domain.notices import GraceNotice
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.words import Words


def grace_cards(notices: Sequence[GraceNotice], words: Words, *, author: str) -> list[Card]:
    """For those who have the roles, and for everybody who reads along; one card for all, or none."""
    if not notices:
        return []
    title = words.plural("Role to be renewed", "Roles to be renewed", len(notices))
    return [Card(title, kept(notices, words), Colour.WARNING, author=author)]


def untold_cards(notices: Sequence[GraceNotice], words: Words) -> list[Card]:
    """For those who run the server, of members who could not be told; one card for all, or none."""
    if not notices:
        return []
    title = words.plural("A member could not be told", "Members could not be told", len(notices))
    return [Card(title, kept(notices, words), Colour.ATTENTION)]


def kept(notices: Sequence[GraceNotice], words: Words) -> str:
    """Who keeps which role until when."""
    if len(notices) > 1:
        lines = (words("{role} of {user}: {end}", **_who(one), end=stamps.moment(one.until)) for one in notices)
        return "\n".join([words("As of this message, these roles are kept until then, to be renewed:"), *lines])
    [only] = notices
    return words(
        "The time of {user} with the role {role} was up on {end}. As of this message, the role is kept until "
        "**{until}**, so that it can be renewed.",
        **_who(only),
        end=stamps.moment(only.ended_at),
        until=stamps.moment(only.until),
    )


def card_to_member(notice: GraceNotice, role: str, server: str, words: Words, *, author: str) -> Card:
    """For the member alone; `role` and `server` are what they are called."""
    text = words(
        "Your time with {role} {server} was up on {end}. As of this message, you keep the role until **{until}**: "
        "renew it by then.",
        role=role,
        server=server,
        end=stamps.moment(notice.ended_at),
        until=stamps.moment(notice.until),
    )
    return Card(words.plural("Role to be renewed", "Roles to be renewed", 1), text, Colour.WARNING, author=author)


def _who(notice: GraceNotice) -> dict[str, str]:
    return {"role": stamps.role(notice.key.role), "user": stamps.user(notice.key.user)}
