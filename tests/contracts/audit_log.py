"""What every `AuditLog` does, whatever stands behind it."""

from typing import Protocol

import pytest

from boostmon.app.errors import AuditLogHidden
from boostmon.app.ports import AuditLog
from boostmon.domain.ids import GuildId, RequestId, TimerKey, UserId
from boostmon.domain.role_events import RoleEvent, RoleGiven, RoleTaken


class AuditWorld(Protocol):
    """A log of a guild, whose page holds `page` entries."""

    page: int

    @property
    def log(self) -> AuditLog: ...

    @property
    def guild(self) -> GuildId: ...

    def hand(self, *, give: bool, by_the_bot: bool = False) -> tuple[TimerKey, UserId]:
        """Somebody gives or takes a role: which, and who it was."""
        ...

    def does_something_else(self) -> None:
        """That does not concern roles."""
        ...

    def hide(self) -> None:
        """The bot may not see it any more."""
        ...


class AuditLogContract:
    """To be run on each log, with a fixture `world`."""

    def test_an_empty_log_has_nothing(self, world: AuditWorld) -> None:
        assert world.log.newest(world.guild) is None
        page = world.log.after(world.guild, RequestId(0))
        assert (list(page.entries), page.is_last) == ([], True)

    def test_entries_come_in_their_order_with_who_did_it(self, world: AuditWorld) -> None:
        world.does_something_else()
        given, giver = world.hand(give=True)
        taken, taker = world.hand(give=False)

        page = world.log.after(world.guild, RequestId(0))

        assert page.is_last
        events = [event for entry in page.entries for event in entry.events]
        assert [type(event) for event in events] == [RoleGiven, RoleTaken]
        assert [(event.key, event.by) for event in events] == [(given, giver), (taken, taker)]
        assert [event.entry for event in events] == [entry.id for entry in page.entries if entry.events]
        assert world.log.newest(world.guild) == page.entries[-1].id

    def test_what_the_bot_did_is_an_entry_without_events(self, world: AuditWorld) -> None:
        world.hand(give=True, by_the_bot=True)

        [entry] = world.log.after(world.guild, RequestId(0)).entries

        assert entry.events == ()

    def test_many_are_read_page_by_page_and_none_is_left_out(self, world: AuditWorld) -> None:
        number = 2 * world.page + 1
        for place in range(number):
            world.hand(give=place % 2 == 0)
        found: list[RoleEvent] = []
        until, pages, is_last = RequestId(0), 0, False

        while not is_last:
            page = world.log.after(world.guild, until)
            found += [event for entry in page.entries for event in entry.events]
            until, pages, is_last = page.entries[-1].id, pages + 1, page.is_last

        assert pages == 3
        assert len({event.entry for event in found}) == number
        assert [event.entry for event in found] == sorted(event.entry for event in found)

    def test_a_log_that_may_not_be_seen_says_so(self, world: AuditWorld) -> None:
        world.hide()
        with pytest.raises(AuditLogHidden):
            world.log.newest(world.guild)
        with pytest.raises(AuditLogHidden):
            world.log.after(world.guild, RequestId(0))
