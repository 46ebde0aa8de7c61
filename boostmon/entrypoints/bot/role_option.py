"""The text of a role option: Discord suggests nothing in options of the role type, so these are plain text.

What a suggestion sends is a role's id. People may also mention a role or type its name by hand.
"""

import difflib
import re

from boostmon.domain.eligibility import GuildView, RoleFacts
from boostmon.domain.ids import RoleId
from boostmon.entrypoints.bot.errors import AmbiguousRole, UnknownRole

_MENTION = re.compile(r"<@&([0-9]{1,20})>")
_SNOWFLAKE = re.compile(r"[0-9]{15,20}")
"""Discord's first ids, of 2015, have 15 digits; 64 bits end within 20."""

_MOST_SIMILAR = 3


def read_role(written: str, view: GuildView) -> RoleId:
    """The role that is meant. An id or a mention is believed even of a role that exists no more: it may have timers.

    Raises:
        UnknownRole: no role has that name.
        AmbiguousRole: several have it, none of them in exactly the same capitals.
    """
    text = written.strip()
    if mention := _MENTION.fullmatch(text):
        return RoleId(int(mention[1]))
    named = _named(text, view) or _named(text.removeprefix("@"), view)
    if len(named) == 1:
        return named[0].id
    if named:
        raise AmbiguousRole(text, named)
    if _SNOWFLAKE.fullmatch(text):
        return RoleId(int(text))
    raise UnknownRole(text, _similar(text, view))


def _named(name: str, view: GuildView) -> list[RoleFacts]:
    """The roles with that id or name; those in the same capitals alone, where there are any."""
    if name.isascii() and name.isdigit() and (known := view.roles.get(RoleId(int(name)))):
        return [known]
    alike = [role for role in view.roles.values() if role.name.casefold() == name.casefold()]
    return [role for role in alike if role.name == name] or alike


def _similar(name: str, view: GuildView) -> list[str]:
    by_folded = {role.name.casefold(): role.name for role in view.roles.values()}
    wanted = name.removeprefix("@").casefold()
    return [by_folded[near] for near in difflib.get_close_matches(wanted, by_folded, n=_MOST_SIMILAR)]
