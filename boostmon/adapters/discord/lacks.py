"""What the bot lacks to remove roles in a guild, for the log channel."""

import logging
from collections.abc import Collection, Mapping

from boostmon.adapters.discord.faults import Faulty, fault_of
from boostmon.adapters.discord.payloads import roles_of, standing_in
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.lacks import Lack, lack_for
from boostmon.domain.outcomes import Held

_log = logging.getLogger(__name__)


class LackLookup:
    """Asks Discord, whether there is a gateway connection or not.

    A cache may be behind, and here it would name the wrong remedy. It is asked once for each message about missing
    permissions, which a guild gets once for a role while that lasts. To be used on the client's loop only.
    """

    def __init__(self, rest: DiscordRest) -> None:
        self._rest = rest

    async def lacks(self, guild: GuildId, roles: Collection[RoleId]) -> Mapping[RoleId, Lack]:
        """What is known to be lacking for these roles, at this moment. Without an answer nothing is known.

        Raises:
            Faulty: a limit is used up (`Held`).
        """
        try:
            found, me = await self._rest.guild(guild), await self._rest.myself_in(guild)
            known = roles_of(found)
            bot = standing_in(found, me)
        except Exception as error:
            fault = fault_of(error)
            if isinstance(fault, Held):
                raise Faulty(fault) from error
            _log.info("not known what is lacking", extra={"guild": guild, "error": fault or repr(error)})
            return {}
        lacks = {role: lack_for(role, guild=guild, bot=bot, roles=known) for role in roles}
        return {role: lack for role, lack in lacks.items() if lack is not None}
