from datetime import timedelta

import pytest
from hypothesis import example, given

from boostmon.domain.durations import (
    MAX_DURATION,
    MAX_TEXT_LENGTH,
    MIN_DURATION,
    Ambiguous,
    Doubt,
    DurationProblem,
    Empty,
    InvalidDuration,
    MissingUnit,
    NotPositive,
    NotUnderstood,
    TextTooLong,
    TooLong,
    TooShort,
    Unit,
    UnitTwice,
    UnknownUnit,
    parse_duration,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import PROPERTY, any_text, refused


def minutes_or_months(part: str, *readings: str) -> Ambiguous:
    return Ambiguous(Doubt.MINUTES_OR_MONTHS, part, readings)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Empty()),
        (" \t\r\n ", Empty()),
        ("0", NotPositive()),
        ("0.0h 0m", NotPositive()),
        ("PT0S", NotPositive()),
        ("-5", NotPositive()),
        ("-1h30m", NotPositive()),
        ("- 1 h", NotPositive()),
        ("-0.1s", NotPositive()),
        ("-P1D", NotPositive()),
        ("-900y", NotPositive()),
        ("-5 parsecs", UnknownUnit("parsecs")),
        ("-", NotUnderstood("-")),
        ("--5", NotUnderstood("--5")),
        ("+5m", NotUnderstood("+5m")),
        ("1h -30m", NotUnderstood("-30m")),
        ("0.5s", TooShort(MIN_DURATION)),
        ("0.01m", TooShort(MIN_DURATION)),
        ("10y 1s", TooLong(MAX_DURATION)),
        ("3651 days", TooLong(MAX_DURATION)),
        ("9" * 100, TooLong(MAX_DURATION)),
        ("P" + "9" * 98 + "Y", TooLong(MAX_DURATION)),
        ("5 fortnights", UnknownUnit("fortnights")),
        ("5ms", UnknownUnit("ms")),
        ("1h 5MS", UnknownUnit("MS")),
        ("1e5", MissingUnit("1")),
        ("0x10", UnknownUnit("x")),
        ("1 andes", UnknownUnit("andes")),
        ("1hand2m", UnknownUnit("hand")),
        ("1 x and 1h 1h", UnknownUnit("x")),
        ("1h 1h", UnitTwice(Unit.HOUR)),
        ("1m 2h 3 minutes", UnitTwice(Unit.MINUTE)),
        ("0d 1 day", UnitTwice(Unit.DAY)),
        ("1M", minutes_or_months("1M", "1min", "1mo")),
        ("30 M", minutes_or_months("30M", "30 min", "30 mo")),
        ("1d 2M", minutes_or_months("2M", "1d 2min", "1d 2mo")),
        ("1Y2M3D", minutes_or_months("2M", "1Y2min3D", "1Y2mo3D")),
        ("5m 30M", minutes_or_months("30M", "5m 30min", "5m 30mo")),
        ("-1M", minutes_or_months("1M", "-1min", "-1mo")),
        ("1.5", Ambiguous(Doubt.NO_UNIT, "1.5", ("1.5min", "1.5h"))),
        ("1,5", Ambiguous(Doubt.NO_UNIT, "1,5", ("1,5min", "1,5h"))),
        (".5", Ambiguous(Doubt.NO_UNIT, ".5", (".5min", ".5h"))),
        ("5 dyas", UnknownUnit("dyas", near="days")),
        ("5 hourss", UnknownUnit("hourss", near="hours")),
        ("5 miutes", UnknownUnit("miutes", near="minutes")),
        ("5 houra", UnknownUnit("houra", near="hour")),
        ("5 dy", UnknownUnit("dy")),
        ("1h90", MissingUnit("90")),
        ("1h60", MissingUnit("60")),
        ("1.5h 30", MissingUnit("30")),
        ("1h 1.5", MissingUnit("1.5")),
        ("1d 24", MissingUnit("24")),
        ("1mo 3", MissingUnit("3")),
        ("5s 3", MissingUnit("3")),
        ("1h 30m 2h", UnitTwice(Unit.HOUR)),
        ("30m 1h 20", UnitTwice(Unit.MINUTE)),
        ("30 1h", MissingUnit("30")),
        ("1 2", MissingUnit("1")),
        ("5 and 6h", MissingUnit("5")),
        ("90, 5h", MissingUnit("90")),
        ("soon", NotUnderstood("soon")),
        ("an our", NotUnderstood("an")),
        ("half an hour", NotUnderstood("half")),
        ("2 hours a day", NotUnderstood("a")),
        ("an hour and a half", NotUnderstood("a")),
        ("2h30. 5s", NotUnderstood("2h30.")),
        ("3 a 5 días", UnknownUnit("a")),
        ("1 e 2 horas", MissingUnit("1")),
        ("3 j", UnknownUnit("j")),
        ("1h andes", NotUnderstood("andes")),
        ("1h or 2h", NotUnderstood("or")),
        ("1d  half  2m", NotUnderstood("half")),
        ("h", NotUnderstood("h")),
        ("h 1", NotUnderstood("h")),
        (".", NotUnderstood(".")),
        ("5.", NotUnderstood("5.")),
        ("5.h", NotUnderstood("5.h")),
        ("1..5h", NotUnderstood("1..5h")),
        ("1.2.3h", NotUnderstood("1.2.3h")),
        ("1,000", NotUnderstood("1,000")),
        ("2d 1,500h", NotUnderstood("1,500h")),
        ("1,5,5h", NotUnderstood("1,5,5h")),
        ("1.5,5h", NotUnderstood("1.5,5h")),
        ("1_000", NotUnderstood("1_000")),
        ("1/2h", NotUnderstood("1/2h")),
        ("1h;2m", NotUnderstood("1h;2m")),
        ("1h,", NotUnderstood("1h,")),
        ("1h ,", NotUnderstood(",")),
        ("1h and", NotUnderstood("and")),
        ("1h, and", NotUnderstood("and")),
        ("1 mon,", NotUnderstood("mon,")),
        ("and 1h", NotUnderstood("and")),
        (",1h", NotUnderstood(",1h")),
        ("1h,,2m", NotUnderstood("1h,,2m")),
        ("1h and and 2m", NotUnderstood("and")),
        ("1h and, 2m", NotUnderstood("and,")),
        ("18:00", NotUnderstood("18:00")),
        ("2026-12-31 18:00", NotUnderstood("2026-12-31")),
        ("<t:1767225600>", NotUnderstood("<t:1767225600>")),
        ("inf", NotUnderstood("inf")),
        ("nan h", NotUnderstood("nan")),
    ],
)
def test_what_is_refused(text: str, problem: DurationProblem) -> None:
    assert refused(parse_duration, text) == problem


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("\N{ARABIC-INDIC DIGIT FIVE}m", "\N{ARABIC-INDIC DIGIT FIVE}m"),
        ("5\N{FULLWIDTH DIGIT FIVE}m", "5\N{FULLWIDTH DIGIT FIVE}m"),
        ("\N{SUPERSCRIPT TWO}h", "\N{SUPERSCRIPT TWO}h"),
        ("\N{VULGAR FRACTION ONE HALF}h", "\N{VULGAR FRACTION ONE HALF}h"),
        ("\N{MINUS SIGN}5", "\N{MINUS SIGN}5"),
        ("5\N{GREEK SMALL LETTER MU}s", "5\N{GREEK SMALL LETTER MU}s"),
        ("5\N{LATIN SMALL LETTER LONG S}", "5\N{LATIN SMALL LETTER LONG S}"),
        ("3 w\N{KELVIN SIGN}s", "w\N{KELVIN SIGN}s"),
        ("1\N{NO-BREAK SPACE}h", "1\N{NO-BREAK SPACE}h"),
        ("-\N{NO-BREAK SPACE}5", "-\N{NO-BREAK SPACE}5"),
        ("\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"),
        ("1h\N{ZERO WIDTH SPACE}", "1h\N{ZERO WIDTH SPACE}"),
        ("1h\N{RIGHT-TO-LEFT OVERRIDE} 2m", "1h\N{RIGHT-TO-LEFT OVERRIDE}"),
        ("1h\v2m", "1h\v2m"),
        ("1h\x1c2m", "1h\x1c2m"),
        ("\0", "\0"),
        ("1h 3\0m", "3\0m"),
        ("1h \ud800", "\ud800"),
        ("P\N{ARABIC-INDIC DIGIT FIVE}D", "P\N{ARABIC-INDIC DIGIT FIVE}D"),
    ],
)
def test_only_ascii_is_read(text: str, part: str) -> None:
    assert refused(parse_duration, text) == NotUnderstood(part)


def test_a_long_text_is_refused_unread_and_only_its_beginning_kept() -> None:
    for text in ("1" * 1_000_000, "1h " * 300_000, "x" * (MAX_TEXT_LENGTH + 1)):
        with pytest.raises(InvalidDuration) as caught:
            parse_duration(text)
        assert caught.value.problem == TextTooLong(MAX_TEXT_LENGTH)
        assert caught.value.text == text[:MAX_TEXT_LENGTH]


def test_the_error_carries_its_text_and_stays_within_the_root() -> None:
    with pytest.raises(BoostMonError) as caught:
        parse_duration("  1h 5 parsecs ")
    error = caught.value
    assert isinstance(error, InvalidDuration)
    assert error.text == "1h 5 parsecs"
    assert error.args == ("1h 5 parsecs", UnknownUnit("parsecs"))
    assert str(error) == "invalid duration '1h 5 parsecs': UnknownUnit(unit='parsecs', near=None)"


@PROPERTY
@given(any_text)
@example("1" * 99 + "x")
@example("1 " * 50)
@example("," * 100)
@example("1and" * 25)
def test_any_text_gives_a_duration_within_bounds_or_its_own_error(text: str) -> None:
    try:
        duration = parse_duration(text)
    except InvalidDuration as error:
        refusal = error
    else:
        assert MIN_DURATION <= duration <= MAX_DURATION
        return
    assert len(refusal.text) <= MAX_TEXT_LENGTH
    assert str(refusal).startswith("invalid duration ")


@pytest.mark.parametrize("language", [Language.DE, Language.ES, Language.PT_BR])
@pytest.mark.parametrize(
    ("text", "number", "readings"),
    [
        ("1.000 d", "1.000", ("1000 d", "1 d")),
        ("1d 1.250h", "1.250", ("1d 1250h", "1d 1.25h")),
        ("1.125 h", "1.125", ("1125 h", "1.1250 h")),
        ("1.000", "1.000", ("1000", "1")),
    ],
)
def test_a_dot_where_people_group_thousands_by_one(
    language: Language, text: str, number: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidDuration) as caught:
        parse_duration(text, language)
    assert caught.value.problem == Ambiguous(Doubt.THOUSANDS, number, readings)
    for reading in readings:
        assert parse_duration(reading, language) > timedelta()


@pytest.mark.parametrize("language", [None, Language.EN, Language.FR])
def test_a_dot_is_a_decimal_point_to_everybody_else(language: Language | None) -> None:
    assert parse_duration("1.250h", language) == timedelta(hours=1, minutes=15)


@pytest.mark.parametrize("text", ["0.125 h", "1.25 h", "12.5 h", "1.1250 h"])
def test_what_cannot_be_thousands(text: str) -> None:
    assert parse_duration(text, Language.DE) == parse_duration(text)
