"""No stored value was renamed or is missing from the table; see there, and the integration test of the same name."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from boostmon.adapters.postgres.details import detail_from, detail_json
from boostmon.adapters.postgres.rows import notice_row, postmark_row, state_row
from boostmon.app.ports import Postmark
from boostmon.domain.details import Detail, Drop, OfDiscord, OfNotice
from boostmon.domain.languages import Language
from boostmon.domain.ledger import Action
from boostmon.domain.notices import Notice, NoticeKind
from boostmon.domain.outcomes import Gone
from boostmon.domain.timers import Obstacle, State, Timer
from boostmon.domain.ways import Barrier, Way
from tests.support.stored_values import (
    ACTIONS,
    BARRIERS,
    DECISIONS,
    DETAILS,
    DROPS,
    GONE,
    LANGUAGES,
    NOTICES,
    OBSTACLES,
    STATES,
    WAYS,
)


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Obstacle, OBSTACLES),
        (Action, ACTIONS),
        (NoticeKind, {notice.kind: text for text, notice in NOTICES.items()}),
        (Drop, DROPS),
        (Gone, GONE),
        (Barrier, BARRIERS),
        (Language, LANGUAGES),
    ],
)
def test_every_member_of_an_enumeration_is_in_the_table_as_it_is_stored(
    kind: type[StrEnum], table: Mapping[StrEnum, str]
) -> None:
    assert {member: member.value for member in kind} == table


@pytest.mark.parametrize(("kind", "table"), DECISIONS.items())
def test_everything_that_a_guild_can_choose_is_in_the_table_as_it_is_stored(
    kind: type[StrEnum], table: Mapping[str, str]
) -> None:
    assert {member.name: member.value for member in kind} == table


def test_every_kind_of_notice_way_and_state_is_in_the_table() -> None:
    assert {type(notice) for notice in NOTICES.values()} == set(Notice.__value__.__args__)
    assert {type(way) for way in WAYS.values()} == set(Way.__value__.__args__)
    assert {type(timer.state) for timer in STATES.values()} == set(State.__value__.__args__)


@pytest.mark.parametrize(("text", "notice"), NOTICES.items())
def test_a_kind_of_notice_is_stored_by_its_name(text: str, notice: Notice) -> None:
    assert notice_row(notice)["kind"] == text


@pytest.mark.parametrize(("text", "way"), WAYS.items())
def test_a_way_is_stored_by_its_name(text: str, way: Way) -> None:
    assert postmark_row(Postmark(UUID(int=1), way))["way"] == text


@pytest.mark.parametrize(("text", "timer"), STATES.items())
def test_a_state_is_stored_by_its_name(text: str, timer: Timer) -> None:
    assert state_row(timer)["state"] == text


def test_every_kind_of_detail_is_in_the_table() -> None:
    others = set(Detail.__value__.__args__) - {OfDiscord, OfNotice}
    kinds = {*OfDiscord.__value__.__args__, *OfNotice.__value__.__args__, *others}
    assert {type(detail) for detail in DETAILS} == kinds


@pytest.mark.parametrize(("detail", "values"), DETAILS.items())
def test_a_detail_is_stored_as_in_the_table_and_read_back(detail: Detail, values: Mapping[str, Any]) -> None:
    assert json.loads(detail_json(detail) or "") == values
    assert detail_from(values) == detail
