"""Months of the calendar and moments in the guild's zone, typed by members."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from boostmon.domain.durations import Months
from boostmon.domain.ids import GuildId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Paused, Running
from tests.integration.bot.pressing import told
from tests.integration.bot.stage import BotStage
from tests.support.timers import DAY, HOUR

SET = "/settime user:@alice role:@VIP duration:"
ADD = "/addtime user:@alice duration:"
BERLIN = ZoneInfo("Europe/Berlin")


def begin(stage: BotStage, local: str, months: Months = Months.CALENDAR) -> None:
    """A guild in Berlin, at that time on its clocks."""
    guild = GuildId(stage.discord.look(lambda world: world.guild_id))
    stage.store.policies[guild] = Policy(time_zone="Europe/Berlin", months=months)
    stage.clock.advance(datetime.fromisoformat(local).replace(tzinfo=BERLIN) - stage.clock.now())


def ends(stage: BotStage) -> str:
    """When the timer of @alice ends, as the clocks of Berlin show it."""
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Running)
    return timer.state.ends_at.astimezone(BERLIN).isoformat(sep=" ", timespec="minutes")


@pytest.mark.parametrize("month", ["1mo", "P1M", "1 month", "1 Monat", "1 mois", "1 mes", "1 mês"])
def test_from_the_31st_of_january_a_month_and_one_more_is_the_31st_of_march(stage: BotStage, month: str) -> None:
    begin(stage, "2027-01-31 18:00")

    assert "for **1 month**" in stage.type(f"{SET}{month}").text
    assert ends(stage) == "2027-02-28 18:00+01:00"
    stage.clock.advance(20 * DAY)
    answer = stage.type(f"{ADD}{month}")

    assert "runs **1 month** longer" in answer.text
    assert ends(stage) == "2027-03-31 18:00+02:00"
    stamp = int(datetime(2027, 3, 31, 16, tzinfo=UTC).timestamp())
    assert f"<t:{stamp}:F>" in answer.text


@pytest.mark.parametrize(
    ("now", "typed", "end"),
    [
        ("2028-02-29 12:00", "1y", "2029-02-28 12:00+01:00"),
        ("2028-01-31 12:00", "1mo", "2028-02-29 12:00+01:00"),
        ("2027-02-28 02:30", "1mo", "2027-03-28 03:00+02:00"),
        ("2027-02-28 18:00", "1mo", "2027-03-28 18:00+02:00"),
        ("2027-09-30 02:30", "1mo 1d", "2027-10-31 02:30+02:00"),
        ("2027-08-31 02:30", "2mo", "2027-10-31 02:30+02:00"),
        ("2027-09-30 18:00", "P1M", "2027-10-30 18:00+02:00"),
        ("2027-10-30 18:00", "1d", "2027-10-31 17:00+01:00"),
        ("2027-01-31 18:00", "30d", "2027-03-02 18:00+01:00"),
        ("2027-01-31 18:00", "in 1 month", "2027-02-28 18:00+01:00"),
        ("2027-01-31 18:00", "1.5mo", "2027-03-15 18:00+01:00"),
        ("2027-01-31 18:00", "2027-03-01 18:00", "2027-03-01 18:00+01:00"),
        ("2027-01-31 18:00", "friday", "2027-02-05 00:00+01:00"),
        ("2027-01-31 18:00", "18:30", "2027-01-31 18:30+01:00"),
    ],
)
def test_ends_by_the_calendar_and_the_clocks_of_the_guild(stage: BotStage, now: str, typed: str, end: str) -> None:
    begin(stage, now)
    stage.type(f"{SET}{typed}")
    assert ends(stage) == end


def test_where_a_month_is_30_days_it_stays_that(stage: BotStage) -> None:
    begin(stage, "2027-01-31 18:00", Months.THIRTY_DAYS)
    assert "for **30 days**" in stage.type(f"{SET}1mo").text
    assert ends(stage) == "2027-03-02 18:00+01:00"
    stage.type(f"{ADD}1y 1mo")
    assert ends(stage) == "2028-03-31 19:00+02:00"


def test_a_choice_says_when_a_month_ends(stage: BotStage) -> None:
    begin(stage, "2026-11-24 15:00")
    assert stage.suggestions(f"{SET}1mo")["1 month: ends Thu 24 Dec 15:00 CET"] == "1mo"
    assert "1 month: ends Thu 24 Dec 15:00 CET" in stage.suggestions(SET)
    stage.type(f"{SET}1mo")
    assert stage.suggestions(f"{ADD}1mo")["1 month: ends Sun 24 Jan 2027 15:00 CET"] == "1mo"
    assert "1 month: ends now" in stage.suggestions("/removetime user:@alice duration:1mo")
    assert next(iter(stage.suggestions(f"{SET}18:00"))) == "until Tue 24 Nov 18:00 CET: 3 hours from now"


def test_a_month_less_is_asked_about_and_undone(stage: BotStage) -> None:
    begin(stage, "2027-01-31 18:00")
    stage.type(f"{SET}2mo")
    stage.type("/removetime user:@alice duration:5h")
    stage.type(f"{ADD}5h")
    assert ends(stage) == "2027-03-31 18:00+02:00"

    question = stage.type("/removetime user:@alice duration:1mo")
    assert "would lose **30 days 23 hours**" in question.text
    answer = told(stage, stage.discord.press("@mod", "Take", on=question))
    assert ends(stage) == "2027-02-28 18:00+01:00"
    assert "runs **1 month** less" in answer.text

    told(stage, stage.discord.press("@mod", "Undo", on=answer))
    assert ends(stage) == "2027-03-31 18:00+02:00"


def test_a_confirmed_month_is_one_from_the_moment_of_its_confirmation(stage: BotStage) -> None:
    begin(stage, "2027-01-31 17:55")
    stage.type(f"{SET}1y")
    question = stage.type(f"{SET}1mo")
    assert "1 month, from the moment that you confirm it" in question.text
    stage.clock.advance(timedelta(minutes=5))
    told(stage, stage.discord.press("@mod", "Replace", on=question))
    assert ends(stage) == "2027-02-28 18:00+01:00"


def test_a_moment_that_is_asked_about_stays_the_one_of_the_guild(stage: BotStage) -> None:
    begin(stage, "2027-01-31 18:00")
    stage.type(f"{SET}1y")
    question = stage.type(f"{SET}19:00")
    told(stage, stage.discord.press("@mod", "Replace", on=question))
    assert ends(stage) == "2027-01-31 19:00+01:00"


def test_an_undone_month_gives_the_day_of_the_first_start_back(stage: BotStage) -> None:
    begin(stage, "2027-01-31 18:00")
    stage.type(f"{SET}1mo")
    answer = stage.type(f"{ADD}3d")
    told(stage, stage.discord.press("@mod", "Undo", on=answer))
    assert ends(stage) == "2027-02-28 18:00+01:00"
    stage.type(f"{ADD}1mo")
    assert ends(stage) == "2027-03-31 18:00+02:00"


def test_a_month_more_for_a_paused_timer_counts_from_where_it_would_end(stage: BotStage) -> None:
    begin(stage, "2027-02-01 18:00")
    stage.type(f"{SET}10d")
    stage.type("/pausetime user:@alice")
    stage.type(f"{ADD}1mo")
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert isinstance(timer.state, Paused)
    assert timer.state.remaining == 38 * DAY
    stage.clock.advance(5 * HOUR)
    stage.type("/resumetime user:@alice")
    assert ends(stage) == "2027-03-11 23:00+01:00"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("17:59 2027-01-31", "is in the past"),
        ("2027-03-28 02:30", "The clocks of Europe/Berlin jump over 2027-03-28 02:30"),
        ("today", "has begun already"),
        ("sunday 18:30", "on which day?"),
    ],
)
def test_what_is_wrong_in_the_zone_of_the_guild_is_told(stage: BotStage, typed: str, text: str) -> None:
    begin(stage, "2027-01-31 18:00")
    answer = stage.type(f"{SET}{typed}")
    assert answer.hidden
    assert text in answer.text
    assert stage.timer("@alice", "@VIP") is None
