"""What the tests of durations share."""

from collections.abc import Callable
from datetime import tzinfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from boostmon.domain.durations import MAX_DURATION, MIN_DURATION, Calendar, DurationProblem, InvalidDuration, Months
from boostmon.domain.durations.vocabularies import VOCABULARIES

# The same examples in every run; no deadline, since other work shares the machine.
PROPERTY = settings(derandomize=True, deadline=None, max_examples=300)

durations_within_bounds = st.timedeltas(min_value=MIN_DURATION, max_value=MAX_DURATION)

# Short texts over the letters of the grammar come close to it far more often than arbitrary ones do.
near_misses = st.text(alphabet="0123456789.,:-+<>tTpPzZ smhdwyoinaury\t\u00b5\u0661\u00a0\0", max_size=24)
words = st.sampled_from(
    sorted({entry.word.lower() for vocabulary in VOCABULARIES.values() for entry in vocabulary.entries()})
)
pieces = st.one_of(
    words,
    words.map(str.title),
    st.integers(0, 2030).map(str),
    st.sampled_from(["18:00", "6pm", "6:30", "24.12", "24.12.", "2026-12-24", "12/24", "am", "+", "-", "1.5", "Z"]),
    st.sampled_from([".", ",", ":", "/", "<t:", ">", "st", "th", "h", "m", "M"]),
)
near_times = st.lists(st.tuples(pieces, st.sampled_from([" ", " ", "", ", "])), max_size=7).map(
    lambda parts: "".join(piece + space for piece, space in parts)
)
any_text = st.one_of(st.text(max_size=200), near_misses, near_times)


def of_30_days(zone: tzinfo) -> Calendar:
    """The calendar of a guild in that zone in which months have 30 days, as they had everywhere once."""
    return Calendar(zone, Months.THIRTY_DAYS)


def refused(parse: Callable[[str], object], text: str) -> DurationProblem:
    """The problem that the text is refused for."""
    with pytest.raises(InvalidDuration) as caught:
        parse(text)
    return caught.value.problem
