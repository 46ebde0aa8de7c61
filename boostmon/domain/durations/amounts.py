"""From a written length of time to an amount, whose months may be those of the calendar."""

from datetime import timedelta
from fractions import Fraction
from typing import Final

from boostmon.domain.durations.parsing import MAX_DURATION, bounded, counts_of, in_seconds, trimmed
from boostmon.domain.durations.problems import InvalidDuration, TooLong
from boostmon.domain.durations.spans import MONTHS_A_YEAR, MOST_MONTHS, Amount, Months, Span
from boostmon.domain.durations.units import Unit
from boostmon.domain.languages import Language

_USUAL_MONTH: Final = Fraction(146_097 * Unit.DAY, 400 * MONTHS_A_YEAR)
"""In seconds: of the 400 years after which the calendar begins anew."""


def parse_amount(text: str, language: Language | None = None, *, months: Months) -> Amount:
    """As `parse_duration`, but where a month is one of the calendar, so are those of the text: `1y 2mo` is 14 of them.

    A part of a month is that part of 30 days: `1.5mo` is a month and 15 days, `1.5y` 18 months.
    """
    written = trimmed(text)
    counts = counts_of(written, language)
    if months is Months.THIRTY_DAYS:
        return bounded(written, in_seconds(counts))
    whole, part = divmod(MONTHS_A_YEAR * counts.pop(Unit.YEAR, Fraction()) + counts.pop(Unit.MONTH, Fraction()), 1)
    length = in_seconds(counts) + part * Unit.MONTH
    if not whole:
        return bounded(written, length)
    # Ten years are as long as ten years of any kind.
    if whole * _USUAL_MONTH + length > MOST_MONTHS * _USUAL_MONTH:
        raise InvalidDuration(written, TooLong(limit=MAX_DURATION))
    return Span(whole, timedelta(microseconds=round(length * 1_000_000)))
