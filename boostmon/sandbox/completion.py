"""What may come next in a half-typed line: words, commands, options, names, and the bot's suggestions."""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from boostmon.sandbox.desk import Desk
from boostmon.sandbox.errors import SandboxError
from boostmon.sandbox.languages import shown
from boostmon.sandbox.world import World

_LAST_OPTION = re.compile(r"(?:^|\s)([-_\w]+):((?:(?!\s[-_\w]+:).)*)$")

USER, CHANNEL, ROLE, MENTIONABLE = 6, 7, 8, 9


@dataclass(frozen=True, slots=True)
class Offer:
    """A completion: `text` takes the place of the `replaces` characters before the cursor."""

    text: str
    replaces: int
    shown: str


def suggestions_for(desk: Desk, typed: str) -> Iterator[Offer]:
    """The offers for a line up to the cursor; none where the person, or their channel, is gone."""
    with contextlib.suppress(SandboxError):
        yield from _offers(desk, typed)


def _offers(desk: Desk, typed: str) -> Iterator[Offer]:
    if typed.startswith("/"):
        yield from _in_command(desk, typed)
    elif typed.startswith("suggest /"):
        yield from _in_command(desk, typed.removeprefix("suggest "))
    elif typed.startswith("press "):
        yield from _matching(desk.buttons, typed.removeprefix("press "))
    else:
        yield from _in_line(desk, typed)


def _in_line(desk: Desk, typed: str) -> Iterator[Offer]:
    word = typed.rsplit(" ", 1)[-1]
    if " " not in typed:
        names = [f"/{n}" for n in desk.discord.commands(desk.actor, desk.channel)]
        yield from _matching([*desk.verbs, *names], word)
        return
    if word.startswith(("@", "#")) and (fitting := _NAMED.get(typed.split(maxsplit=1)[0])):
        yield from _matching(desk.discord.look(fitting), word)
    elif word.startswith(("@", "#")):
        yield from _matching(desk.discord.look(_all_names), word)


def _in_command(desk: Desk, typed: str) -> Iterator[Offer]:
    if " " not in typed:
        yield from _matching([f"/{n}" for n in desk.discord.commands(desk.actor, desk.channel)], typed)
        return
    specs = desk.discord.options(desk.actor, typed.split(maxsplit=1)[0].removeprefix("/"), desk.channel)
    match = _LAST_OPTION.search(typed)
    spec = next((s for s in specs if match and s["name"] == match[1]), None)
    if match is not None and spec is not None and not match[2].endswith("  "):
        yield from _values(desk, typed, spec, match[2])
        if not match[2].strip() or not match[2].endswith(" "):
            return
    word = typed.rsplit(" ", 1)[-1]
    given = {m[1] for m in re.finditer(r"\s([-_\w]+):", typed)}
    yield from _matching([f"{s['name']}:" for s in specs if s["name"] not in given], word)


def _values(desk: Desk, typed: str, spec: dict[str, Any], value: str) -> Iterator[Offer]:
    if spec.get("autocomplete"):
        try:
            choices = desk.discord.autocomplete(desk.actor, typed, desk.channel)
        except SandboxError:
            return
        for choice in choices:
            yield Offer(str(choice.value), len(value), choice.name)
        return
    if spec.get("choices"):
        locale = desk.discord.locale(desk.actor)
        yield from _matching([shown(c, "name", locale) for c in spec["choices"]], value)
    elif spec["type"] in {USER, ROLE, CHANNEL, MENTIONABLE}:
        yield from _matching(desk.discord.look(lambda w: _names_for(w, spec["type"])), value)


def _names_for(world: World, kind: int) -> list[str]:
    users = [world.user_name(u) for u in world.guild.members]
    roles = [world.role_name(r) for r in world.guild.roles]
    channels = [world.channel_name(c) for c in world.guild.channel_ids]
    return {USER: users, ROLE: roles, CHANNEL: channels}.get(kind, users + roles)


def _absent(world: World) -> list[str]:
    return [world.user_name(u) for u in world.backend.users if u not in world.guild.members]


#: Words after which only some names make sense.
_NAMED: Final[dict[str, Callable[[World], list[str]]]] = {"as": lambda w: _names_for(w, USER), "join": _absent}


def _all_names(world: World) -> list[str]:
    return _names_for(world, MENTIONABLE) + _names_for(world, CHANNEL)


def _matching(candidates: list[str], typed: str) -> Iterator[Offer]:
    wanted = typed.casefold().lstrip("@#")
    for candidate in candidates:
        if candidate.casefold().lstrip("@#").startswith(wanted) and candidate != typed:
            yield Offer(candidate, len(typed), candidate)
