"""News for those who run a server: what is in the way of giving and taking roles."""

from collections.abc import Mapping, Sequence

from boostmon.domain.ids import RoleId
from boostmon.domain.lacks import Lack
from boostmon.domain.notices import BlockedNotice, Notice, ResolvedNotice
from boostmon.domain.timers import Obstacle
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.words import Words


def obstacle_cards(notices: Sequence[BlockedNotice], lacks: Mapping[RoleId, Lack], words: Words) -> list[Card]:
    """One for each thing to do."""
    by_remedy: dict[tuple[Obstacle, Lack | None, bool], list[BlockedNotice]] = {}
    for notice in notices:
        by_remedy.setdefault((notice.obstacle, lacks.get(notice.key.role), notice.gives), []).append(notice)
    return [obstacle_card(of_it, obstacle, lack, words) for (obstacle, lack, _), of_it in by_remedy.items()]


def obstacle_card(notices: Sequence[BlockedNotice], obstacle: Obstacle, lack: Lack | None, words: Words) -> Card:
    """That an obstacle is there, for roles of which the bot is known to lack the same."""
    roles = list(dict.fromkeys(notice.key.role for notice in notices))
    remedy = in_the_way(obstacle, roles, words, lack=lack)
    if notices[0].gives:
        return _not_given_card(notices, roles, remedy, words)
    if len(roles) == 1:
        text = words(
            "The time of {user} with the role {role} is up, but Discord did not let me take it. {remedy}\nThe same "
            "holds for everybody whose time with {role} is up: I go on trying, and take it from all of them as soon as "
            "I may.",
            user=_member(notices[0]),
            role=_role(notices[0]),
            remedy=remedy,
        )
        return Card(words("I could not take a role"), text, Colour.ATTENTION)
    text = words(
        "The time of members with these roles is up, but Discord did not let me take them: {roles}.\n{remedy}\nI go on "
        "trying, and take them from everybody whose time is up as soon as I may.",
        roles=", ".join(map(stamps.role, roles)),
        remedy=remedy,
    )
    return Card(words("I could not take some roles"), text, Colour.ATTENTION)


def _not_given_card(notices: Sequence[BlockedNotice], roles: Sequence[RoleId], remedy: str, words: Words) -> Card:
    if len(roles) == 1:
        text = words(
            "The timer of {user} on {role} was to begin, but Discord did not let me give the role. {remedy}\nThe same "
            "holds for everybody whose timer on {role} begins: I go on trying, and give it to all of them as soon as I "
            "may.",
            user=_member(notices[0]),
            role=_role(notices[0]),
            remedy=remedy,
        )
        return Card(words("I could not give a role"), text, Colour.ATTENTION)
    text = words(
        "Timers on these roles were to begin, but Discord did not let me give them: {roles}.\n{remedy}\nI go on "
        "trying, and give them to everybody as soon as I may.",
        roles=", ".join(map(stamps.role, roles)),
        remedy=remedy,
    )
    return Card(words("I could not give some roles"), text, Colour.ATTENTION)


def resolved_cards(notices: Sequence[ResolvedNotice], words: Words) -> list[Card]:
    """One for all of them."""
    return [resolved_card(notices, words)] if notices else []


def resolved_card(notices: Sequence[ResolvedNotice], words: Words) -> Card:
    """That nothing is in the way any more."""
    roles = list(dict.fromkeys(map(_role, notices)))
    text = words.plural(
        "As of this message, nothing waits for the role {roles} any more. Nothing is left to do.",
        "As of this message, nothing waits for the roles {roles} any more. Nothing is left to do.",
        len(roles),
        roles=", ".join(roles),
    )
    return Card(words("An obstacle is gone"), text, Colour.ACTIVE)


def _role(notice: Notice) -> str:
    return stamps.role(notice.key.role)


def _member(notice: Notice) -> str:
    return stamps.user(notice.key.user)
