"""Text that people typed, made fit to be shown: on one line, short, and without effect as markdown or mention.

Names of roles and servers are such text, and so are reasons: whoever may write them must not be able to make BoostMon
post a link, a ping or a heading in its own name.
"""

import re
import unicodedata

_MEANT_BY_DISCORD = re.compile(r"[\\*_~`|<>#\[\]()@:.+-]")
"""What begins or ends markdown, mentions, time stamps, emoji, lists and links; a backslash before each disarms it.

Discord's grammar takes a backslash and any ASCII character but a letter, a digit or a space for that character alone.
The colon also keeps `https://…` from becoming a link, the dot keeps `1.` from becoming a list.
"""
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Control characters, among them those that turn the direction of writing around, and halves of surrogate pairs."""
_JOINERS = frozenset({"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))})
"""Unseen by themselves, but letters of some scripts, many emoji and some flags are made with them."""


def shortened(text: str, limit: int) -> str:
    """The text on one line, at most `limit` characters; what was cut off is marked by an ellipsis.

    Characters that nobody sees are left out: they would turn the rest of the line around, or hide what is written.
    """
    line = " ".join("".join(filter(_is_kept, text)).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def escaped(text: str, limit: int = 100) -> str:
    """The text as it was typed, to be shown in a message: `shortened`, then disarmed by backslashes.

    `limit` counts the characters that a reader sees; the backslashes come on top and at most double them.
    """
    return disarmed(shortened(text, limit))


def disarmed(text: str) -> str:
    """The text without effect as markdown or mention."""
    return _MEANT_BY_DISCORD.sub(r"\\\g<0>", text)


def _is_kept(character: str) -> bool:
    return character.isspace() or character in _JOINERS or unicodedata.category(character) not in _UNSEEN
