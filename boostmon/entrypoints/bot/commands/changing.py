"""Carries out the changes that moderators make, by a command or by confirming one, and words the answers."""

from collections.abc import Collection

from boostmon.app.changing.changes import Changed, Note, Target
from boostmon.app.changing.confirming import Loss, NotConfirmed
from boostmon.app.commands.clear_time import Cleared
from boostmon.app.commands.move_time import Moved
from boostmon.app.commands.undo import Undone
from boostmon.app.ports import Asked
from boostmon.app.use_cases import UseCases
from boostmon.domain.channels import ChannelFacts
from boostmon.domain.durations import Wanted, When
from boostmon.domain.eligibility import GuildView, Warrant
from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.domain.permissions import Permission
from boostmon.domain.timers import Waiting
from boostmon.entrypoints.bot.components.ids import Clear, Replace, Shorten, Shown, Undo
from boostmon.entrypoints.bot.components.questions import question
from boostmon.entrypoints.bot.components.replies import Button, Reply
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.entrypoints.bot.reading.guild_view import lack_now
from boostmon.texts import msgid
from boostmon.texts.answers import change_card, undone_card
from boostmon.texts.moves import moved_card

UNDO = msgid("Undo")


class Changes:
    """Carries changes out, or asks first where they take much away. Every method blocks.

    `confirmed` is the version of the timer that the asker was shown; None: nobody was asked yet.
    """

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases

    def set_time(
        self,
        key: TimerKey,
        when: Wanted | None,
        asking: Asking,
        asked: Asked,
        *,
        channel: ChannelFacts | None,
        had_role: bool = False,
        confirmed: int | None = None,
        starts: Wanted | None = None,
    ) -> Reply:
        """Starts or replaces a timer, which begins in that time or at that moment; None: now."""

        def change(view: GuildView) -> Changed:
            return self._use_cases.set_time(
                key,
                when,
                asked=asked,
                view=view,
                channel=channel,
                had_role=had_role,
                confirmed=confirmed,
                starts=starts,
            )

        try:
            changed = self._use_cases.second_look(asking.view, change)
        except NotConfirmed as error:
            wish = Replace(_shown(error.loss, asking), _meant(error.loss), None if channel is None else channel.id)
            return question(error, wish, asking.words, reason=asked.reason)
        return _told(changed, asking, asked)

    def remove_time(
        self, target: Target, when: Wanted, asking: Asking, asked: Asked, *, confirmed: int | None = None
    ) -> Reply:
        """Takes time away."""

        def change(view: GuildView) -> Changed:
            return self._use_cases.remove_time(target, when, asked=asked, view=view, confirmed=confirmed)

        try:
            changed = self._use_cases.second_look(asking.view, change)
        except NotConfirmed as error:
            return question(
                error, Shorten(_shown(error.loss, asking), _meant(error.loss)), asking.words, reason=asked.reason
            )
        return _told(changed, asking, asked)

    def add_time(
        self, target: Target, when: Wanted, asking: Asking, asked: Asked, *, held: Collection[RoleId] | None
    ) -> Reply:
        """Adds time, or starts a timer. `held` are the roles that the member has."""

        def change(view: GuildView) -> Changed:
            return self._use_cases.add_time(target, when, asked=asked, view=view, held=held)

        return _told(self._use_cases.second_look(asking.view, change), asking, asked)

    def pause_time(self, target: Target, asking: Asking, asked: Asked, *, duration: Wanted | None) -> Reply:
        """Freezes what remains, for so long or until then; None: until it is resumed."""

        def change(view: GuildView) -> Changed:
            return self._use_cases.pause_time(target, asked=asked, view=view, duration=duration)

        return _told(self._use_cases.second_look(asking.view, change), asking, asked)

    def resume_time(self, target: Target, asking: Asking, asked: Asked, *, held: Collection[RoleId] | None) -> Reply:
        """Goes on from what remained. `held` are the roles that the member has; None: they are no member."""

        def change(view: GuildView) -> Changed:
            return self._use_cases.resume_time(target, asked=asked, view=view, held=held)

        return _told(self._use_cases.second_look(asking.view, change), asking, asked)

    def clear_time(
        self,
        target: Target,
        asking: Asking,
        asked: Asked,
        *,
        keep_role: bool = False,
        confirmed: int | None = None,
        is_member: bool = True,
    ) -> Reply:
        """Ends a timer. `is_member` is False of somebody who is known to have left."""

        def clear(view: GuildView) -> Cleared:
            return self._use_cases.clear_time(
                target, asked=asked, view=view, keep_role=keep_role, confirmed=confirmed, is_member=is_member
            )

        try:
            cleared = self._use_cases.second_look(asking.view, clear)
        except NotConfirmed as error:
            return question(error, Clear(_shown(error.loss, asking)), asking.words, reason=asked.reason)
        changed = cleared.changed
        lack = lack_now(asking.guild, changed.key.role)
        words = asking.public(changed.language)
        card = change_card(changed, words, by=asked.by, obstacle=cleared.obstacle, lack=lack)
        return Reply(card, _undo(changed, asking, asked), key=changed.key)

    def move_time(
        self, target: Target, to: UserId, asking: Asking, asked: Asked, *, held: Collection[RoleId] | None
    ) -> Reply:
        """Gives what remains to another. `held` are the roles that they have."""

        def move(view: GuildView) -> Moved:
            return self._use_cases.move_time(target, to, asked=asked, view=view, held=held)

        moved = self._use_cases.second_look(asking.view, move)
        received = moved.receiver
        lack = lack_now(asking.guild, received.key.role)
        card = moved_card(moved, asking.public(received.language), by=asked.by, lack=lack)
        return Reply(card, _undo(received, asking, asked), key=received.key)

    def undo(self, wish: Undo, asking: Asking, asked: Asked) -> Reply:
        """Takes a change back."""

        def undo(view: GuildView) -> Undone:
            return self._use_cases.undo(wish.request, asked=asked, view=view, had_role=wish.had_role)

        undone = self._use_cases.second_look(asking.view, undo)
        words = asking.public(undone.changed.language)
        return Reply(undone_card(undone, words, by=asked.by), key=undone.changed.key)


def _told(changed: Changed, asking: Asking, asked: Asked) -> Reply:
    card = change_card(changed, asking.public(changed.language), by=asked.by, is_lost=asking.is_lost)
    return Reply(card, _undo(changed, asking, asked), key=changed.key)


def _undo(changed: Changed, asking: Asking, asked: Asked) -> tuple[Button, ...]:
    """A button that undoes the change, if it changed anything and that can still succeed."""
    if asked.request is None or (changed.before is not None and not changed.before.goes_on(changed.at)):
        return ()  # where time was up there is nothing to go back to
    if _is_unchanged(changed) or _has_begun(changed):
        return ()
    label = asking.public(changed.language)(UNDO)
    return (Button(label, Undo(asked.request, had_role=Note.HAD_ROLE in changed.notes)),)


def _is_unchanged(changed: Changed) -> bool:
    before, after = changed.before, changed.after
    if before is None or after is None:
        return before is after
    return (before.state, before.channel) == (after.state, after.channel)


def _has_begun(changed: Changed) -> bool:
    """Whether the change let a timer begin sooner than it was to: by now its role is given."""
    before, after = changed.before, changed.after
    was_to_begin = before is not None and isinstance(before.state, Waiting)
    return was_to_begin and after is not None and after.wants_role(changed.at)


def _meant(loss: Loss) -> When:
    """The amount or moment that was typed, as the guild's calendar had it when the question was asked."""
    if loss.amount is None:
        raise TypeError(f"{loss} is not that of an amount")
    return loss.amount


def _shown(loss: Loss, asking: Asking) -> Shown:
    timer, warrant = loss.before, asking.view.asker.warrant(Permission.MANAGE_ROLES)
    return Shown(timer.key.user, timer.key.role, timer.version, by_leave=warrant is Warrant.OVERRIDE)
