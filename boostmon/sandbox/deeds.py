"""What people do to the server, by the words that lines begin with, and the forms that these lines have."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.permits import permit


@dataclass(frozen=True, slots=True)
class Deed:
    """A word: `run` gets what stands behind it, and who types. It returns what to say, and raises `CannotDo`."""

    usage: str
    explanation: str
    run: Callable[[Changes, str, str], str | None]


_BY = re.compile(r"(.*?)(?:(?:^| )by (@.+))?")
_SWAP = re.compile(r"(\S+) (@.+) for (@.+)")
_BURST = re.compile(r"(give|take) (\d{1,9}) (@.+)")
_UNDO = re.compile(r"(given|taken) (@.+) by (@.+)")


def give(changes: Changes, text: str, actor: str) -> str | None:
    """`@user @Role [by @who]`."""
    deed, by = _done_by(text, actor)
    user, role = _two(deed, "give @bob @VIP")
    return changes.give(user, role, by)


def take(changes: Changes, text: str, actor: str) -> str | None:
    """`@user @Role [by @who]`."""
    deed, by = _done_by(text, actor)
    user, role = _two(deed, "take @bob @VIP")
    return changes.take(user, role, by)


def kick(changes: Changes, text: str, actor: str) -> None:
    """`@user [by @who]`."""
    user, by = _done_by(text, actor)
    changes.kick(user, by)


def ban(changes: Changes, text: str, actor: str) -> None:
    """`@user [by @who]`."""
    user, by = _done_by(text, actor)
    changes.ban(user, by)


def swap(changes: Changes, text: str, actor: str) -> None:
    """`@user @Old for @New [by @who]`."""
    deed, by = _done_by(text, actor)
    if match := _SWAP.fullmatch(deed):
        return changes.swap(match[1], match[2], match[3], by)
    raise CannotDo("Write `swap @bob @VIP for @Supporter`")


def burst(changes: Changes, text: str, actor: str) -> str:
    """`give|take COUNT @Role [by @who]`."""
    deed, by = _done_by(text, actor)
    if match := _BURST.fullmatch(deed):
        return changes.burst(int(match[2]), match[3], by, give=match[1] == "give")
    raise CannotDo("Write `burst give 100 @VIP` or `burst take 100 @VIP`")


def undo(changes: Changes, text: str, _actor: str) -> str:
    """`given|taken @Role by @who`, or `nothing`."""
    if text == "nothing":
        return changes.undo_nothing()
    if match := _UNDO.fullmatch(text):
        return changes.undo(match[2], match[3], given=match[1] == "given")
    raise CannotDo("Write `undo given @VIP by @Patron`, `undo taken @VIP by @Patron` or `undo nothing`")


def move_role(changes: Changes, text: str, _actor: str) -> str:
    """`@A above @B`, or below."""
    for word in ("above", "below"):
        role, found, other = text.partition(f" {word} ")
        if found:
            return changes.move_role(role.strip(), other.strip(), above=word == "above")
    raise CannotDo("Write `move-role @VIP above @BoostMon` or `… below …`")


def _done_by(text: str, actor: str) -> tuple[str, str]:
    """What is done, and who does it: `actor` where nobody is named."""
    match = _BY.fullmatch(text)
    if match is None:
        return text, actor
    return match[1], match[2] or actor


def _two(text: str, example: str) -> tuple[str, str]:
    first, _, second = text.partition(" ")
    if not second.strip():
        raise CannotDo(f"Write it like `{example}` or `{example} by @staff`")
    return first, second.strip()


DEEDS: Final = (
    Deed("give @user @Role [by @who]", "give a role: you do, or whom you name", give),
    Deed("take @user @Role [by @who]", "take a role", take),
    Deed("swap @user @Old for @New [by @who]", "take one role and give another, at once", swap),
    Deed("burst give|take 100 @Role [by @who]", "give a role to as many at once, or take it from them", burst),
    Deed("undo given|taken @Role by @Bot", "let a bot undo what others do; `undo nothing` ends it", undo),
    Deed("kick @user [by @who]", "make a member leave", kick),
    Deed("ban @user [by @who]", "ban a member, who leaves by that", ban),
    Deed("leave @user", "let a member go of their own accord", lambda c, text, _: c.leave(text)),
    Deed("join @user", "let somebody join or come back, without roles", lambda c, text, _: c.join(text)),
    Deed("add-bot @Name", "add another bot, for `by @Name`", lambda c, text, actor: c.add_bot(text, actor)),
    Deed("language @user|server LOCALE", "read Discord in it, e.g. de; or the server's preferred one",
         lambda c, text, _: c.set_language(text)),
    Deed("create-role @Role", "create a role", lambda c, text, _: c.create_role(text)),
    Deed("delete-role @Role", "delete a role", lambda c, text, _: c.delete_role(text)),
    Deed("move-role @A above @B", "move a role; also `below`", move_role),
    Deed("create-channel #name", "create a channel", lambda c, text, _: c.create_channel(text)),
    Deed("delete-channel #name", "delete a channel", lambda c, text, _: c.delete_channel(text)),
    Deed("allow PERMISSION", "the bot's role, e.g. manage-roles; also `… @Role`, `… @who in #channel`",
         lambda c, text, _: permit(c, text, allowed=True)),
    Deed("deny PERMISSION", "deny it; both also `/command @who`, as under Integrations",
         lambda c, text, _: permit(c, text, allowed=False)),
    Deed("close-dms @user", "take no direct messages", lambda c, text, _: c.set_dms(text, closed=True)),
    Deed("open-dms @user", "take them again", lambda c, text, _: c.set_dms(text, closed=False)),
)  # fmt: skip
