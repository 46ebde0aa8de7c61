"""Moments as people type them in other languages than English."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from boostmon.domain.durations import Ambiguous, Doubt, NotUnderstood, UnknownUnit, parse_when
from boostmon.domain.durations.vocabularies import VOCABULARIES, Kind
from boostmon.domain.durations.words import plain
from boostmon.domain.languages import Language
from tests.unit.domain.durations_support import of_30_days, refused

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 12, tzinfo=BERLIN)
"""A Tuesday."""


def when(text: str, language: Language | None = None) -> str:
    """What the text means, as the clocks of Berlin show it."""
    moment = parse_when(text, now=NOW, calendar=of_30_days(BERLIN), language=language)
    assert isinstance(moment, datetime)
    return f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("morgen 18:00", "2026-12-02 18:00"),
        ("heute um 18 Uhr", "2026-12-01 18:00"),
        ("bis Freitag 18:00", "2026-12-04 18:00"),
        ("in 3 Tagen", "2026-12-04 12:00"),
        ("24. Dezember 2026", "2026-12-24 00:00"),
        ("1. März", "2027-03-01 00:00"),
        ("1 MARZ", "2027-03-01 00:00"),
        ("demain à 18h30", "2026-12-02 18:30"),
        ("jusqu'à vendredi 18h", "2026-12-04 18:00"),
        ("jusqu\N{RIGHT SINGLE QUOTATION MARK}au 24 décembre", "2026-12-24 00:00"),
        ("le 1er août", "2027-08-01 00:00"),
        ("dans 3 jours", "2026-12-04 12:00"),
        ("mañana a las 18:00", "2026-12-02 18:00"),
        ("hasta el sábado", "2026-12-05 00:00"),
        ("24 de diciembre de 2026", "2026-12-24 00:00"),
        ("dentro de 3 días", "2026-12-04 12:00"),
        ("amanhã às 18:00", "2026-12-02 18:00"),
        ("até sexta-feira 18:00", "2026-12-04 18:00"),
        ("segunda", "2026-12-07 00:00"),
        ("em 3 dias", "2026-12-04 12:00"),
        ("morgen 18 Uhr 30", "2026-12-02 18:30"),
        ("übermorgen um 18 Uhr", "2026-12-03 18:00"),
        ("am Freitag", "2026-12-04 00:00"),
        ("18:30 am Freitag", "2026-12-04 18:30"),
        ("18 Uhr am Freitag", "2026-12-04 18:00"),
        ("bis zum 24. Dezember 2026", "2026-12-24 00:00"),
        ("in einer Woche", "2026-12-08 12:00"),
        ("bis 18h", "2026-12-01 18:00"),
        ("demain 18 h 30", "2026-12-02 18:30"),
        ("demain à 18 heures", "2026-12-02 18:00"),
        ("18h demain", "2026-12-02 18:00"),
        ("à 18h", "2026-12-01 18:00"),
        ("24.12. 18h", "2026-12-24 18:00"),
        ("on 24.12. at 18h30", "2026-12-24 18:30"),
        ("le 24.12. à 18h", "2026-12-24 18:00"),
        ("am 24.12. um 18h", "2026-12-24 18:00"),
        ("jusqu'à demain", "2026-12-02 00:00"),
        ("après-demain à 6h", "2026-12-03 06:00"),
        ("vendredi 4 h 15", "2026-12-04 04:15"),
        ("hasta las 18:00", "2026-12-01 18:00"),
        ("a las 6 p. m.", "2026-12-01 18:00"),
        ("pasado  mañana a las 18 horas", "2026-12-03 18:00"),
        ("24 de diciembre del 2026", "2026-12-24 00:00"),
        ("el día 24 de diciembre", "2026-12-24 00:00"),
        ("até às 18h", "2026-12-01 18:00"),
        ("até sexta às 18h30", "2026-12-04 18:30"),
        ("na sexta feira", "2026-12-04 00:00"),
        ("no dia 24 de dezembro", "2026-12-24 00:00"),
        ("depois de amanhã", "2026-12-03 00:00"),
        ("day after tomorrow 6pm", "2026-12-03 18:00"),
        ("the 24th of December", "2026-12-24 00:00"),
        ("in an hour", "2026-12-01 13:00"),
        ("mañana a las 18", "2026-12-02 18:00"),
        ("hasta las 18", "2026-12-01 18:00"),
        ("até às 18", "2026-12-01 18:00"),
        ("Freitag um 18", "2026-12-04 18:00"),
        ("à 18 demain", "2026-12-02 18:00"),
        ("Thursday, December 24, 2026 6:00 PM", "2026-12-24 18:00"),
        ("Thu 24 Dec", "2026-12-24 00:00"),
        ("Donnerstag, 24. Dezember 2026 18:00", "2026-12-24 18:00"),
        ("Donnerstag, 24.12. um 18 Uhr", "2026-12-24 18:00"),
        ("jeudi 24 décembre 2026 18:00", "2026-12-24 18:00"),
        ("jueves, 24 de diciembre de 2026, 18:00", "2026-12-24 18:00"),
        ("quinta-feira, 24 de dezembro de 2026 às 18:00", "2026-12-24 18:00"),
    ],
)
def test_other_languages(text: str, expected: str) -> None:
    assert when(text) == expected
    assert when(plain(text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (Language.DE, "Mo 18:00", "2026-12-07 18:00"),
        (Language.DE, "bis So", "2026-12-06 00:00"),
        (Language.DE, "12:30 am Freitag", "2026-12-04 12:30"),
        (Language.EN, "12:30 am Friday", "2026-12-04 00:30"),
        (Language.DE, "Freitag 6 am", "2026-12-04 06:00"),
        (Language.FR, "ven. 18h", "2026-12-04 18:00"),
        (Language.ES, "vie 18:00", "2026-12-04 18:00"),
        (Language.ES, "3 ago", "2027-08-03 00:00"),
        (Language.PT_BR, "seg 18:00", "2026-12-07 18:00"),
        (Language.PT_BR, "3 set", "2027-09-03 00:00"),
    ],
)
def test_short_words_are_read_for_those_whose_language_has_them(language: Language, text: str, expected: str) -> None:
    assert when(text, language) == expected


@pytest.mark.parametrize("text", ["So", "vie 18:00", "3 ago", "3 set", "sex", "out 3"])
@pytest.mark.parametrize("language", [None, Language.EN])
def test_short_words_are_not_read_for_others(text: str, language: Language | None) -> None:
    problem = refused(lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN), language=language), text)
    assert isinstance(problem, NotUnderstood | UnknownUnit)


@pytest.mark.parametrize(
    "text", ["nächsten Freitag", "vendredi prochain", "el próximo viernes", "el viernes que viene", "sexta que vem"]
)
def test_next_friday_in_any_language_may_be_either(text: str) -> None:
    problem = refused(lambda text: parse_when(text, now=NOW, calendar=of_30_days(BERLIN)), text)
    assert problem == Ambiguous(Doubt.WHICH_DAY, text, ("2026-12-04", "2026-12-11"))


@pytest.mark.parametrize("language", Language)
def test_every_name_of_a_day_or_a_month(language: Language) -> None:
    for kind, place, word, is_shared in VOCABULARIES[language].entries():
        reader = None if is_shared else language
        if kind is Kind.WEEKDAY:
            moment = datetime.fromisoformat(when(f"{word} 00:00", reader))
            assert moment.weekday() == place
            assert timedelta() < moment - NOW.replace(tzinfo=None) < timedelta(days=7)
        elif kind is Kind.MONTH:
            for written in (f"2 {word}", f"{word} 2"):
                assert when(written, reader)[5:10] == f"{place + 1:02}-02"
