"""Trying again at once when an obstacle may be gone."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from boostmon.app.ports import Alarm, Clock, TimerRepository
from boostmon.domain.eligibility import RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.lacks import ungovernable_roles

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unblock:
    """Makes blocked endings of a guild due now, after something changed there.

    Only those whose role the bot could take, as things look now: Discord shuts out an address that collects too many
    refusals, and roles may be dragged about for a long time before the obstacle is gone.
    """

    timers: TimerRepository
    alarm: Alarm
    clock: Clock

    def __call__(self, guild: GuildId, bot: Standing, roles: Mapping[RoleId, RoleFacts]) -> int:
        """Returns how many endings are tried again.

        Raises:
            StorageUnavailable: the repository did not answer; they are tried again at their time.
        """
        if not bot.manages_roles:
            return 0
        out_of_reach = ungovernable_roles(guild, bot, roles)
        tried = self.timers.unblock(guild, self.clock.now(), except_roles=out_of_reach)
        if tried:
            _log.info("trying blocked endings again", extra={"guild": guild, "endings": tried})
            self.alarm.ring()
        return tried
