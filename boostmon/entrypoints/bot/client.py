"""nextcord's client with our commands, and with its rough edges smoothed."""

import asyncio
import logging
from functools import partial
from typing import Any, NoReturn

import nextcord

from boostmon.adapters.discord.events import read_presses_alone, survive_odd_events
from boostmon.adapters.discord.positions import keep_positions
from boostmon.adapters.discord.rest import until_roles_may_be_given
from boostmon.app.commands.errors import GuildUnseen, Stopping
from boostmon.app.ports import Clock
from boostmon.app.use_cases import UseCases
from boostmon.entrypoints.bot.commands.changing import Changes
from boostmon.entrypoints.bot.commands.cog import CommandsCog
from boostmon.entrypoints.bot.commands.command import Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.commands.presses import Presses
from boostmon.entrypoints.bot.commands.table import COMMANDS
from boostmon.entrypoints.bot.conversing import command_log
from boostmon.entrypoints.bot.conversing.conversation import Conversations, problem_of
from boostmon.entrypoints.bot.conversing.lanes import Lanes
from boostmon.entrypoints.bot.conversing.typing_line import TypingLine
from boostmon.entrypoints.bot.events.counting import CountWatch
from boostmon.entrypoints.bot.events.deleted_roles import DeletedRolesWatch
from boostmon.entrypoints.bot.events.gathering import QUIET_SECONDS, Watch
from boostmon.entrypoints.bot.events.members import MemberWatch
from boostmon.entrypoints.bot.events.roles import RoleWatch
from boostmon.entrypoints.bot.events.server_log import ServerLog
from boostmon.entrypoints.bot.events.unblocking import ObstacleWatch
from boostmon.entrypoints.bot.reading.asking import Interaction

_log = logging.getLogger(__name__)

REGISTRATION_WAIT = 2.0
LONGEST_REGISTRATION_WAIT = 300.0
COUNT_SECONDS = 3_600.0


class BotClient(nextcord.Client):
    """A client that serves the slash commands. Make it on the event loop that is to run it.

    Further listeners are added with `listen()`.
    """

    def __init__(
        self,
        use_cases: UseCases,
        clock: Clock,
        *,
        guild_ready_timeout: float,
        registration_wait: float,
        members_intent: bool = False,
    ) -> None:
        super().__init__(
            intents=nextcord.Intents(guilds=True, moderation=True, members=members_intent),
            # Or nextcord would keep every member, and ask Discord for all of them first.
            member_cache_flags=nextcord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=nextcord.AllowedMentions.none(),
            guild_ready_timeout=guild_ready_timeout,
            max_messages=None,
        )
        keep_positions(self)
        read_presses_alone(self)
        survive_odd_events(self)
        self._lanes = Lanes()
        self.conversations = Conversations(clock, self._lanes, partial(until_roles_may_be_given, self))
        self.completion = Completion(use_cases.known_timers, clock, self._lanes, self.conversations.rivals)
        self._presses = Presses(use_cases, self.conversations)
        self._typing = TypingLine()
        self._registration_wait = registration_wait
        self._connections = 0
        self._serving: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._watches: list[Watch] = []

    def watch(self, watch: Watch) -> None:
        """Ends the watch with the client."""
        self._watches.append(watch)

    def event(self, coro: Any) -> NoReturn:
        """Refuses: nextcord's decorator replaces what happens on an event, as the registration of the commands."""
        raise TypeError(f"{coro.__name__} would be replaced for everybody; use listen()")

    async def on_interaction(self, interaction: Interaction) -> None:
        """Serves one interaction. Whatever goes wrong, its asker gets an answer and the log the cause."""
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        try:
            if interaction.type is nextcord.InteractionType.application_command_autocomplete:
                await self._suggest(interaction)
                return
            self._require_service(interaction)
            if interaction.type is nextcord.InteractionType.component:
                await self._presses.serve(interaction)
            else:
                await self.process_application_commands(interaction)
        except Exception as error:  # noqa: BLE001 - nothing may escape to nextcord, which would print it
            await self._give_up(interaction, error)

    def _require_service(self, interaction: Interaction) -> None:
        """Raises what keeps the bot from serving it."""
        if self._stopping:
            raise Stopping
        if interaction.guild is None:
            raise GuildUnseen

    async def _suggest(self, interaction: Interaction) -> None:
        typist = 0 if interaction.user is None else interaction.user.id
        async with self._typing.turn(interaction.guild_id or 0, typist) as is_served:
            if not is_served:
                return
            try:
                self._require_service(interaction)
                await self.conversations.rivals.hold_back()
                await self.process_application_commands(interaction)
            except Exception as error:  # noqa: BLE001 - as above; still in the line, since that answer, too, takes time
                await self._give_up(interaction, error)

    async def _give_up(self, interaction: Interaction, error: Exception) -> None:
        if interaction.type is nextcord.InteractionType.application_command_autocomplete:
            if not isinstance(error, Stopping | GuildUnseen):
                _log.error("autocomplete failed", extra={"interaction": interaction.id}, exc_info=error)
            if not interaction.response.is_done():
                await self.completion.offer(interaction, {})
            return
        problem = problem_of(error, interaction)
        if await self.conversations.refuse(interaction, problem):
            command_log.tell(interaction, command_log.REFUSED, 0, why=problem.why)

    async def drain(self, seconds: float) -> bool:
        """Takes no new commands, and watches nothing any more. Waits for commands at work, at most `seconds`; returns
        whether all finished.
        """
        self._stopping = True
        for watch in self._watches:
            watch.close()
        self._lanes.stop_waiting()
        at_work = self._serving - {asyncio.current_task()}
        if not at_work:
            return True
        _, late = await asyncio.wait(at_work, timeout=seconds)
        return not late

    async def close(self) -> None:
        """Closes the connection; commands that are at work lose their answer, so `drain` first."""
        self._lanes.close()
        for watch in self._watches:
            watch.close()
        await super().close()

    async def on_connect(self) -> None:
        """Registers the commands, and tries again for as long as Discord does not take them.

        By itself nextcord tries once for each connection: one answer of 503 would leave a bot without commands.
        """
        self._connections += 1
        connection, wait = self._connections, self._registration_wait
        while connection == self._connections and not self.is_closed():
            try:
                await super().on_connect()
            except Exception as error:  # noqa: BLE001 - nextcord reads what came as if it were Discord's, whatever it is
                _log.warning("registering the commands failed", extra={"error": repr(error), "again_in": wait})
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_REGISTRATION_WAIT)
            else:
                _log.info("commands registered", extra={"commands": len(self.get_all_application_commands())})
                return

    async def on_error(self, event_method: str, *_args: object, **_kwargs: object) -> None:
        """Logs what nextcord would print."""
        _log.exception("an event could not be dealt with", extra={"event": event_method})


def build_bot(
    use_cases: UseCases,
    clock: Clock,
    *,
    guild_ready_timeout: float = 2.0,
    registration_wait: float = REGISTRATION_WAIT,
    members_intent: bool = False,
    quiet: float = QUIET_SECONDS,
    count_every: float = COUNT_SECONDS,
) -> BotClient:
    """The bot, not yet logged in: `await bot.start(token)` runs it, `await bot.drain(…)` and `close()` end it.

    Call it on the event loop that is to run it. `guild_ready_timeout` is how long,
    in seconds, the bot waits for its guilds before it is ready; `registration_wait` the first wait after the
    commands could not be registered, doubled at each further failure; `members_intent` whether Discord is asked to tell
    of members, for which it has to be switched on in the developer portal; `quiet` how long a guild's changes are
    gathered before blocked endings there are looked at; `count_every` how often the members of each are counted.
    """
    bot = BotClient(
        use_cases,
        clock,
        guild_ready_timeout=guild_ready_timeout,
        registration_wait=registration_wait,
        members_intent=members_intent,
    )
    services = Services(use_cases, Changes(use_cases))
    bot.add_cog(CommandsCog(COMMANDS, services, bot.completion, bot.conversations))
    ServerLog(bot)
    bot.watch(ObstacleWatch(bot, use_cases.unblock, quiet=quiet))
    bot.watch(DeletedRolesWatch(bot, use_cases.end_deleted_roles, quiet=quiet))
    watched = use_cases.catch_up.watched
    members = MemberWatch(bot, use_cases.follow_members, watched, clock, quiet=quiet)
    bot.watch(members)
    bot.watch(RoleWatch(bot, use_cases.catch_up, clock, quiet=quiet, left=members.hear))
    bot.watch(CountWatch(bot, use_cases.reconcile, watched.any_in, every=count_every))
    return bot
