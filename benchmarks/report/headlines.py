"""The three figures that stand on the first screen of the README and of the documentation, from a kept run."""

import re
from dataclasses import dataclass

from benchmarks.harness.results import RunResult
from benchmarks.report.numbers import shown

BEGIN, END = "<!-- headlines: made by `make bench-page` -->", "<!-- /headlines -->"
_PLACE = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Headline:
    """A median, or with `beside` its ratio to another participant's; `said` is the sentence about it."""

    scenario: str
    case: str
    figure: str
    of: str
    said: str
    beside: str | None = None


_HEADLINES = (
    _Headline(
        *("lateness", "1,000,000 future timers", "p99", "BoostMon"),
        "**At most {} ms late**: 99 of 100 endings, with a million timers waiting",
    ),
    _Headline(
        *("drain", "1,000,000 future timers", "per_second", "BoostMon, endings"),
        "**{} times as many endings a second** as the next best scheduler on the same driver (PgQueuer on psycopg)",
        beside="PgQueuer, psycopg",
    ),
    _Headline(
        *("flood", "2,000 endings", "used", "BoostMon"),
        "**{} % of Discord's request rate** put to use when 2,000 roles end at one moment, and never exceeded",
    ),
)


def headlines(run: RunResult) -> str:
    """The figures as a list in Markdown.

    Raises:
        ValueError: the run has no such figure.
    """
    return "\n".join(f"- {one.said.format(_value(run, one))}" for one in _HEADLINES)


def with_headlines(text: str, run: RunResult) -> str:
    """A text in which the figures between its two marks are those of the run.

    Raises:
        ValueError: it has no marks, or the run has no such figure.
    """
    if _PLACE.search(text) is None:
        raise ValueError(f"there is no {BEGIN} … {END}")
    return _PLACE.sub(lambda _: f"{BEGIN}\n{headlines(run)}\n{END}", text)


def _value(run: RunResult, one: _Headline) -> str:
    scenario = next((found for found in run.scenarios if found.name == one.scenario), None)
    own, other = (
        None if scenario is None else scenario.median(one.case, name, one.figure)
        for name in (one.of, one.beside or one.of)
    )
    if own is None or not other:
        raise ValueError(f"the run has no {one.figure} of {one.of} in {one.scenario}, {one.case}")
    return shown(own / other if one.beside else own)
