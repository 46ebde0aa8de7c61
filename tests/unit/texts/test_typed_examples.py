"""What a text gives as an example can be typed, in the language of the text."""

import re
from datetime import UTC

import pytest

from boostmon.domain.durations import InvalidDuration, NotUnderstood, parse_when
from boostmon.domain.policy import DEFAULT_THRESHOLDS
from boostmon.domain.thresholds import InvalidThresholds, TooManyThresholds, parse_thresholds
from boostmon.texts import Language, words_of
from boostmon.texts.refusals import explain
from tests.support.timers import NOW
from tests.unit.domain.durations_support import of_30_days

each_language = pytest.mark.parametrize("language", Language)


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@each_language
def test_durations_and_moments(language: Language) -> None:
    examples = _quoted(explain(InvalidDuration("", NotUnderstood("")), words_of(language)).text)
    assert len(examples) == 8
    for example in examples:
        parse_when(example, now=NOW, calendar=of_30_days(UTC), language=language)


@each_language
def test_durations_in_the_descriptions_of_options(language: Language) -> None:
    words = words_of(language)
    for text in (
        words("How long, e.g. 2h, 1d 12h, 2 weeks; or until when, e.g. Friday 18:00, 24 Dec, 2030-12-31"),
        words("How much more, e.g. 30m, 2h, 2 weeks; or until when, e.g. Friday 18:00, 24 Dec"),
    ):
        examples = _listed(text)
        assert len(examples) >= 4
        for example in examples:
            parse_when(example, now=NOW, calendar=of_30_days(UTC), language=language)


def _listed(text: str) -> list[str]:
    """What stands after each of the two `e.g.`."""
    lists = re.split(r"(?:e\.g\.|z\. ?B\.|p\. ?ex\.|p\. ?ej\.|por ejemplo|por exemplo|ex\.)[: ]", text)[1:]
    return [one.strip() for part in lists for one in part.split(";")[0].split(",")]


@each_language
def test_thresholds(language: Language) -> None:
    for example in _quoted(explain(InvalidThresholds(TooManyThresholds(6)), words_of(language)).text):
        parse_thresholds(example, language)


@each_language
def test_words_for_no_warnings_and_for_the_default(language: Language) -> None:
    """The option names those that the refusal names."""
    text = words_of(language)("How long before the end, e.g. 1d, 60m, 10m; or none, or default")
    named = [part.split()[-1] for part in text.split(";")[1].split(",")]
    assert named == _quoted(explain(InvalidThresholds(TooManyThresholds(6)), words_of(language)).text)[-2:]
    assert [parse_thresholds(word, language) for word in named] == [(), DEFAULT_THRESHOLDS]
