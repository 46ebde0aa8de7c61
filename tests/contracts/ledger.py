"""What every `LedgerReader` promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import pytest

from boostmon.app.ports import Change, LedgerReader
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
from boostmon.domain.ids import ChannelId, EntryId, GuildId, RequestId, RoleId, UserId
from boostmon.domain.ledger import Action, LedgerEntry, RecordedEntry
from boostmon.domain.notices import NoticeKind
from boostmon.domain.outcomes import Gone
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToLog, ToMember
from tests.contracts.world import World, store
from tests.support.timers import GUILD, HOUR, KEY, MODERATOR, NOW, VIP, key, running

BIG = ChannelId(2**63 - 1)
DETAILS: tuple[Detail, ...] = (
    Confirmed(),
    NothingThere(Gone.ROLE, '10011 "Ümlaut" \\ \n'),
    Unconfirmed("no answer"),
    LimitReached("429"),
    *(Obstructed(obstacle, "403") for obstacle in Obstacle),
    RoleNamed("VIP ✨"),
    Unsorted("a sentence of old"),
    *(NoticeTold(kind, ToMember()) for kind in NoticeKind),
    NoticeTold(NoticeKind.WARNING, ToChannel(BIG), timedelta(days=30)),
    NoticeTold(NoticeKind.WARNING, ToLog(BIG), timedelta(seconds=90, microseconds=1)),
    *(NoticeDropped(NoticeKind.WARNING, why, HOUR, perhaps_sent=True) for why in Drop),
    NoticeDropped(NoticeKind.ENDED, Drop.OUTDATED),
    NoticeRefused(NoticeKind.ENDED, ()),
    NoticeRefused(
        NoticeKind.WARNING,
        (
            *(Refusal(ToChannel(BIG), "404", barrier) for barrier in Barrier),
            Refusal(ToMember(), "x"),
            Refusal(ToLog(BIG), "y"),
        ),
        HOUR,
    ),
)


class LedgerWorld(World, Protocol):
    """A world whose ledger people can read."""

    @property
    def reader(self) -> LedgerReader:
        """The reader under test."""
        ...


class LedgerReaderContract:
    """Subclass it with a `world` fixture."""

    @pytest.mark.parametrize("detail", DETAILS, ids=repr)
    def test_what_is_known_of_an_entry_comes_back(self, world: LedgerWorld, detail: Detail) -> None:
        stored = store(world, running(HOUR))
        entry = LedgerEntry(KEY, NOW, Action.ENDED, None, stored, None, detail=detail)
        world.timers.commit(Change(stored, None, entry))

        [newest, _] = world.reader.of_guild(GUILD, limit=10)

        assert without_versions(newest.entry) == without_versions(entry)

    def test_an_entry_tells_who_did_what_when_and_why(self, world: LedgerWorld) -> None:
        timer = running(HOUR).with_grant_until(NOW + HOUR)
        entry = LedgerEntry(KEY, NOW, Action.SET, MODERATOR, None, timer, "a *gift*", RequestId(2**63 - 1))
        world.timers.commit(Change(None, timer, entry))

        [found] = world.reader.of_member(GUILD, KEY.user, limit=1)

        expected = replace(entry, after=replace(timer, grant_open_until=None))
        assert without_versions(found.entry) == without_versions(expected)

    def test_entries_are_those_of_the_member_the_role_or_the_guild_the_newest_first(self, world: LedgerWorld) -> None:
        keys = [key(1, 1), key(2, 1), key(1, 2), key(1, 1, guild=2), key(1, 1)]
        for number, of in enumerate(keys):
            entry = LedgerEntry(of, NOW, Action.SET, MODERATOR, None, None, str(number))
            current = world.timers.get(of)
            world.timers.commit(Change(current, running(HOUR, of=of), entry))
        reader, one = world.reader, GuildId(1)

        assert numbers(reader.of_member(one, UserId(1), limit=9)) == ["4", "2", "0"]
        assert numbers(reader.of_role(one, RoleId(1), limit=9)) == ["4", "1", "0"]
        assert numbers(reader.of_guild(one, limit=9)) == ["4", "2", "1", "0"]
        assert numbers(reader.of_guild(GuildId(2), limit=9)) == ["3"]
        assert numbers(reader.of_guild(GuildId(3), limit=9)) == []

    def test_pages_follow_one_another_without_gap_or_overlap_whatever_is_added(self, world: LedgerWorld) -> None:
        for number in range(5):
            note(world, number)
        first = world.reader.of_member(GUILD, KEY.user, limit=2)
        note(world, 5)
        pages = [first]
        while pages[-1]:
            pages.append(world.reader.of_member(GUILD, KEY.user, before=pages[-1][-1].id, limit=2))

        assert [numbers(page) for page in pages] == [["4", "3"], ["2", "1"], ["0"], []]
        last = first[0].id
        assert numbers(world.reader.of_role(GUILD, VIP, before=last, limit=1)) == ["3"]
        assert numbers(world.reader.of_guild(GUILD, before=last, limit=1)) == ["3"]
        assert numbers(world.reader.of_guild(GUILD, before=EntryId(1), limit=9)) == []


def note(world: World, number: int) -> None:
    """An entry of the one timer, by its number."""
    entry = LedgerEntry(KEY, NOW, Action.ADD, MODERATOR, None, None, str(number))
    world.timers.commit(Change(world.timers.get(KEY), running(HOUR), entry))


def numbers(entries: Sequence[RecordedEntry]) -> list[str | None]:
    return [one.entry.reason for one in entries]


def without_versions(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, before=_plain(entry.before), after=_plain(entry.after))


def _plain(timer: Timer | None) -> Timer | None:
    return None if timer is None else replace(timer, version=0)
