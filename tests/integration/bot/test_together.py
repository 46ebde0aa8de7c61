"""Many members of one channel are told in one message, each mentioned once, and nobody else."""

import re

import pytest

from boostmon.app.delivering.messages import MOST_TOGETHER
from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.sandbox.calls import RecordedRequest
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping, seat
from tests.support.timers import HOUR, MINUTE, change, running

MEMBERS = 40


@pytest.fixture
def members(stage: BotStage) -> list[int]:
    """Members with @VIP for an hour, in a guild that tells them in #warnings."""
    stage.type("/timersettings channel channel:#warnings", by="@owner")
    like = stage.key("@alice", "@VIP")
    users = stage.discord.look(lambda world: seat(world, MEMBERS))
    for user in users:
        key = TimerKey(like.guild, UserId(user), RoleId(like.role))
        assert stage.timers.commit(change(None, running(HOUR, at=stage.clock.now(), of=key))) is not None
    return users


def sent(stage: BotStage) -> list[RecordedRequest]:
    """What the bot posted by itself."""
    channel = stage.discord.id_of("#warnings")
    return [
        one for one in stage.discord.requests if one.method == "POST" and one.path == f"/channels/{channel}/messages"
    ]


def test_warnings_and_ends_of_many_are_a_message_each(stage: BotStage, members: list[int]) -> None:
    assert len(members) <= MOST_TOGETHER
    sweeping = Sweeping(stage)
    stage.clock.advance(50 * MINUTE)
    assert sweeping.sweep().warned == MEMBERS
    assert sweeping.deliver().delivered == MEMBERS
    stage.clock.advance(10 * MINUTE)
    assert sweeping.sweep().ended == MEMBERS
    assert sweeping.deliver().delivered == MEMBERS

    requests = sent(stage)
    assert len(requests) == len(stage.discord.messages("#warnings")) == 2
    for request, title in zip(requests, ("Roles ending", "Roles ended"), strict=True):
        assert request.body["allowed_mentions"] == {"parse": [], "users": [str(user) for user in members]}
        [embed] = request.body["embeds"]
        assert embed["title"] == title
        assert [int(user) for user in re.findall(r"<@(\d+)>", embed["description"])] == members
    role = stage.mention("@VIP")
    assert all(message.text.count(role) == MEMBERS for message in stage.discord.messages("#warnings"))


def test_a_member_whose_timer_was_paused_is_not_named(stage: BotStage, members: list[int]) -> None:
    sweeping = Sweeping(stage)
    stage.clock.advance(50 * MINUTE)
    assert sweeping.sweep().warned == MEMBERS
    stage.type("/pausetime user:@member0")

    assert sweeping.deliver().delivered == MEMBERS - 1

    [request] = sent(stage)
    assert request.body["allowed_mentions"]["users"] == [str(user) for user in members[1:]]
