"""Who lost a role and who was told, in the log: a line each, and one for all where they come by the hundred."""

import logging
from collections import Counter

import pytest

from boostmon.app.batches.settled_log import tell_delivered, tell_ended, tell_given_up
from boostmon.domain.details import Drop, dropped, refused
from boostmon.domain.notices import EndedNotice, NoticeKind, WarningNotice
from boostmon.domain.outcomes import Done, Retry
from boostmon.domain.ways import Barrier, Refusal, ToLog, ToMember
from tests.support.stage import Stage
from tests.support.timers import CHANNEL, HOUR, KEY, NOW, key


def messages(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> Counter[str]:
    return Counter(record.getMessage() for record in caplog.records if record.levelno >= level)


def test_an_end_is_one_line_with_its_outcome(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.have(HOUR)
    stage.clock.advance(HOUR)

    with caplog.at_level(logging.INFO):
        stage.sweep()

    [record] = caplog.records
    assert (record.levelname, record.message) == ("INFO", "timer ended")
    assert (record.__dict__["timer"], record.__dict__["outcome"]) == (KEY, Done())


def test_an_end_that_is_not_confirmed_is_no_end(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.have(HOUR)
    stage.clock.advance(HOUR)
    stage.roles.fail_next(Retry("503"))

    with caplog.at_level(logging.INFO):
        stage.sweep()

    assert messages(caplog) == {"removal not confirmed": 1}


def test_news_that_were_told_are_a_line_each(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.have(HOUR)
    stage.clock.advance(HOUR)
    stage.sweep()

    with caplog.at_level(logging.INFO):
        stage.deliver()

    [record] = caplog.records
    assert (record.levelname, record.message) == ("INFO", "notice delivered")
    told = record.__dict__
    assert (told["timer"], told["kind"], told["where"]) == (KEY, NoticeKind.ENDED, ToMember())


@pytest.mark.parametrize(("number", "told"), [(50, "timer ended"), (51, "timers ended")])
def test_many_at_once_share_a_line(number: int, told: str, caplog: pytest.LogCaptureFixture) -> None:
    ended = [(key(user), Done()) for user in range(1, number + 1)]

    with caplog.at_level(logging.DEBUG):
        tell_ended(ended)

    assert set(messages(caplog)) == {told}
    assert messages(caplog, logging.DEBUG)["timer ended"] == number


@pytest.mark.parametrize(("number", "told"), [(50, "notice delivered"), (51, "notices delivered")])
def test_so_do_many_notices(number: int, told: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tell_delivered([(EndedNotice(key(user), None, NOW), ToMember()) for user in range(1, number + 1)])

    assert set(messages(caplog)) == {told}
    assert messages(caplog, logging.DEBUG)["notice delivered"] == number


def test_what_was_given_up_is_told_with_all_that_discord_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warning = WarningNotice(KEY, None, HOUR, ends_at=NOW + HOUR)
    refusals = (
        Refusal(ToMember(), "403 (50007)", Barrier.DMS_CLOSED),
        Refusal(ToLog(CHANNEL), "404 (10003)", Barrier.CHANNEL_GONE),
    )

    with caplog.at_level(logging.INFO):
        tell_given_up(warning, refused(warning, refusals))

    [record] = caplog.records
    told = record.__dict__
    assert (record.levelname, record.message) == ("WARNING", "notice given up")
    assert (told["timer"], told["kind"], told["threshold"], told["why"]) == (KEY, NoticeKind.WARNING, HOUR, "refused")
    assert told["refusals"] == [
        {"where": ToMember(), "error": "403 (50007)"},
        {"where": ToLog(CHANNEL), "error": "404 (10003)"},
    ]


@pytest.mark.parametrize("perhaps_sent", [True, False])
def test_what_was_dropped_is_told_with_the_reason(caplog: pytest.LogCaptureFixture, *, perhaps_sent: bool) -> None:
    news = EndedNotice(KEY, None, NOW)

    with caplog.at_level(logging.INFO):
        tell_given_up(news, dropped(news, Drop.TOO_LATE, perhaps_sent=perhaps_sent))

    [record] = caplog.records
    told = record.__dict__
    assert (told["timer"], told["kind"]) == (KEY, NoticeKind.ENDED)
    assert (told["why"], told["perhaps_sent"]) == (Drop.TOO_LATE, perhaps_sent)
    assert "threshold" not in told
