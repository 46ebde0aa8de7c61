"""Texts that are not read alike by everybody: refused, with the ways to write each meaning."""

from boostmon.domain.durations import shapes
from boostmon.domain.durations.days import Parts, dated
from boostmon.domain.durations.problems import Ambiguous, Doubt, InvalidDuration, NoSuchDate
from boostmon.domain.durations.reader import Reader
from boostmon.domain.durations.words import plain


def refuse_number_or_date(written: str, reader: Reader) -> None:
    """Refuses `1.5`; `24.12`, with two digits each, is a date to anyone."""
    matched = shapes.NUMBER_OR_DATE.fullmatch(written)
    if matched is None:
        return
    readings = [f"{written}min", f"{written}h"]
    try:
        day = dated("", int(matched["month"]), int(matched["day"]), reader.today)
    except ValueError:
        if int(matched["day"]) < 24 and len(matched["month"]) == 2 and int(matched["month"]) < 60:
            readings.append(f"{matched['day']:0>2}:{matched['month']}")
    else:
        if len(written) == 5:
            return
        readings.append(f"{day:%d.%m.}")
    raise InvalidDuration(written, Ambiguous(Doubt.NO_UNIT, written, tuple(readings)))


def refuse_time_or_length(written: str, parts: Parts) -> None:
    """Refuses `1:30` alone, which may be half past one or an hour and a half; `01:30` is a time of day."""
    if parts["half"] or parts["offset"] or len(parts["hour"]) > 1:
        return
    if ":" in parts["time"] and parts["time"] == plain(written):
        seconds = f" {parts['second']}s" if parts["second"] else ""
        readings = f"0{parts['time']}", f"{parts['hour']}h {parts['minute']}min{seconds}"
        raise InvalidDuration(written, Ambiguous(Doubt.TIME_OR_LENGTH, written, readings))


def refuse_other_orders(written: str, start: int, reader: Reader) -> None:
    """Refuses `12/24/2026`, `31-12-2026`, `24.12.26`, whose order or century not everybody reads alike."""
    if short := shapes.SHORT_YEAR.match(written, start):
        reading = f"{short['day']}20{short['year']}{written[short.end() :]}"
        raise InvalidDuration(written, Ambiguous(Doubt.ORDER, short["date"], (reading,)))
    matched = shapes.ANY_ORDER.match(plain(written), start)
    if matched is None:
        return
    parts = {name.partition("_")[0]: value for name, value in matched.groupdict().items() if value}
    one, two, year = int(parts["one"]), int(parts["two"]), parts.get("year", "")
    year = f"20{year}" if len(year) == 2 else year
    orders = [(one, two)] if matched["year_y"] else [(two, one), (one, two)]
    readings: dict[str, None] = {}
    for month, day in orders:
        try:
            found = dated(year, month, day, reader.today)
        except ValueError:
            continue
        readings[f"{found.isoformat()}{written[matched.end() :]}"] = None
    if not readings:
        raise InvalidDuration(written, NoSuchDate(written))
    raise InvalidDuration(written, Ambiguous(Doubt.ORDER, matched["date"], tuple(readings)))
