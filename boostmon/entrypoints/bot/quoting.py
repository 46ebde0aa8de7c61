"""Text that people typed, made fit to be shown: on one line, short, and without effect as markdown or mention."""

import re

_MEANT_BY_DISCORD = re.compile(r"[\\*_~`|<>#\[\]()@:-]")
"""What begins or ends markdown, mentions, time stamps, emoji and links; a backslash before each disarms it."""


def shortened(text: str, limit: int) -> str:
    """The text on one line, at most `limit` characters; what was cut off is marked by an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def escaped(text: str, limit: int = 100) -> str:
    """The text as it was typed, to be shown in a message: `shortened`, then disarmed by backslashes.

    `limit` counts the characters that a reader sees; the backslashes come on top and at most double them.
    """
    return _MEANT_BY_DISCORD.sub(r"\\\g<0>", shortened(text, limit))
