"""What autocomplete offers for a time zone."""

from datetime import datetime
from typing import Final

from boostmon.domain.durations import Kind, usual_word
from boostmon.domain.zones import zone_named, zones_like
from boostmon.texts.suggestions import MOST_CHOICES, Choices
from boostmon.texts.words import Words

_FOR_NOTHING_TYPED: Final = (
    *("Europe/London", "Europe/Berlin", "Europe/Moscow", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney"),
    *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "UTC"),
)
"""Some that many people live in; the others are found by typing."""


def zone_choices(typed: str, usual: str, words: Words, now: datetime) -> Choices:
    """The zones that fit, each with what its clocks show; and the way back to the `usual` one."""
    default = usual_word(Kind.DEFAULT, words.language)
    choices: Choices = {}
    if default.casefold().startswith(typed.strip().casefold()):
        choices[words("{zone} (default)", zone=_shown(usual, words, now))] = default
    names = zones_like(typed) if typed.strip() else _FOR_NOTHING_TYPED
    choices |= {_shown(name, words, now): name for name in names}
    return dict(list(choices.items())[:MOST_CHOICES])


def _shown(name: str, words: Words, now: datetime) -> str:
    zone = zone_named(name)
    time = "" if zone is None else f"{now.astimezone(zone):%H:%M}"
    return words("{zone}: {time}", zone=name, time=time)
