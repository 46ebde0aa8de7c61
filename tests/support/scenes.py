"""For whom something is suggested."""

from datetime import datetime

from boostmon.domain.durations import Months
from boostmon.domain.policy import Policy
from boostmon.texts.suggestions import Scene
from boostmon.texts.words import Words


def scene(words: Words, now: datetime, zone: str = "UTC", months: Months = Months.THIRTY_DAYS) -> Scene:
    """A reader in a guild with that zone and those months."""
    return Scene(words, now, Policy(time_zone=zone, months=months))
