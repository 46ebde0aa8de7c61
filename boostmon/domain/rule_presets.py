"""Rules that many servers want, as a start: what each of them fills in."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, unique
from typing import Any

from boostmon.domain.durations import Span

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@unique
class Preset(StrEnum):
    """Its value is what Discord sends back."""

    TRIAL = "trial"
    SUBSCRIBER = "subscriber"
    BIRTHDAY = "birthday"
    EVENT = "event"


PRESETS: Mapping[Preset, Mapping[str, Any]] = {
    Preset.TRIAL: {
        "starts": True,
        "once": True,
        "duration": 7 * _DAY,
        "longest": 7 * _DAY,
        "thresholds": (_DAY, _HOUR),
    },
    Preset.SUBSCRIBER: {"starts": True, "duration": Span(1), "thresholds": (3 * _DAY, _DAY)},
    Preset.BIRTHDAY: {"starts": True, "duration": _DAY, "thresholds": ()},
    Preset.EVENT: {"starts": True, "duration": None, "thresholds": (_DAY, _HOUR)},
}
"""Fields of `RoleRule` by their names. The date of an event is for whoever makes the rule to say: `ends_on`."""
