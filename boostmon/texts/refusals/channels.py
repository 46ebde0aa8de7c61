"""Channels that will not do."""

from boostmon.app.commands.errors import (
    ChannelAndOff,
    NoChannelChosen,
    Place,
)
from boostmon.domain.channels import ChannelClosedToAsker, ChannelUnknown, ChannelUnusable
from boostmon.texts import stamps
from boostmon.texts.refusals.problems import Problem, bold, explain


@explain.register
def _channel_unusable(error: ChannelUnusable) -> Problem:
    return Problem(
        "I cannot write in that channel",
        f"In {stamps.channel(error.channel.id)} I lack {bold(error.channel.missing)}. Allow me that in the channel's "
        "settings, or choose another channel.",
    )


@explain.register
def _channel_closed_to_asker(error: ChannelClosedToAsker) -> Problem:
    return Problem(
        "You cannot write in that channel",
        f"In {stamps.channel(error.channel.id)} you lack {bold(error.channel.asker_lacks)}, so I do not write there "
        "for you either. Choose a channel that you can write in, or ask somebody who can.",
    )


@explain.register
def _channel_unknown(error: ChannelUnknown) -> Problem:
    return Problem(
        "There is no such channel",
        f"This server has no channel with the id {error.channel} (any more). Pick one from the list that opens while "
        "you type.",
    )


@explain.register
def _no_channel_chosen(error: NoChannelChosen) -> Problem:
    what = {Place.MEMBERS: "Members are told", Place.LOG: "I write to those who run this server"}[error.place]
    command = f"`/timersettings {error.place}"
    if error.current is None:
        return Problem(
            "No channel is set",
            f"Nothing was changed. {command} channel:#name` sets one.",
        )
    return Problem(
        "Which channel?",
        f"{what} in {stamps.channel(error.current)} now; nothing was changed. {command} channel:#name` chooses "
        f"another one, and {command} off:True` switches it off.",
    )


@explain.register
def _channel_and_off(error: ChannelAndOff) -> Problem:
    return Problem(
        "A channel, or none?",
        "You named a channel and said that there is to be none; nothing was changed. "
        f"Leave out `channel` or `off` in `/timersettings {error.place}`.",
    )
