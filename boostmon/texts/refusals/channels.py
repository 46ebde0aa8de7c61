"""Channels that will not do."""

from boostmon.app.commands.errors import ChannelAndOff, NoChannelChosen, Place
from boostmon.domain.channels import ChannelClosedToAsker, ChannelUnknown, ChannelUnusable
from boostmon.texts import stamps
from boostmon.texts.permissions import permission_names
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _channel_unusable(error: ChannelUnusable, words: Words) -> Problem:
    return Problem(
        words("I cannot write in that channel"),
        words(
            "In {channel} I lack {permissions}. Allow me that in the channel's settings, or choose another channel.",
            channel=stamps.channel(error.channel.id),
            permissions=permission_names(error.channel.missing, words),
        ),
    )


@explain.register
def _channel_closed_to_asker(error: ChannelClosedToAsker, words: Words) -> Problem:
    return Problem(
        words("You cannot write in that channel"),
        words(
            "In {channel} you lack {permissions}, so I do not write there for you either. Choose a channel that you "
            "can write in, or ask somebody who can.",
            channel=stamps.channel(error.channel.id),
            permissions=permission_names(error.channel.asker_lacks, words),
        ),
    )


@explain.register
def _channel_unknown(error: ChannelUnknown, words: Words) -> Problem:
    return Problem(
        words("There is no such channel"),
        words(
            "This server has no channel with the id {id}, or no longer. Pick one from the list that opens while you "
            "type.",
            id=str(error.channel),
        ),
    )


@explain.register
def _no_channel_chosen(error: NoChannelChosen, words: Words) -> Problem:
    command = f"/timersettings {error.place}"
    if error.current is None:
        return Problem(
            words("No channel is set"),
            words("Nothing was changed. `{command} channel:#name` sets one.", command=command),
        )
    current = stamps.channel(error.current)
    what = (
        words("Members are told in {channel} now; nothing was changed.", channel=current)
        if error.place is Place.MEMBERS
        else words("I write to those who run this server in {channel} now; nothing was changed.", channel=current)
    )
    how = words(
        "`{command} channel:#name` chooses another one, and `{command} off:True` switches it off.", command=command
    )
    return Problem(words("Which channel?"), f"{what} {how}")


@explain.register
def _channel_and_off(error: ChannelAndOff, words: Words) -> Problem:
    return Problem(
        words("A channel, or none?"),
        words(
            "You named a channel and said that there is to be none; nothing was changed. Leave out `channel` or `off` "
            "in `{command}`.",
            command=f"/timersettings {error.place}",
        ),
    )
