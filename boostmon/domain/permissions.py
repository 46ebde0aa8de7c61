"""Discord's permissions, as far as the rules ask for them; the bits are those of its documentation, "Permissions"."""

from enum import IntFlag


class Permission(IntFlag):
    """One permission; a member's are the sum of theirs, as a plain number that may have bits unknown here."""

    ADMINISTRATOR = 1 << 3
    MANAGE_SERVER = 1 << 5
    """Discord's API calls it MANAGE_GUILD."""
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    MANAGE_ROLES = 1 << 28
    SEND_MESSAGES_IN_THREADS = 1 << 38


NONE = Permission(0)
"""No permission at all."""
NEEDED = (
    Permission.MANAGE_ROLES  # to give roles and to take them
    | Permission.VIEW_CHANNEL  # to warn in a channel, and to report in the log channel
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS  # which may be chosen for both
    | Permission.VIEW_AUDIT_LOG  # to hear who gives and takes roles
    | Permission.EMBED_LINKS  # without which Discord shows such a message empty
)
"""What the bot asks for when it is invited: all that it uses, and nothing else."""


def contains(permissions: int, wanted: Permission) -> bool:
    """Whether the permissions hold all that is wanted; an administrator's hold everything."""
    return bool(permissions & Permission.ADMINISTRATOR) or permissions & wanted == wanted
