"""The forms of `allow` and `deny`: for a role, in a channel, and for a command."""

import re

from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo

_IN_CHANNEL = re.compile(r"(\S+) (@.+) in (#\S+)")
_COMMAND = re.compile(r"(/\S+) (@.+)")
_ROLE = re.compile(r"(\S+)(?: (@.+))?")


def permit(changes: Changes, text: str, *, allowed: bool) -> str:
    """Does what stands behind `allow` or `deny`, and says what holds now. Raises `CannotDo`."""
    if match := _COMMAND.fullmatch(text):
        return changes.set_command(match[1], match[2], allowed=allowed)
    if match := _IN_CHANNEL.fullmatch(text):
        return changes.set_overwrite(match[1], match[2], match[3], allowed=allowed)
    if match := _ROLE.fullmatch(text):
        return changes.set_permission(match[1], allowed=allowed, role=match[2])
    word = "allow" if allowed else "deny"
    raise CannotDo(f"Write `{word} manage-roles`, `… @Role`, `… @who in #channel`, or `{word} /settime @who`")
