"""The audit log on Discord's REST API keeps the contract of the port, and trusts no odd answer."""

import pytest

from boostmon.adapters.discord.audit_pages import PAGE, DiscordAuditLog
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.errors import DiscordUnreachable
from boostmon.domain.ids import GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.sandbox.faults import Impostor, Kind, LostAnswer, Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.contracts.audit_log import AuditLogContract


class LoopbackAuditWorld:
    """The world of the contract."""

    page = PAGE

    def __init__(self, discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> None:
        self.discord = discord
        self.log = DiscordAuditLog(rest, bridge)
        self.guild = GuildId(discord.look(lambda world: world.guild_id))

    def hand(self, *, give: bool, by_the_bot: bool = False) -> tuple[TimerKey, UserId]:
        by = "@BoostMon" if by_the_bot else "@mod"
        self.discord.change(lambda changes: (changes.give if give else changes.take)("@bob", "@Supporter", by=by))
        bob, supporter = UserId(self.discord.id_of("@bob")), RoleId(self.discord.id_of("@Supporter"))
        return TimerKey(self.guild, bob, supporter), UserId(self.discord.id_of("@mod"))

    def does_something_else(self) -> None:
        self.discord.change(lambda changes: changes.kick("@carol", by="@mod"))

    def hide(self) -> None:
        self.discord.change(lambda changes: changes.set_permission("view-audit-log", allowed=False))


@pytest.fixture
def world(discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> LoopbackAuditWorld:
    return LoopbackAuditWorld(discord, rest, bridge)


class TestDiscordAuditLog(AuditLogContract):
    """Over real sockets, with nextcord."""


@pytest.mark.parametrize(
    "fault",
    [
        Refusal(503),
        LostAnswer(),
        Impostor("<html>"),
        Impostor("{}", content_type="application/json"),
        Impostor('{"audit_log_entries": null}', content_type="application/json"),
    ],
    ids=["unavailable", "lost", "a page", "another object", "null"],
)
def test_what_is_no_answer_is_told_from_an_empty_log(world: LoopbackAuditWorld, fault: Kind) -> None:
    world.discord.fail(fault, method="GET", path="/guilds/*/audit-logs")
    with pytest.raises(DiscordUnreachable):
        world.log.after(world.guild, RequestId(0))


def test_an_odd_entry_does_not_hide_the_others(world: LoopbackAuditWorld, caplog: pytest.LogCaptureFixture) -> None:
    body = '{"audit_log_entries": [{"id": "5"}, {"id": "7", "action_type": 25, "user_id": "1", "target_id": "2"}]}'
    world.discord.fail(Impostor(body, content_type="application/json"), method="GET", path="/guilds/*/audit-logs")

    page = world.log.after(world.guild, RequestId(0))

    assert [entry.id for entry in page.entries] == [7]
    assert page.is_last
    assert "could not be read" in caplog.text
