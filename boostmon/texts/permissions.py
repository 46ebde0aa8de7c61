"""Discord's permissions by the names that its client shows."""

MOST_NAMED = 4

NAMES = {
    0: "Create Invite",
    1: "Kick Members",
    2: "Ban Members",
    3: "Administrator",
    4: "Manage Channels",
    5: "Manage Server",
    6: "Add Reactions",
    7: "View Audit Log",
    8: "Priority Speaker",
    9: "Video",
    10: "View Channel",
    11: "Send Messages",
    12: "Send Text-to-Speech Messages",
    13: "Manage Messages",
    14: "Embed Links",
    15: "Attach Files",
    16: "Read Message History",
    17: "Mention @everyone, @here and All Roles",
    18: "Use External Emoji",
    19: "View Server Insights",
    20: "Connect",
    21: "Speak",
    22: "Mute Members",
    23: "Deafen Members",
    24: "Move Members",
    25: "Use Voice Activity",
    26: "Change Nickname",
    27: "Manage Nicknames",
    28: "Manage Roles",
    29: "Manage Webhooks",
    30: "Manage Expressions",
    31: "Use Application Commands",
    32: "Request To Speak",
    33: "Manage Events",
    34: "Manage Threads",
    35: "Create Public Threads",
    36: "Create Private Threads",
    37: "Use External Stickers",
    38: "Send Messages in Threads",
    39: "Use Activities",
    40: "Timeout Members",
    43: "Create Expressions",
    44: "Create Events",
    46: "Send Voice Messages",
}
"""By the number of the bit. Those that Discord adds later have no name here."""


def permission_names(permissions: int) -> str:
    """What the permissions are called, in bold; of many the first and how many more there are."""
    names = [name for bit, name in NAMES.items() if permissions >> bit & 1]
    if not names:
        return "permissions that Discord has added of late"
    shown = [f"**{name}**" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join([*shown, f"and {more} more"] if more else shown)
