"""A server's own words, filled in: what others wrote, the words themselves included, has no effect as markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from boostmon.domain.own_words import PLACEHOLDER, OwnWords
from boostmon.texts.quoting import disarmed, shortened
from boostmon.texts.words import Words

MOST_SHOWN = 2500
"""Characters in one box; two of them go into a message, of which Discord takes 6,000."""
_MOST_TEXT = 500


def in_own_words(template: str | None, standard: str, values: Sequence[Mapping[str, str]]) -> str:
    """The template filled in once for each of the values; what is said to everybody, where there is none.

    Where it does not name the role and the end, what is said to everybody follows. Too much for one message is said as
    to everybody, and so is what cannot be filled in, since a name is not known.
    """
    if template is None:
        return standard
    lines = [_filled(template, one) for one in values]
    if not all(lines):
        return standard
    said = "\n".join(line for line in lines if line is not None)
    if not {"role", "end"} <= set(PLACEHOLDER.findall(template)):
        said = f"{said}\n{standard}"
    return said if len(said) <= MOST_SHOWN else standard


def link_button(own: OwnWords | None, words: Words) -> dict[str, Any]:
    """The part of a message's body with the button that leads to the server's page; empty where there is none."""
    if own is None or own.link is None:
        return {}
    button = {"type": 2, "style": 5, "label": words("Renew"), "url": own.link}
    return {"components": [{"type": 1, "components": [button]}]}


def _filled(template: str, values: Mapping[str, str]) -> str | None:
    pieces = []
    for place, piece in enumerate(PLACEHOLDER.split(shortened(template, _MOST_TEXT))):
        value = values.get(piece) if place % 2 else disarmed(piece)
        if place % 2 and not value:
            return None
        pieces.append(value or "")
    return "".join(pieces)
