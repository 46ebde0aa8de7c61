"""Masks tokens in texts that are about to be logged.

Whoever knows the token of an interaction may answer it for fifteen minutes. Libraries log it at DEBUG: in addresses,
and in the events that they receive. A webhook's token and the bot's own are worth more still.
"""

import re

MASK = "***"

_IN_ADDRESS = re.compile(r"(/(?:interactions|webhooks)/[0-9]+/)[^/\s?#\"'\\,;)\]}>]+")
_IN_PAYLOAD = re.compile(r"""((?:\\*["'])token(?:\\*["'])\s*:\s*(?:\\*["']))[^"'\\]+""")
"""`'token': '…'`, `"token": "…"`, and the latter within a JSON string, where backslashes stand before the quotes."""
_OF_A_BOT = re.compile(r"\b[\w-]{18,32}\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-])")


def masked(text: str) -> str:
    """The text with a mask in place of each token of an interaction, a webhook or a bot."""
    for pattern in (_IN_ADDRESS, _IN_PAYLOAD):
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return _OF_A_BOT.sub(MASK, text)
