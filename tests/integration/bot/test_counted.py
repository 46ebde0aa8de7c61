"""Roles that change hands while the audit log is silent, hidden or off are noticed by the number of members."""

from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from boostmon.domain.ids import NOBODY
from boostmon.domain.notices import UntimedNotice
from boostmon.sandbox.changes import Changes
from tests.integration.bot.stage import BotStage, stage
from tests.integration.bot.test_taken_by_hand import actions
from tests.support.patience import PATIENCE
from tests.support.timers import DAY, HOUR

SECONDS = PATIENCE
PERIOD = 1.0
COUNTS, LOG, MEMBERS = "/guilds/*/roles/member-counts", "/guilds/*/audit-logs", "/guilds/*/members/*"


@pytest.fixture(name="counting")
def stage_that_counts() -> Iterator[BotStage]:
    with stage(count_every=PERIOD) as made:
        yield made


def asked(stage: BotStage, path: str) -> int:
    return sum(one.method == "GET" and fnmatch(one.path, path) for one in stage.discord.requests)


def wait_until_counted(stage: BotStage, times: int = 2) -> None:
    """Whole turns, from now on."""
    until = asked(stage, COUNTS) + times
    stage.discord.wait_until(lambda: asked(stage, COUNTS) >= until, SECONDS, "a turn of the guild")


def in_order(stage: BotStage) -> None:
    """Two members have a timer, and somebody has counted."""
    for member in ("@alice", "@bob"):
        stage.insist(f"/settime user:{member} role:@VIP duration:30d")
    stage.clock.advance(HOUR)
    wait_until_counted(stage)


def in_silence(stage: BotStage, how: str, give: str | None = None, take: str | None = None) -> None:
    def act(changes: Changes) -> None:
        changes.keep_audit_log(how)
        if give is not None:
            changes.give(give, "@VIP", by="@owner")
        if take is not None:
            changes.take(take, "@VIP", by="@owner")

    stage.discord.change(act)


def test_a_guild_in_order_costs_one_request_a_turn(counting: BotStage) -> None:
    in_order(counting)
    others = [asked(counting, path) for path in (LOG, MEMBERS)]

    wait_until_counted(counting, 3)

    assert [asked(counting, path) for path in (LOG, MEMBERS)] == others
    assert actions(counting) == ["set", "set"]


@pytest.mark.parametrize("how", ["silent", "off", "hidden"])
def test_a_role_taken_unheard_is_noticed_in_one_turn(counting: BotStage, how: str) -> None:
    in_order(counting)
    if how == "hidden":
        counting.discord.change(lambda changes: changes.set_permission("view-audit-log", allowed=False))
    looked = asked(counting, MEMBERS)

    in_silence(counting, "silent" if how == "silent" else "off", take="@alice")
    counting.discord.wait_until(lambda: "taken" in actions(counting), SECONDS, "the end of the timer")
    wait_until_counted(counting)

    assert counting.timer("@alice", "@VIP") is None
    assert counting.timer("@bob", "@VIP") is not None
    [entry] = [one for one in counting.store.ledger if one.action == "taken"]
    assert entry.actor == (counting.discord.id_of("@owner") if how == "silent" else NOBODY)
    assert asked(counting, MEMBERS) - looked == (0 if how == "silent" else 2)


def test_a_role_given_in_silence_starts_its_timer_and_one_given_unwritten_is_told_of(counting: BotStage) -> None:
    counting.insist("/timersettings log channel:#general", by="@owner")
    counting.insist("/timerrule set role:@VIP starts:True duration:1d", by="@owner")
    counting.given("@dave", "@VIP", DAY)
    in_order(counting)

    in_silence(counting, "silent", give="@carol")
    counting.discord.wait_until(lambda: "started" in actions(counting), SECONDS, "the start of a timer")
    wait_until_counted(counting)
    assert counting.timer("@carol", "@VIP") is not None
    in_silence(counting, "off", give="@erin")
    counting.discord.wait_until(lambda: bool(told(counting)), SECONDS, "the news")
    wait_until_counted(counting)

    assert told(counting) == [1]
    assert counting.timer("@erin", "@VIP") is None


def told(stage: BotStage) -> list[int]:
    with stage.store.lock:
        rows = list(stage.store.notices.values())
    return [row.notice.members for row in rows if isinstance(row.notice, UntimedNotice)]
