"""Autocomplete of durations and roles, by what is known about the member's timers, within Discord's time limit.

Suggestions tell nobody what `/timeleft` would not: whoever may not see a member's timers is offered roles without a
word of them.

Discord takes suggestions within 3 s and calls for them at each keystroke. So all that is done for them has threads of
its own, which cannot hold up commands, and look-ups have a limit of time, after which is offered what can be said
without them. `typing_line` says whose turn it is.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from boostmon.app.commands.known_timers import KnownTimers
from boostmon.app.ports import Clock
from boostmon.domain.durations import Amount, InvalidDuration, moment_of
from boostmon.domain.eligibility import AskerMayNot
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.managing import with_managers
from boostmon.domain.policy import Policy
from boostmon.domain.selection import SeveralTimers, find
from boostmon.domain.timers import Timer
from boostmon.entrypoints.bot.conversing.lanes import Lanes
from boostmon.entrypoints.bot.conversing.rivals import Rivals
from boostmon.entrypoints.bot.conversing.sending import DISCORD_FAILED
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction, asker_words, asking, option_id, option_value
from boostmon.entrypoints.bot.reading.guild_view import guild_roles
from boostmon.texts import suggestions
from boostmon.texts.role_suggestions import role_choices
from boostmon.texts.rule_suggestions import ruled_role_choices
from boostmon.texts.settime_suggestions import effect_of_settime, effect_of_setting_later
from boostmon.texts.zone_suggestions import zone_choices

_log = logging.getLogger(__name__)

LOOKUP_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known while somebody types. `timers` None: the member is not chosen yet, or nobody could tell.

    `policy` is what the guild decided, where the timers are known. `is_hidden`: the member is chosen, and the asker may
    not see their timers.
    """

    asking: Asking
    timers: Sequence[Timer] | None
    policy: Policy | None = None
    is_hidden: bool = False


class Completion:
    """Answers autocomplete interactions; no method raises, and each answers once."""

    def __init__(
        self,
        known_timers: KnownTimers,
        clock: Clock,
        lanes: Lanes,
        rivals: Rivals,
        *,
        lookup_seconds: float = LOOKUP_SECONDS,
    ) -> None:
        self._known_timers = known_timers
        self._clock = clock
        self._lookup_seconds = lookup_seconds
        self._lanes = lanes
        self._rivals = rivals

    async def set_duration(self, interaction: Interaction, typed: str) -> None:
        """The duration of a timer that starts now, or of the one that is there already."""
        known = await self._known(interaction)
        effect = partial(_effect_of_settime, known, interaction)
        await self._from_now(interaction, typed, effect, _usual(interaction), known)

    async def start(self, interaction: Interaction, typed: str) -> None:
        """When a timer begins that is set now."""
        await self._from_now(interaction, typed, suggestions.effect_of_starting, moments=suggestions.ON)

    async def paused_duration(self, interaction: Interaction, typed: str) -> None:
        """The duration of a pause that begins now."""
        await self._from_now(interaction, typed, suggestions.effect_of_pausing)

    async def self_paused_duration(self, interaction: Interaction, typed: str) -> None:
        """The same of one's own pause, for as long as members may pause."""
        await self._from_now(interaction, typed, suggestions.effect_of_self_pausing)

    async def date(self, interaction: Interaction, typed: str) -> None:
        """A moment, or how far it is away."""
        await self._from_now(interaction, typed, suggestions.effect_of_setting)

    async def _from_now(
        self,
        interaction: Interaction,
        typed: str,
        effect: Callable[[suggestions.Scene], suggestions.Effect],
        usual: Callable[[Policy], Amount | None] = lambda _policy: None,
        known: _Known | None = None,
        *,
        moments: str = suggestions.UNTIL,
    ) -> None:
        at = self._clock.now() if known is None else known.asking.at
        policy = known.policy if known is not None and known.policy is not None else await self._policy(interaction)

        def choices() -> suggestions.Choices:
            scene = suggestions.Scene(asker_words(interaction), at, policy)
            return suggestions.duration_choices(typed, scene, effect(scene), usual(policy), moments=moments)

        await self._offer(interaction, choices)

    async def time_zone(self, interaction: Interaction, typed: str) -> None:
        """The name of a time zone, with what its clocks show."""
        usual, now = self._known_timers.time_zone, self._clock.now()
        await self._offer(interaction, lambda: zone_choices(typed, usual, asker_words(interaction), now))

    async def length(self, interaction: Interaction, typed: str) -> None:
        """A length of time by itself, where no moment will do."""
        await self._offer(interaction, lambda: suggestions.length_choices(typed, asker_words(interaction)))

    async def added_duration(self, interaction: Interaction, typed: str) -> None:
        """More time on the timer that the other options name."""
        await self._changed_duration(interaction, typed, add=True)

    async def removed_duration(self, interaction: Interaction, typed: str) -> None:
        """Less time on the timer that the other options name."""
        await self._changed_duration(interaction, typed, add=False)

    async def _changed_duration(self, interaction: Interaction, typed: str, *, add: bool) -> None:
        known = await self._known(interaction)
        at = self._clock.now() if known is None else known.asking.at
        policy = known.policy if known is not None and known.policy is not None else await self._policy(interaction)

        def choices() -> suggestions.Choices:
            scene = suggestions.Scene(asker_words(interaction), at, policy)
            effect = suggestions.effect_unknown if known is None else self._effect(known, interaction, scene, add=add)
            return suggestions.duration_choices(typed, scene, effect)

        await self._offer(interaction, choices)

    def _effect(
        self, known: _Known, interaction: Interaction, scene: suggestions.Scene, *, add: bool
    ) -> suggestions.Effect:
        if known.timers is None:
            return suggestions.effect_unknown
        words = scene.words
        try:
            role = known.asking.role(option_value(interaction, "role"))
            timer = find(known.timers, role, known.asking.view.roles)
        except SeveralTimers as error:
            return suggestions.effect_told(words("choose one of the {n} roles, too", n=len(error.timers)))
        except BoostMonError:
            return suggestions.effect_unknown
        if add and (timer is not None or role is not None):
            return suggestions.effect_of_adding(timer, scene)
        if timer is not None:
            return suggestions.effect_of_removing(timer, scene)
        return suggestions.effect_told(
            words("no timer yet, choose a role to start one") if add else words("no, there is no timer")
        )

    async def timed_role(self, interaction: Interaction, typed: str) -> None:
        """The timed roles of the member in the option `user`; all that could be timed, where those are hidden."""
        known = await self._known(interaction)
        others = known is not None and known.is_hidden
        await self._offer(interaction, lambda: _roles(known, typed, others=others))

    async def moved_role(self, interaction: Interaction, typed: str) -> None:
        """As `timed_role`, of the member in the option `from`."""
        known = await self._known(interaction, otherwise=option_id(interaction, "from"))
        others = known is not None and known.is_hidden
        await self._offer(interaction, lambda: _roles(known, typed, others=others))

    async def role_to_add(self, interaction: Interaction, typed: str) -> None:
        """The timed roles of the member in the option `user`, then the others that could be timed."""
        known = await self._known(interaction)
        policy = known.policy if known is not None and known.policy is not None else await self._policy(interaction)
        await self._offer(interaction, lambda: _roles(known, typed, others=True, timeable=policy.timeable))

    async def visible_role(self, interaction: Interaction, typed: str) -> None:
        """One's own timed roles, or those of the member in the option `user`, where one may see them."""
        by = None if interaction.user is None else interaction.user.id
        known = await self._known(interaction, otherwise=by)
        await self._offer(interaction, lambda: _roles(known, typed, others=False))

    async def ruled_role(self, interaction: Interaction, typed: str) -> None:
        """The roles that have a rule of their own."""
        policy = await self._policy(interaction)

        def choices() -> suggestions.Choices:
            roles = {} if interaction.guild is None else guild_roles(interaction.guild)
            return ruled_role_choices(typed, policy.rules.keys(), roles, asker_words(interaction))

        await self._offer(interaction, choices)

    async def _known(self, interaction: Interaction, otherwise: int | None = None) -> _Known | None:
        guild, at = interaction.guild_id or 0, self._clock.now()
        try:
            read = await self._lanes.suggesting.run(guild, partial(asking, interaction, at))
        except BoostMonError:
            return None
        user = option_id(interaction, "user") or otherwise
        if user is None:
            return _Known(read, None)
        return await self._look_up(read, UserId(user))

    async def _look_up(self, read: Asking, user: UserId) -> _Known:
        guild = read.view.id
        try:
            basis = await self._looked_up(guild, partial(self._known_timers, user, by=read.by, view=read.view))
        except AskerMayNot:
            return _Known(read, None, is_hidden=True)
        if basis is None:
            return _Known(read, None)
        if not read.view.asker.manages_roles:
            read = replace(read, view=with_managers(read.view, basis.policy))
        return _Known(read, basis.timers, basis.policy)

    async def _policy(self, interaction: Interaction) -> Policy:
        """What the guild decided; where nobody can tell, what most have."""
        guild = GuildId(interaction.guild_id or 0)
        found = await self._looked_up(guild, partial(self._known_timers.policy_of, guild))
        return self._known_timers.usual_policy if found is None else found

    async def _looked_up[T](self, guild: GuildId, look: Callable[[], T]) -> T | None:
        """What the look-up finds; None where it fails or takes too long. Raises AskerMayNot."""
        try:
            return await asyncio.wait_for(self._lanes.looking_up.run(guild, look), self._lookup_seconds)
        except AskerMayNot:
            raise
        except (BoostMonError, TimeoutError) as error:
            _log.warning("timers could not be looked up for autocomplete", extra={"guild": guild, "error": repr(error)})
        except Exception:  # noqa: BLE001 - nobody has to know why there are no suggestions but the log
            _log.exception("a look-up for autocomplete failed", extra={"guild": guild})
        return None

    async def _offer(self, interaction: Interaction, choose: Callable[[], suggestions.Choices]) -> None:
        choices: suggestions.Choices = {}
        try:
            choices = await self._lanes.suggesting.run(interaction.guild_id or 0, choose)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("autocomplete failed", extra={"interaction": interaction.id})
        await self.offer(interaction, choices)

    async def offer(self, interaction: Interaction, choices: suggestions.Choices) -> None:
        """Answers an autocomplete interaction, also with nothing: without an answer, Discord shows an error."""
        try:
            await interaction.response.send_autocomplete(choices)
        except DISCORD_FAILED as error:
            if not self._rivals.was_beaten(error):
                # The next keystroke asks again, so this is not worth more.
                _log.debug("suggestions came too late", extra={"interaction": interaction.id, "error": repr(error)})
        else:
            self._rivals.came_first()


def _roles(
    known: _Known | None, typed: str, *, others: bool, timeable: frozenset[RoleId] | None = None
) -> suggestions.Choices:
    if known is None or (known.timers is None and not others):
        return {}
    read = known.asking
    return role_choices(typed, known.timers or (), read.view, read.words, now=read.at, others=others, timeable=timeable)


def _effect_of_settime(known: _Known | None, interaction: Interaction, scene: suggestions.Scene) -> suggestions.Effect:
    """By the member's timer on the role that is chosen, where both are known."""
    user, role = option_id(interaction, "user"), option_id(interaction, "role")
    starts_at = _start(interaction, scene)
    if known is None or known.timers is None or user is None or role is None:
        later = None if starts_at is None else effect_of_setting_later(scene, starts_at)
        return later or suggestions.effect_of_setting(scene)
    key = TimerKey(known.asking.view.id, UserId(user), RoleId(role))
    return effect_of_settime(key, find(known.timers, key.role), scene, starts_at=starts_at)


def _start(interaction: Interaction, scene: suggestions.Scene) -> datetime | None:
    """When the timer is to begin, where that is filled in and can be understood."""
    try:
        starts = scene.understood(option_value(interaction, "starts") or "")
        return moment_of(starts, now=scene.now, calendar=scene.calendar)
    except InvalidDuration:
        return None


def _usual(interaction: Interaction) -> Callable[[Policy], Amount | None]:
    """How long a timer runs, on the role that is chosen, where nobody says how long."""
    role = option_id(interaction, "role")
    return lambda policy: (policy if role is None else policy.for_role(RoleId(role))).default_duration
