"""Channels that are deleted while timers and settings name them."""

from boostmon.domain.ids import ChannelId
from boostmon.domain.ways import ToMember
from tests.integration.bot.stage import BotStage
from tests.integration.bot.sweeping import Sweeping
from tests.support.timers import HOUR, MINUTE

LOST = "which was archived or deleted; a deleted channel counts as none"


def test_what_was_to_be_told_in_a_deleted_channel_is_told_in_the_next_place(stage: BotStage) -> None:
    stage.type("/timersettings channel channel:#warnings", by="@owner")
    stage.discord.change(lambda world: world.create_channel("#party"))
    stage.type("/settime user:@alice role:@VIP duration:1h channel:#party")
    sweeping = Sweeping(stage)

    stage.discord.change(lambda world: world.delete_channel("#party"))
    stage.clock.advance(51 * MINUTE)
    assert sweeping.sweep().warned == 1
    assert sweeping.deliver().delivered == 1
    assert stage.discord.messages("#warnings")[-1].content == stage.mention("@alice")

    stage.discord.change(lambda world: world.delete_channel("#warnings"))
    stage.clock.advance(HOUR)
    assert sweeping.sweep().ended == 1
    assert sweeping.deliver().delivered == 1
    [told] = [entry for entry in stage.store.ledger if entry.action == "delivered"][-1:]
    assert getattr(told.detail, "way", None) == ToMember()


def test_it_is_said_that_a_channel_is_not_there_any_more(stage: BotStage) -> None:
    stage.type("/timersettings channel channel:#warnings", by="@owner")
    stage.type("/timersettings log channel:#general", by="@owner")
    stage.discord.change(lambda world: world.create_channel("#party"))
    stage.type("/settime user:@alice role:@VIP duration:1h channel:#party")
    party = stage.discord.id_of("#party")
    assert LOST not in stage.type("/timersettings show", by="@owner").text
    assert LOST not in stage.type("/timeleft user:@alice").text

    stage.discord.change(lambda world: world.delete_channel("#warnings"))
    stage.discord.change(lambda world: world.delete_channel("#party"))
    stage.discord.wait_until(lambda: LOST in stage.type("/timersettings show", by="@owner").text, 60, "the news of it")

    assert stage.type("/timersettings show", by="@owner").text.count(LOST) == 1
    assert f"<#{party}>, {LOST}" in stage.type("/timeleft user:@alice").text
    assert LOST in stage.type("/addtime user:@alice duration:1h").text
    assert stage.policy.warning_channel is not None
    timer = stage.timer("@alice", "@VIP")
    assert timer is not None
    assert timer.channel == ChannelId(party)
