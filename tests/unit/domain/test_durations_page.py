"""Every example of the moderators' page on durations is true."""

import re
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from boostmon.domain.durations import (
    Calendar,
    DayHasBegun,
    Doubt,
    DurationProblem,
    End,
    InThePast,
    MissingDay,
    MissingUnit,
    Months,
    NoLengthAfter,
    NoSuchDate,
    NoSuchTime,
    NotPositive,
    NotUnderstood,
    TooLong,
    TooShort,
    UnitTwice,
    UnknownUnit,
    When,
    format_amount,
    format_duration,
    parse_amount,
    parse_when,
)
from boostmon.domain.durations.vocabularies import VOCABULARIES, Kind
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import refused

PAGE = Path(__file__).parents[3] / "docs" / "durations.md"
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)  # in Berlin, as the page has it
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))

REASONS: dict[str, type[DurationProblem] | Doubt] = {
    "minutes or months": Doubt.MINUTES_OR_MONTHS,
    "a unit is missing, and it may be a date": Doubt.NO_UNIT,
    "a time of day or a length": Doubt.TIME_OR_LENGTH,
    "the order differs between countries": Doubt.ORDER,
    "it may be either of two days": Doubt.WHICH_DAY,
    "it has begun already": DayHasBegun,
    "a day is missing": MissingDay,
    "that word goes before a length": NoLengthAfter,
    "it is not understood": NotUnderstood,
    "there is no such unit": UnknownUnit,
    "a unit is missing": MissingUnit,
    "a unit appears twice": UnitTwice,
    "it is zero or less": NotPositive,
    "it is too short": TooShort,
    "it is too long": TooLong,
    "it is in the past": InThePast,
    "there is no such date": NoSuchDate,
    "the clocks skip that time": NoSuchTime,
}


def rows(heading: str) -> list[list[str]]:
    """The cells of each row of the table that has this heading."""
    table = PAGE.read_text(encoding="utf-8").split(f"| {heading} |\n", maxsplit=1)[1].split("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[1:]]
    assert cells
    return cells


def told(when: When) -> str:
    """The time until then, or the amount."""
    return format_duration(when - NOON) if isinstance(when, datetime) else format_amount(when)


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize(("written", "meaning"), rows("You write | It means"))
def test_lengths(written: str, meaning: str) -> None:
    assert [told(parse_when(text, now=NOON, calendar=BERLIN)) for text in quoted(written)] == quoted(meaning)


@pytest.mark.parametrize(("unit", "spellings", "length"), rows("Unit | You may write | Length"))
def test_units(unit: str, spellings: str, length: str) -> None:
    assert quoted(spellings)
    for spelling in (unit, *quoted(spellings)):
        assert [format_amount(parse_amount(f"1 {spelling}", months=Months.CALENDAR))] == quoted(length)


def test_no_spelling_is_left_out() -> None:
    listed = {spelling for _, cell, _ in rows("Unit | You may write | Length") for spelling in quoted(cell)}
    assert listed == {entry.word for entry in VOCABULARIES[Language.EN].entries() if entry.kind is Kind.UNIT}


LANGUAGES = {
    "German": Language.DE,
    "French": Language.FR,
    "Spanish": Language.ES,
    "Portuguese": Language.PT_BR,
}


NOT_LISTED = {Kind.WEEKDAY, Kind.MONTH, Kind.HOUR_MARK, Kind.NO_WARNINGS, Kind.DEFAULT}
"""Full names that every dictionary has, words that are there as units already, and words that are no durations."""


def test_the_words_of_other_languages_are_listed() -> None:
    listed = {name: quoted(cell) for name, cell in rows("Language | You may write")}
    assert listed == {
        name: [
            entry.word for entry in VOCABULARIES[language].entries() if entry.is_shared and entry.kind not in NOT_LISTED
        ]
        for name, language in LANGUAGES.items()
    }


def test_the_words_for_people_of_one_language_are_listed() -> None:
    listed = {name: quoted(cell) for name, cell in rows("Your Discord's language | You may write, too")}
    assert listed == {
        name: [entry.word for entry in VOCABULARIES[language].entries() if not entry.is_shared]
        for name, language in LANGUAGES.items()
    }


@pytest.mark.parametrize(("name", "written", "meaning"), rows("Language | You write | The time until then"))
def test_examples_in_each_language(name: str, written: str, meaning: str) -> None:
    for language in (LANGUAGES[name], None):
        understood = [parse_when(text, now=NOON, calendar=BERLIN, language=language) for text in quoted(written)]
        assert list(map(told, understood)) == quoted(meaning)


@pytest.mark.parametrize(
    ("written", "meaning"),
    rows("You write | The time until then"),
)
def test_moments(written: str, meaning: str) -> None:
    assert [told(parse_when(text, now=NOON, calendar=BERLIN)) for text in quoted(written)] == quoted(meaning)


@pytest.mark.parametrize(("begins", "written", "ends"), rows("It begins | You write | It ends"))
def test_months_and_years(begins: str, written: str, ends: str) -> None:
    amounts = [parse_amount(text, months=Months.CALENDAR) for text in quoted(written)]
    start = datetime.strptime(begins, "%d %B %Y, %H:%M").replace(tzinfo=BERLIN.zone)
    end = reduce(BERLIN.after, amounts, End(start.astimezone(UTC)))
    assert f"{end.at.astimezone(BERLIN.zone):%-d %B %Y, %H:%M}" == ends


@pytest.mark.parametrize(("written", "because"), rows("You write | Because"))
def test_what_is_refused(written: str, because: str) -> None:
    reason, _, remedy = because.partition(": write ")
    for text in quoted(written):
        problem = refused(lambda text: parse_when(text, now=NOON, calendar=BERLIN), text)
        assert REASONS[reason] in {type(problem), getattr(problem, "doubt", None)}
    for text in quoted(remedy):
        assert parse_when(text, now=NOON, calendar=BERLIN)


def test_every_reason_is_shown() -> None:
    assert {because.partition(": write ")[0] for _, because in rows("You write | Because")} == set(REASONS)
