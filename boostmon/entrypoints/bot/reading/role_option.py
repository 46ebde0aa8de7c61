"""The text of a role option: Discord suggests nothing in options of the role type, so these are plain text.

What a suggestion sends is a role's id. People may also mention a role or type its name by hand.
"""

import re

from boostmon.app.commands.errors import AmbiguousRole, UnknownRole
from boostmon.domain.eligibility import GuildView, RoleFacts
from boostmon.domain.ids import RoleId, parse_id

_MENTION = re.compile(r"<@&([0-9]{1,19})>")
_FEWEST_DIGITS = 15
"""Of an id: Discord's first ones are of 2015. A shorter number is a name."""


def read_role(written: str, view: GuildView) -> RoleId:
    """The role that is meant. An id or a mention is believed even of a role that exists no more: it may have timers.

    Raises:
        UnknownRole: no role has that name.
        AmbiguousRole: several have it, none of them in exactly the same capitals.
    """
    text = written.strip()
    if (mention := _MENTION.fullmatch(text)) and (mentioned := parse_id(mention[1])):
        return RoleId(mentioned)
    named = _named(text, view) or _named(text.removeprefix("@"), view)
    if len(named) == 1:
        return named[0].id
    if named:
        raise AmbiguousRole(text, named)
    if len(text) >= _FEWEST_DIGITS and (id_ := parse_id(text)):
        return RoleId(id_)
    raise UnknownRole(text, [role.name for role in view.roles.values()])


def _named(name: str, view: GuildView) -> list[RoleFacts]:
    """The roles with that id or name; those in the same capitals alone, where there are any."""
    if (id_ := parse_id(name)) and (known := view.roles.get(RoleId(id_))):
        return [known]
    wanted = name.casefold()
    alike = [role for role in view.roles.values() if role.name.casefold() == wanted]
    return [role for role in alike if role.name == name] or alike
