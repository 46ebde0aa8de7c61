"""Whatever people type, answers and refusals say what BoostMon says."""

from dataclasses import replace
from datetime import UTC

import pytest

from boostmon.app.changing.changes import Changed
from boostmon.app.commands.errors import AmbiguousRole, UnknownRole
from boostmon.domain.durations import InvalidDuration, NoSuchDate, NotUnderstood, UnknownUnit, parse_when
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.ledger import Action
from boostmon.texts import Language, words_of
from boostmon.texts.answers import change_card
from boostmon.texts.quoting import shortened
from boostmon.texts.refusals import explain
from boostmon.texts.suggestions import MOST_LETTERS, duration_choices
from tests.support.discord_markdown import live, shown
from tests.support.hostile import HOSTILE_TEXTS
from tests.support.scenes import scene
from tests.support.timers import HOUR, KEY, MODERATOR, NOW, running
from tests.unit.domain.durations_support import of_30_days

WORDS = [words_of(language) for language in Language]
hostile = pytest.mark.parametrize("text", HOSTILE_TEXTS)
STARTED = Changed(Action.SET, KEY, None, running(HOUR), NOW, HOUR)


def _what_lives(error: BoostMonError) -> list[list[str]]:
    """In each language."""
    problems = [explain(error, words) for words in WORDS]
    return [[name for name, _ in live(f"{problem.title}\n{problem.text}")] for problem in problems]


@hostile
def test_a_reason_is_shown_as_it_was_typed(text: str) -> None:
    for words in WORDS:
        embed = change_card(replace(STARTED, reason=text), words, by=MODERATOR)
        [reason] = [str(field.value) for field in embed.fields if field.name == words("Reason")]
        assert live(reason) == []
        assert shown(reason) == shortened(text, 500)


@hostile
def test_a_name_that_no_role_has(text: str) -> None:
    assert _what_lives(UnknownRole(text, [text, text])) == _what_lives(UnknownRole("VIPP", ["VIP", "VIP2"]))


@hostile
def test_a_name_that_several_roles_have(text: str) -> None:
    roles = [RoleFacts(RoleId(number), text, position=1) for number in (1, 2)]
    assert _what_lives(AmbiguousRole(text, roles)) == _what_lives(AmbiguousRole("VIP", roles))


@hostile
@pytest.mark.parametrize("problem", [NotUnderstood, UnknownUnit, NoSuchDate])
def test_a_wrong_duration(text: str, problem: type[NotUnderstood] | type[UnknownUnit] | type[NoSuchDate]) -> None:
    error, harmless = InvalidDuration(text, problem(text)), InvalidDuration("x", problem("x"))
    assert _what_lives(error) == _what_lives(harmless)


@hostile
def test_a_suggestion_is_no_longer_than_discord_takes(text: str) -> None:
    for words in WORDS:
        for name, value in duration_choices(text, scene(words, NOW), lambda _: "").items():
            assert 1 <= len(name) <= MOST_LETTERS
            assert len(value) <= MOST_LETTERS


def test_a_duration_that_is_typed_with_a_link_is_refused_without_one() -> None:
    typed = "[2h](https://evil.example)"
    with pytest.raises(InvalidDuration) as caught:
        parse_when(typed, now=NOW, calendar=of_30_days(UTC))
    for living in _what_lives(caught.value):
        assert {"masked link", "link"}.isdisjoint(living)
