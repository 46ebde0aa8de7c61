"""What earlier versions wrote into the ledger as sentences becomes kinds and values; nothing of it is lost."""

from datetime import timedelta

import psycopg
import pytest

from boostmon.adapters.postgres.details import detail_from
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.domain.details import (
    Confirmed,
    Detail,
    Drop,
    LimitReached,
    NothingThere,
    NoticeDropped,
    NoticeRefused,
    NoticeTold,
    Obstructed,
    RoleNamed,
    Unconfirmed,
    Unsorted,
)
from boostmon.domain.ids import ChannelId
from boostmon.domain.notices import NoticeKind
from boostmon.domain.outcomes import Gone
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Refusal, ToChannel, ToLog, ToMember
from tests.support.timers import HOUR, MINUTE, SECOND

LAST_WITH_SENTENCES = 5
CHANNEL = ChannelId(9_223_372_036_854_775_807)
LOG = ToLog(ChannelId(5))
CLOSED = "403 Forbidden (error code: 50007): Cannot send messages to this user; or so"
WARNING, ENDED = NoticeKind.WARNING, NoticeKind.ENDED
UNKNOWN = "; whether it was sent is not known"

SENTENCES: list[tuple[str, str, Detail | None]] = [
    ("ended", "Discord confirmed", Confirmed()),
    ("ended", "nothing to remove, no such role: 404: Unknown Role", NothingThere(Gone.ROLE, "404: Unknown Role")),
    ("ended", "nothing to remove, no such member: two\nlines", NothingThere(Gone.MEMBER, "two\nlines")),
    ("removal_failed", "not confirmed: no answer: 10 s", Unconfirmed("no answer: 10 s")),
    ("removal_failed", "not confirmed: ", Unconfirmed("")),
    ("removal_failed", "held back: 429", LimitReached("429")),
    *(("removal_failed", f"blocked by {one}: 403: no", Obstructed(one, "403: no")) for one in Obstacle),
    ("removal_failed", "blocked by the moon: 403", Unsorted("blocked by the moon: 403")),
    ("role_deleted", "its name was its name was 100 % VIP", RoleNamed("its name was 100 % VIP")),
    ("take_again", "given after the end", None),
    ("put_back", "held back: the guild's limit", LimitReached("the guild's limit")),
    ("put_back", "403 Forbidden (error code: 50013)", Unsorted("403 Forbidden (error code: 50013)")),
    ("delivered", f"60-minute warning to channel {CHANNEL}", NoticeTold(WARNING, ToChannel(CHANNEL), HOUR)),
    ("delivered", "90-second warning to the member", NoticeTold(WARNING, ToMember(), 90 * SECOND)),
    ("delivered", "5400.5-second warning to the member", NoticeTold(WARNING, ToMember(), timedelta(seconds=5400.5))),
    ("delivered", "1.23457e+06-second warning to the member", NoticeTold(WARNING, ToMember(), 1_234_570 * SECOND)),
    ("delivered", "news of the end to the log channel 5", NoticeTold(ENDED, LOG)),
    ("delivered", "news of an obstacle to the log channel 5", NoticeTold(NoticeKind.BLOCKED, LOG)),
    ("delivered", "news that an obstacle is gone to the log channel 5", NoticeTold(NoticeKind.RESOLVED, LOG)),
    ("delivered", "news of the moon to the member", Unsorted("news of the moon to the member")),
    ("undelivered", "10-minute warning: too late", NoticeDropped(WARNING, Drop.TOO_LATE, 10 * MINUTE)),
    (
        "undelivered",
        f"news of the end: too late{UNKNOWN}",
        NoticeDropped(ENDED, Drop.TOO_LATE, perhaps_sent=True),
    ),
    ("undelivered", "warning: superseded by a newer notice", NoticeDropped(WARNING, Drop.SUPERSEDED)),
    (
        "undelivered",
        f"warning: superseded by a newer notice{UNKNOWN}",
        NoticeDropped(WARNING, Drop.SUPERSEDED, perhaps_sent=True),
    ),
    ("undelivered", "news of the end: superseded by a timer that goes on", NoticeDropped(ENDED, Drop.OUTDATED)),
    (
        "undelivered",
        f"news of the end: superseded by a timer that goes on{UNKNOWN}",
        NoticeDropped(ENDED, Drop.OUTDATED, perhaps_sent=True),
    ),
    (
        "undelivered",
        "1-minute warning: the server left no way to tell it",
        NoticeDropped(WARNING, Drop.NO_WAY, MINUTE),
    ),
    (
        "undelivered",
        f"news of the end: channel 7: 404: gone; the member: {CLOSED}; the log channel 5: closed",
        NoticeRefused(
            ENDED, (Refusal(ToChannel(ChannelId(7)), "404: gone"), Refusal(ToMember(), CLOSED), Refusal(LOG, "closed"))
        ),
    ),
    ("undelivered", "news of the end: a riddle", Unsorted("news of the end: a riddle")),
    ("undelivered", "nothing that we know", Unsorted("nothing that we know")),
]


@pytest.fixture
def old(empty_database_url: str) -> psycopg.Connection:
    """A database of the last version that wrote sentences, and what goes on in it."""
    Migrator(empty_database_url, offline_plan()[:LAST_WITH_SENTENCES]).apply()
    return psycopg.connect(empty_database_url, autocommit=True)


def write(connection: psycopg.Connection, action: str, reason: str | None, actor: int | None = None) -> None:
    connection.execute(
        "INSERT INTO boostmon.ledger (guild_id, user_id, role_id, at, action, actor_id, reason, before) "
        "VALUES (1, 2, 3, now(), %s, %s, %s, '{\"version\": 7}')",
        (action, actor, reason),
    )


def test_every_sentence_becomes_a_detail(old: psycopg.Connection, empty_database_url: str) -> None:
    with old:
        for action, sentence, _ in SENTENCES:
            write(old, action, sentence, actor=9 if action in {"put_back", "take_again"} else None)

        Migrator(empty_database_url).apply()

        rows = old.execute("SELECT action, detail, reason, before FROM boostmon.ledger ORDER BY entry_id").fetchall()
    found = [(action, None if detail is None else detail_from(detail)) for action, detail, _, _ in rows]
    assert found == [(action, detail) for action, _, detail in SENTENCES]
    assert {(reason, before["version"]) for _, _, reason, before in rows} == {(None, 7)}


def test_the_words_of_people_stay_as_they_are(old: psycopg.Connection, empty_database_url: str) -> None:
    with old:
        for action in ("set", "add", "remove", "pause", "resume", "clear", "undo"):
            write(old, action, "Discord confirmed", actor=9)
        write(old, "ended", None)

        Migrator(empty_database_url).apply()

        rows = old.execute("SELECT reason, detail FROM boostmon.ledger ORDER BY entry_id").fetchall()
    assert rows == [("Discord confirmed", None)] * 7 + [(None, None)]


def test_nothing_of_the_way_there_is_left(old: psycopg.Connection, empty_database_url: str) -> None:
    with old:
        Migrator(empty_database_url).apply()

        left = old.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'boostmon'::regnamespace").fetchall()
    assert left == []
