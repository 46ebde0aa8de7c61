"""Durations in English, for callers that do not know their reader's language yet. It goes with the last of them."""

from datetime import timedelta

from boostmon.domain.languages import Language
from boostmon.texts.words import words_of


def approximate(duration: timedelta, units: int = 2) -> str:
    """`Words.duration` in English."""
    return words_of(Language.EN).duration(duration, units)
