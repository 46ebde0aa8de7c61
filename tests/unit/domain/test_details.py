"""What the ledger keeps of Discord's answers and of notices: values, worded only where somebody reads them."""

import pytest

from boostmon.domain.details import (
    Confirmed,
    Drop,
    LimitReached,
    NothingThere,
    NoticeDropped,
    NoticeRefused,
    NoticeTold,
    Obstructed,
    OfDiscord,
    Unconfirmed,
    dropped,
    of_outcome,
    refused,
    told,
)
from boostmon.domain.notices import EndedNotice, NoticeKind, WarningNotice
from boostmon.domain.outcomes import AlreadyGone, Blocked, Done, Gone, Held, Outcome, Retry
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier, Refusal, ToMember
from tests.support.timers import CHANNEL, HOUR, KEY, NOW, SECOND

WARNING = WarningNotice(KEY, CHANNEL, HOUR, ends_at=NOW)
NEWS = EndedNotice(KEY, CHANNEL, NOW)


@pytest.mark.parametrize(
    ("outcome", "kept"),
    [
        (Done(), Confirmed()),
        (AlreadyGone(Gone.ROLE, "404"), NothingThere(Gone.ROLE, "404")),
        (Held("429", SECOND), LimitReached("429")),
        (Retry("503"), Unconfirmed("503")),
        (Blocked(Obstacle.REFUSED, "403"), Obstructed(Obstacle.REFUSED, "403")),
    ],
)
def test_of_discords_answer_its_kind_and_its_words_are_kept(outcome: Outcome, kept: OfDiscord) -> None:
    assert of_outcome(outcome) == kept


def test_of_a_warning_its_threshold_is_kept() -> None:
    refusals = (Refusal(ToMember(), "403", Barrier.DMS_CLOSED),)

    assert told(WARNING, ToMember()) == NoticeTold(NoticeKind.WARNING, ToMember(), HOUR)
    assert dropped(WARNING, Drop.TOO_LATE) == NoticeDropped(NoticeKind.WARNING, Drop.TOO_LATE, HOUR, perhaps_sent=False)
    assert refused(WARNING, refusals) == NoticeRefused(NoticeKind.WARNING, refusals, HOUR)


def test_other_news_have_none() -> None:
    assert told(NEWS, ToMember()) == NoticeTold(NoticeKind.ENDED, ToMember(), None)
    late = NoticeDropped(NoticeKind.ENDED, Drop.OUTDATED, None, perhaps_sent=True)
    assert dropped(NEWS, Drop.OUTDATED, perhaps_sent=True) == late
