"""Reading on in an audit log after a time of silence."""

from collections.abc import Iterator

import pytest

from boostmon.app.errors import AuditLogHidden, DiscordUnreachable, StorageUnavailable
from boostmon.app.hearing.catching_up import PAGES_AT_ONCE
from boostmon.domain.ids import GuildId, RequestId, TimerKey, UserId
from boostmon.domain.role_events import AuditEntry, RoleGiven, RoleTaken
from boostmon.domain.rules import RoleRule
from tests.support.stage import GOLD_KEY, VIEW, Point, Stage
from tests.support.timers import GUILD, HOUR, KEY, MINUTE, NOW, asked, change, running

BOB = UserId(5)


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[Stage]:
    made = Stage()
    made.clock.advance(HOUR)
    yield made
    made.interruptions.must_have_happened()


def has(stage: Stage, *, of: TimerKey = KEY) -> None:
    assert stage.rows.commit(change(None, running(3 * HOUR, of=of))) is not None
    stage.watched_roles.refresh()


def writes(stage: Stage, number: int, kind: type[RoleGiven | RoleTaken] | None = None, of: TimerKey = KEY) -> None:
    entry = RequestId(number)
    events = () if kind is None else (kind(of, BOB, entry, NOW + number * MINUTE),)
    stage.audit_log.entries.append(AuditEntry(of.guild, entry, events))


def heard_until(stage: Stage, guild: GuildId = GUILD) -> RequestId | None:
    return stage.catch_up.hearing.heard_until(guild)


def test_it_begins_with_what_comes_next(stage: Stage) -> None:
    has(stage)
    writes(stage, 7, RoleTaken)

    assert stage.catch_up(GUILD).until == 7

    assert stage.rows.get(KEY) is not None
    assert heard_until(stage) == 7
    assert stage.catch_up(GUILD, afresh=True).until == 7


def test_an_empty_log_is_read_from_its_first_entry_on(stage: Stage) -> None:
    has(stage)
    assert stage.catch_up(GUILD).until == 0

    writes(stage, 1, RoleTaken)

    assert stage.catch_up(GUILD).until == 1
    assert stage.actions == ["set", "taken"]


def test_a_role_that_a_command_gave_after_it_was_taken_does_not_stay(stage: Stage) -> None:
    """The command was typed before that, and its role was given after it; both were over when the log was read."""
    has(stage)
    stage.catch_up(GUILD)
    stage.set_time(KEY, 2 * HOUR, asked=asked(NOW + 4.5 * MINUTE), view=VIEW)
    writes(stage, 5, RoleTaken)

    stage.catch_up(GUILD)

    assert stage.actions == ["set", "set", "taken"]
    assert stage.sweep().ended == 1
    assert KEY not in stage.roles.held
    assert stage.rows.get(KEY) is None


@pytest.mark.parametrize("others", range(8))
def test_what_happened_meanwhile_is_found_among_other_entries(stage: Stage, others: int) -> None:
    """Three of which are a page."""
    has(stage)
    stage.catch_up(GUILD)
    for number in range(1, others + 1):
        writes(stage, number)
    writes(stage, 20, RoleTaken)

    assert stage.catch_up(GUILD).until == 20

    assert stage.rows.get(KEY) is None
    assert stage.ledger[-1].actor == BOB
    assert heard_until(stage) == 20
    looks = stage.audit_log.looks
    assert stage.catch_up(GUILD).until == 20
    assert stage.audit_log.looks == looks + 1


def test_what_was_given_and_taken_meanwhile_goes_by_each_in_turn(stage: Stage) -> None:
    rule = RoleRule(KEY.role, starts=True, duration=5 * HOUR)
    stage.policies.change_rule(GUILD, KEY.role, lambda _: rule, asked=asked())
    stage.watched_roles.refresh()
    stage.catch_up(GUILD)
    writes(stage, 1, RoleGiven)
    writes(stage, 2, RoleTaken)
    writes(stage, 3, RoleGiven)
    writes(stage, 9, RoleTaken, GOLD_KEY)

    stage.catch_up(GUILD)

    timer = stage.rows.get(KEY)
    assert timer is not None
    assert timer.created_at == NOW + 3 * MINUTE
    assert stage.actions == ["started", "taken", "started"]


def test_begun_afresh_what_was_before_concerns_nobody(stage: Stage) -> None:
    stage.catch_up(GUILD)
    writes(stage, 5, RoleTaken)
    has(stage)

    assert stage.catch_up(GUILD, afresh=True).until == 5

    assert stage.rows.get(KEY) is not None
    assert heard_until(stage) == 5


def test_a_failure_on_the_way_loses_nothing(stage: Stage) -> None:
    has(stage)
    stage.catch_up(GUILD)
    for number in range(1, 8):
        writes(stage, number)
    writes(stage, 8, RoleTaken)

    def fail() -> None:
        raise StorageUnavailable("away")

    stage.interruptions.plan(Point.BEFORE_COMMIT, fail)
    with pytest.raises(StorageUnavailable):
        stage.catch_up(GUILD)
    assert heard_until(stage) == 0

    stage.audit_log.failures = [DiscordUnreachable("away")]
    with pytest.raises(DiscordUnreachable):
        stage.catch_up(GUILD)
    assert stage.catch_up(GUILD).until == 8
    assert stage.actions == ["set", "taken"]


def test_a_log_that_is_hidden_tells_nothing(stage: Stage) -> None:
    has(stage)
    stage.audit_log.hidden.add(GUILD)

    with pytest.raises(AuditLogHidden):
        stage.catch_up(GUILD)

    assert heard_until(stage) is None


def test_of_a_long_log_is_written_down_how_far_it_was_read(stage: Stage) -> None:
    has(stage)
    stage.catch_up(GUILD)
    for number in range(1, 3 * PAGES_AT_ONCE + 1):
        writes(stage, number)

    def fail() -> None:
        raise StorageUnavailable("away")

    writes(stage, 99, RoleTaken)
    stage.interruptions.plan(Point.BEFORE_BASIS, fail)
    with pytest.raises(StorageUnavailable):
        stage.catch_up(GUILD)

    assert heard_until(stage) == 3 * PAGES_AT_ONCE
