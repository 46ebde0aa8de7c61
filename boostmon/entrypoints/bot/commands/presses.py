"""Carries out what a pressed button says, by its id alone: nothing is remembered about the messages that were sent.

So a button works after a restart, on another process, and days later; what it is to do is checked then as if it were
typed. Whatever is not understood is told so, since Discord's client waits for an answer.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import nextcord

from boostmon.app.changing.changes import Target
from boostmon.app.commands.errors import OutdatedButton, QuestionTooOld
from boostmon.app.use_cases import UseCases
from boostmon.domain.channels import ChannelFacts
from boostmon.domain.ids import ChannelId, TimerKey
from boostmon.entrypoints.bot.commands.changing import Changes
from boostmon.entrypoints.bot.components.ids import Clear, Confirmation, Keep, Replace, Shorten, Undo, Wish, decode
from boostmon.entrypoints.bot.components.questions import reason_in
from boostmon.entrypoints.bot.conversing.conversation import Conversations, GivesRole, Job
from boostmon.entrypoints.bot.conversing.manners import Confirming, Pressed
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction, asker_words
from boostmon.entrypoints.bot.reading.guild_view import channel_facts, lacking_to_write, unseen_channel
from boostmon.texts import Words
from boostmon.texts.cards import Card

QUESTION_LIFE = timedelta(minutes=15)
"""As long as Discord lets a command be answered."""


class Presses:
    """Serves the presses of one bot."""

    def __init__(self, use_cases: UseCases, conversations: Conversations) -> None:
        self._changes = Changes(use_cases)
        self._conversations = conversations

    async def serve(self, interaction: Interaction) -> None:
        """Answers a press.

        Raises:
            OutdatedButton: it is none of the bot's buttons.
        """
        wish, message = _pressed(interaction)
        match wish:
            case Keep():
                _is_asked(interaction, message)
                await self._conversations.replace(interaction, _kept(asker_words(interaction)))
            case Undo():
                await self._conversations.press(interaction, partial(self._undoing, wish), Pressed())
            case _:
                continues = _is_asked(interaction, message) and wish.shown.by_leave
                _require_fresh(interaction, message)
                prepare = partial(self._confirming, wish, reason_in(message))
                await self._conversations.press(interaction, prepare, Confirming(continues))

    def _undoing(self, wish: Undo, asking: Asking) -> Job:
        asked = asking.asked(None)
        return lambda: self._changes.undo(wish, asking, asked)

    def _confirming(self, wish: Confirmation, reason: str | None, asking: Asking) -> Job:
        asked, shown = asking.asked(reason), wish.shown
        key = TimerKey(asking.view.id, shown.user, shown.role)
        target = Target(key.guild, key.user, key.role)
        match wish:
            case Replace(when=when, channel=channel):
                facts = _channel(asking, channel)
                set_time = partial(self._changes.set_time, channel=facts, confirmed=shown.version)
                return GivesRole(key, lambda: set_time(key, when, asking, asked))
            case Shorten(when=when):
                return lambda: self._changes.remove_time(target, when, asking, asked, confirmed=shown.version)
            case Clear():
                return lambda: self._changes.clear_time(target, asking, asked, confirmed=shown.version)


def _pressed(interaction: Interaction) -> tuple[Wish, nextcord.Message]:
    """What the button says that was pressed, and its message: one of the bot's own."""
    data, message = dict(interaction.data or {}), interaction.message
    custom_id = data.get("custom_id")
    # The bot of an old application has an id of its own.
    own = {interaction.application_id, interaction.client.user and interaction.client.user.id}
    if not isinstance(custom_id, str) or message is None or message.author.id not in own:
        raise OutdatedButton
    return decode(custom_id), message


def _is_asked(interaction: Interaction, message: nextcord.Message) -> bool:
    """Whether the message asks the very person who pressed whether to go on with a command that they used.

    Raises:
        OutdatedButton: it is no question: those are shown to their asker alone.
    """
    if not message.flags.ephemeral:
        raise OutdatedButton
    command, asker = message.interaction_metadata, interaction.user
    return command is not None and asker is not None and command.user is not None and command.user.id == asker.id


def _require_fresh(interaction: Interaction, message: nextcord.Message) -> None:
    """Refuses to take an old question for an agreement: what it showed has changed with the time, and so may have what
    the server allows the asker, which Discord does not say at a press.

    Raises:
        QuestionTooOld: it is older than `QUESTION_LIFE`, by Discord's clock.
    """
    if interaction.created_at - (message.edited_at or message.created_at) > QUESTION_LIFE:
        raise QuestionTooOld


def _channel(asking: Asking, channel: ChannelId | None) -> ChannelFacts | None:
    if channel is None:
        return None
    found, asker = asking.guild.get_channel_or_thread(channel), asking.interaction.user
    if isinstance(found, nextcord.Thread) and found.parent is None:  # nextcord keeps it when its channel is deleted
        found = None
    if found is None or not isinstance(asker, nextcord.Member):
        return unseen_channel(channel)
    granted, in_thread = found.permissions_for(asker).value, isinstance(found, nextcord.Thread)
    facts = channel_facts(asking.guild, found)
    return replace(facts, asker_lacks=lacking_to_write(granted, in_thread=in_thread))


def _kept(words: Words) -> Card:
    return Card(words("Nothing was changed"), words("The timer goes on as it is."))
