"""Thresholds as moderators write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import TextTooLong
from boostmon.domain.languages import Language
from boostmon.domain.policy import DEFAULT_THRESHOLDS
from boostmon.domain.thresholds import (
    LONGEST_THRESHOLD,
    MOST_TEXT,
    MOST_THRESHOLDS,
    SHORTEST_THRESHOLD,
    CommaInThreshold,
    InvalidThresholds,
    ThresholdOutOfBounds,
    ThresholdProblem,
    ThresholdTwice,
    TooManyThresholds,
    UnreadableThreshold,
    checked_thresholds,
    parse_thresholds,
)
from tests.support.strategies import MICROSECOND, PROPERTY
from tests.support.timers import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("text", "thresholds"),
    [
        ("60m, 10m, 1m", (HOUR, 10 * MINUTE, MINUTE)),
        ("1, 60,10", (HOUR, 10 * MINUTE, MINUTE)),
        ("1 hour 30 minutes; 2d", (2 * DAY, 90 * MINUTE)),
        ("30m", (30 * MINUTE,)),
        ("30d", (30 * DAY,)),
        ("none", ()),
        (" None ", ()),
        ("default", DEFAULT_THRESHOLDS),
        ("DEFAULT", DEFAULT_THRESHOLDS),
        ("keine", ()),
        ("aucune", ()),
        ("ninguno", ()),
        ("nenhum", ()),
        ("Standard", DEFAULT_THRESHOLDS),
        ("par défaut", DEFAULT_THRESHOLDS),
        ("predeterminado", DEFAULT_THRESHOLDS),
        ("padrao", DEFAULT_THRESHOLDS),
        ("1 Tag, 60 Min., 10 Min.", (DAY, HOUR, 10 * MINUTE)),
        ("2 días, 1 hora", (2 * DAY, HOUR)),
    ],
)
def test_a_list_is_read_longest_first(text: str, thresholds: tuple[timedelta, ...]) -> None:
    for language in (None, *Language):
        assert parse_thresholds(text, language) == thresholds


def test_words_of_one_language_are_read_for_its_people() -> None:
    assert parse_thresholds("1 j, 1h", Language.FR) == (DAY, HOUR)
    with pytest.raises(InvalidThresholds):
        parse_thresholds("1 j, 1h")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("59s", ThresholdOutOfBounds(59 * SECOND)),
        ("30d, 10m, 31d", ThresholdOutOfBounds(31 * DAY)),
        ("60m, 10m, 1h", ThresholdTwice(HOUR)),
        ("6m, 5m, 4m, 3m, 2m, 1m", TooManyThresholds(6)),
    ],
)
def test_what_no_server_may_have_is_refused(text: str, problem: ThresholdProblem) -> None:
    with pytest.raises(InvalidThresholds) as refusal:
        parse_thresholds(text)
    assert refusal.value.problem == problem


@pytest.mark.parametrize("text", ["", " ", ",", "60m,", "soon", "60m 10m", "none, 10m", "-5m"])
def test_what_is_no_list_of_durations_is_refused(text: str) -> None:
    with pytest.raises(InvalidThresholds) as refusal:
        parse_thresholds(text)
    assert isinstance(refusal.value.problem, UnreadableThreshold)


@pytest.mark.parametrize("text", ["1,5h", "1d, 1,5 h", "60,10m", "1d;2,5Stunden"])
def test_a_comma_within_a_number_is_not_guessed_at(text: str) -> None:
    with pytest.raises(InvalidThresholds) as refusal:
        parse_thresholds(text)
    assert isinstance(refusal.value.problem, CommaInThreshold)


@pytest.mark.parametrize("text", ["60,10,1", "60, 10m", "1h,10m", "60m;10m", "1.5h,10m"])
def test_a_comma_between_durations_needs_no_space(text: str) -> None:
    assert len(parse_thresholds(text)) == len(text.replace(";", ",").split(","))


def test_an_over_long_list_is_not_read() -> None:
    with pytest.raises(InvalidThresholds) as refusal:
        parse_thresholds("1m," * MOST_TEXT)
    assert isinstance(refusal.value.problem, UnreadableThreshold)
    assert refusal.value.problem.problem == TextTooLong(limit=MOST_TEXT)


def test_the_bounds_themselves_are_allowed() -> None:
    assert checked_thresholds([SHORTEST_THRESHOLD, LONGEST_THRESHOLD]) == (LONGEST_THRESHOLD, SHORTEST_THRESHOLD)
    for beyond in (SHORTEST_THRESHOLD - MICROSECOND, LONGEST_THRESHOLD + MICROSECOND):
        with pytest.raises(InvalidThresholds):
            checked_thresholds([beyond])


@PROPERTY
@given(st.lists(st.timedeltas(SHORTEST_THRESHOLD, LONGEST_THRESHOLD), max_size=MOST_THRESHOLDS, unique=True))
def test_what_may_be_had_may_be_had_in_any_order(thresholds: list[timedelta]) -> None:
    assert checked_thresholds(thresholds) == tuple(sorted(thresholds, reverse=True))


@PROPERTY
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        thresholds = parse_thresholds(text)
    except InvalidThresholds:
        return
    assert checked_thresholds(thresholds) == thresholds


def test_the_longest_text_is_read_and_a_longer_one_is_told_as_far_as_it_may_go() -> None:
    longest = "1h" + " " * (MOST_TEXT - 5) + ",1m"
    assert parse_thresholds(longest) == (timedelta(hours=1), timedelta(minutes=1))

    with pytest.raises(InvalidThresholds) as raised:
        parse_thresholds("x" * (MOST_TEXT + 1))

    assert raised.value.problem == UnreadableThreshold("x" * MOST_TEXT, TextTooLong(limit=MOST_TEXT))


def test_a_part_that_cannot_be_read_is_named_without_the_space_around_it() -> None:
    with pytest.raises(InvalidThresholds) as raised:
        parse_thresholds("1h,  parsecs , 5m")

    assert isinstance(raised.value.problem, UnreadableThreshold)
    assert raised.value.problem.part == "parsecs"
