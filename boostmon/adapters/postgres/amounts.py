"""Amounts of time as texts in ISO 8601, since PostgreSQL's intervals cannot tell a month from 30 days."""

from boostmon.domain.durations import Amount, InvalidDuration, Months, iso_8601, parse_amount


def amount_from(text: str | None) -> Amount | None:
    """The amount; None also for one that only a later version reads."""
    try:
        return None if text is None else parse_amount(text, months=Months.CALENDAR)
    except InvalidDuration:
        return None


def amount_text(amount: Amount | None) -> str | None:
    """What is stored of an amount."""
    return None if amount is None else iso_8601(amount)
