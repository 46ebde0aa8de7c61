"""The seven slash commands: what Discord shows of each, which use case stands behind it, and its answer."""

from collections.abc import Callable, Coroutine
from datetime import tzinfo
from typing import Any

import nextcord
from nextcord import IntegrationType, InteractionContextType

from boostmon.domain.channels import ensure_usable
from boostmon.domain.durations import When, parse_when
from boostmon.domain.eligibility import MemberGone, RoleGone, may_see_others
from boostmon.domain.ids import RoleId, TimerKey, UserId
from boostmon.domain.lacks import lack_in
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.changing import Changes
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import Conversations, GivesRole, Job
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction, Person, chosen_channel, has_role, option_id
from boostmon.entrypoints.bot.reading.guild_view import Channel
from boostmon.entrypoints.bot.use_cases import UseCases
from boostmon.texts.cards import Card
from boostmon.texts.timeleft import Shown, timeleft_card

type Callback = Callable[..., Coroutine[Any, Any, None]]
type Suggest = Callable[[Interaction, str], Coroutine[Any, Any, None]]


class TimerCommands(nextcord.ClientCog):
    """The commands of one bot. `zone` is that of the moments that people type and are shown while typing."""

    def __init__(self, use_cases: UseCases, completion: Completion, conversations: Conversations, zone: tzinfo) -> None:
        super().__init__()
        self._use_cases = use_cases
        self._changes = Changes(use_cases)
        self._converse = conversations.converse
        self._zone = zone
        roles = completion.timed_role
        self._commands = [
            _command(
                self.settime, "Give a member a role for a time", options.MODERATORS, duration=completion.set_duration
            ),
            _command(
                self.addtime,
                "Give a member more time with a role",
                options.MODERATORS,
                duration=completion.added_duration,
                role=completion.role_to_add,
            ),
            _command(
                self.removetime,
                "Give a member less time with a role",
                options.MODERATORS,
                duration=completion.removed_duration,
                role=roles,
            ),
            _command(self.pausetime, "Stop a member's countdown, keeping what remains", options.MODERATORS, role=roles),
            _command(self.resumetime, "Let a member's paused countdown go on", options.MODERATORS, role=roles),
            _command(self.cleartime, "End a member's timer and take the role", options.MODERATORS, role=roles),
            _command(
                self.timeleft, "See how long timed roles last; only you see the answer", role=completion.visible_role
            ),
        ]

    @property
    def application_commands(self) -> list[nextcord.BaseApplicationCommand]:
        """The commands, made for this object alone.

        Made by nextcord's decorators they would belong to the class, and two bots of one process would take each
        other's registered ids for their own.
        """
        return [*self._commands]

    async def settime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_GETS_IT,
        role: nextcord.Role | None = options.ROLE_TO_GIVE,
        duration: str = options.HOW_LONG,
        channel: Channel | None = options.WARNING_CHANNEL,
        reason: str | None = options.REASON,
    ) -> None:
        """Starts or replaces a timer."""

        def prepare(asking: Asking) -> Job:
            when = self._when(asking, duration)
            key = TimerKey(asking.view.id, _member(user), _given_role(asking, role))
            warned_in = chosen_channel(asking, channel)
            ensure_usable(warned_in)
            asked, had_role = asking.asked(reason), has_role(user, key.role)

            def job() -> Reply:
                return self._changes.set_time(key, when, asking, asked, channel=warned_in, had_role=had_role)

            return GivesRole(key, job)

        await self._converse(interaction, prepare)

    async def addtime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_GETS_MORE,
        duration: str = options.HOW_MUCH_MORE,
        role: str | None = options.ROLE_TO_ADD_TO,
        reason: str | None = options.REASON,
    ) -> None:
        """Adds time, or starts a timer on the role that is named."""

        def prepare(asking: Asking) -> Job:
            when = self._when(asking, duration)
            _member(user)
            target = asking.target(user, role)
            asked, had_role = asking.asked(reason), has_role(user, target.role)
            # Most probably: only what is stored tells whether there is a timer on it already.
            given = None if had_role else target.role

            def job() -> Reply:
                return self._changes.add_time(target, when, asking, asked, had_role=had_role)

            return job if given is None else GivesRole(TimerKey(target.guild, target.user, given), job)

        await self._converse(interaction, prepare)

    async def removetime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_GETS_LESS,
        duration: str = options.HOW_MUCH_LESS,
        role: str | None = options.TIMED_ROLE,
        reason: str | None = options.REASON,
    ) -> None:
        """Takes time away; at zero or below the timer ends."""

        def prepare(asking: Asking) -> Job:
            when = self._when(asking, duration)
            target, asked = asking.target(user, role), asking.asked(reason)
            return lambda: self._changes.remove_time(target, when, asking, asked)

        await self._converse(interaction, prepare)

    async def pausetime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_PAUSES,
        role: str | None = options.TIMED_ROLE,
        reason: str | None = options.REASON,
    ) -> None:
        """Freezes what remains."""

        def prepare(asking: Asking) -> Job:
            target, asked = asking.target(user, role), asking.asked(reason)
            return lambda: self._changes.pause_time(target, asking, asked)

        await self._converse(interaction, prepare)

    async def resumetime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_GOES_ON,
        role: str | None = options.TIMED_ROLE,
        reason: str | None = options.REASON,
    ) -> None:
        """Goes on from what remained."""

        def prepare(asking: Asking) -> Job:
            target, asked = asking.target(user, role), asking.asked(reason)
            return lambda: self._changes.resume_time(target, asking, asked)

        await self._converse(interaction, prepare)

    async def cleartime(
        self,
        interaction: Interaction,
        user: Person = options.WHO_ENDS,
        role: str | None = options.TIMED_ROLE,
        keep_role: bool = options.KEEP_ROLE,  # noqa: FBT001 - Discord passes options by name
        reason: str | None = options.REASON,
    ) -> None:
        """Ends a timer by hand."""

        def prepare(asking: Asking) -> Job:
            target, asked = asking.target(user, role), asking.asked(reason)
            is_member = isinstance(user, nextcord.Member)
            return lambda: self._changes.clear_time(target, asking, asked, keep_role=keep_role, is_member=is_member)

        await self._converse(interaction, prepare)

    async def timeleft(
        self,
        interaction: Interaction,
        user: Person | None = options.WHO_IS_SHOWN,
        role: str | None = options.TIMED_ROLE,
    ) -> None:
        """Shows a member's timers to the asker."""

        def prepare(asking: Asking) -> Job:
            whose = asking.by if user is None else UserId(user.id)
            only, view = asking.role(role), asking.view
            shown = Shown(
                whose,
                asking.roles_of(user),
                is_self=whose == asking.by,
                may_mend=may_see_others(view.asker),
            )

            def job() -> Card:
                left = self._use_cases.time_left(view.id, whose, by=asking.by, view=view, role=only)
                return timeleft_card(shown, left, view.roles, at=asking.at, lack=lambda role: lack_in(view, role))

            return job

        await self._converse(interaction, prepare, hidden=True, reads=True)

    def _when(self, asking: Asking, duration: str) -> When:
        return parse_when(duration, now=asking.at, zone=self._zone)


def _command(
    callback: Callback, description: str, permissions: nextcord.Permissions | None = None, **suggest: Suggest
) -> nextcord.SlashApplicationCommand:
    """A command with the name of its method; `suggest` answers the autocomplete of the option of that name."""
    command = nextcord.SlashApplicationCommand(
        description=description,
        callback=callback,
        default_member_permissions=permissions,
        contexts=[InteractionContextType.guild],
        integration_types=[IntegrationType.guild_install],
    )
    for option, answer in suggest.items():
        command.on_autocomplete(option)(answer)
    command.from_callback(callback)
    return command


def _member(user: Person) -> UserId:
    """The user, who has to be a member: one cannot give a role to anybody else.

    Raises:
        MemberGone: Discord told of no membership.
    """
    if not isinstance(user, nextcord.Member):
        raise MemberGone(UserId(user.id))
    return UserId(user.id)


def _given_role(asking: Asking, role: nextcord.Role | None) -> RoleId:
    """The role of a role option, which is None where nextcord's cache does not have it.

    Raises:
        RoleGone: Discord named a role that the guild does not have (any more).
    """
    if role is None:
        raise RoleGone(RoleId(option_id(asking.interaction, "role") or 0))
    return RoleId(role.id)
