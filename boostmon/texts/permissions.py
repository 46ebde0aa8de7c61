"""Discord's permissions by the names that its client shows in the reader's language."""

from boostmon.texts.words import Words, msgid

MOST_NAMED = 4

NAMES = {
    0: msgid("Create Invite"),
    1: msgid("Kick Members"),
    2: msgid("Ban Members"),
    3: msgid("Administrator"),
    4: msgid("Manage Channels"),
    5: msgid("Manage Server"),
    6: msgid("Add Reactions"),
    7: msgid("View Audit Log"),
    8: msgid("Priority Speaker"),
    9: msgid("Video"),
    10: msgid("View Channel"),
    11: msgid("Send Messages"),
    12: msgid("Send Text-to-Speech Messages"),
    13: msgid("Manage Messages"),
    14: msgid("Embed Links"),
    15: msgid("Attach Files"),
    16: msgid("Read Message History"),
    17: msgid("Mention @everyone, @here and All Roles"),
    18: msgid("Use External Emoji"),
    19: msgid("View Server Insights"),
    20: msgid("Connect"),
    21: msgid("Speak"),
    22: msgid("Mute Members"),
    23: msgid("Deafen Members"),
    24: msgid("Move Members"),
    25: msgid("Use Voice Activity"),
    26: msgid("Change Nickname"),
    27: msgid("Manage Nicknames"),
    28: msgid("Manage Roles"),
    29: msgid("Manage Webhooks"),
    30: msgid("Manage Expressions"),
    31: msgid("Use Application Commands"),
    32: msgid("Request To Speak"),
    33: msgid("Manage Events"),
    34: msgid("Manage Threads"),
    35: msgid("Create Public Threads"),
    36: msgid("Create Private Threads"),
    37: msgid("Use External Stickers"),
    38: msgid("Send Messages in Threads"),
    39: msgid("Use Activities"),
    40: msgid("Timeout Members"),
    41: msgid("View Creator Monetization Analytics"),
    42: msgid("Use Soundboard"),
    43: msgid("Create Expressions"),
    44: msgid("Create Events"),
    45: msgid("Use External Sounds"),
    46: msgid("Send Voice Messages"),
    49: msgid("Create Polls"),
    50: msgid("Use External Apps"),
    51: msgid("Pin Messages"),
    52: msgid("Bypass Slowmode"),
}
"""By the number of the bit. Those that Discord adds later have no name here."""


def permission_names(permissions: int, words: Words) -> str:
    """What the permissions are called, in bold; of many the first and how many more there are."""
    names = [words(name) for bit, name in NAMES.items() if permissions >> bit & 1]
    if not names:
        return words("permissions that Discord has added of late")
    shown = [f"**{name}**" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    if not more:
        return words.listed(shown)
    return words.plural("{names} and one more", "{names} and {n} more", more, names=", ".join(shown))
