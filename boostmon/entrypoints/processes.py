"""The processes that `boostmon run`, `bot` and `sweeper` are: start in order, end in order, within ten seconds."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from boostmon.adapters.discord.client import log_in, use_api
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.session import RestSession
from boostmon.app.errors import DiscordUnreachable
from boostmon.entrypoints.bot.client import BotClient, build_bot
from boostmon.entrypoints.container import Container
from boostmon.entrypoints.lifecycle import StopSignal
from boostmon.entrypoints.settings import Settings
from boostmon.entrypoints.sweeper import Sweeper

_log = logging.getLogger(__name__)

COMMANDS_AT_ONCE = 16
"""Threads that run use cases: more than the pool has connections, since some wait for Discord instead."""
SWEEPER_PATIENCE = 4.0
COMMANDS_PATIENCE = 3.0
"""Seconds at the end for what is under way; with the closing of client and pool, it stays under ten."""


def run_bot(settings: Settings, token: str, *, sweeps: bool, stop: StopSignal) -> None:
    """Serves slash commands until `stop`; with `sweeps`, it warns and takes roles, too.

    Raises:
        BoostMonError: it cannot start, or the connection to Discord ended for good.
    """
    container = Container(settings=settings)
    storage = container.storage()
    try:
        storage.open()
        if settings.discord_api_url is not None:
            use_api(settings.discord_api_url)
        asyncio.run(_serve(container, token, container.sweeper() if sweeps else None, stop))
    finally:
        storage.close()
    _log.info("stopped")


async def _serve(container: Container, token: str, sweeper: Sweeper | None, stop: StopSignal) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(COMMANDS_AT_ONCE, thread_name_prefix="command"))
    bot = build_bot(container.use_cases(), container.timers(), container.clock(), container.settings().time_zone)
    make_patient(bot)
    container.connection().attach(lambda: bot, lambda: loop)
    try:
        await log_in(bot, token)
        if sweeper is not None:
            sweeper.start()
        await _connected(bot, stop)
    finally:
        _log.info("stopping")
        if sweeper is not None:
            # Off the loop, which has to stay free for the requests that the sweeper waits for.
            await asyncio.to_thread(sweeper.stop, SWEEPER_PATIENCE)
        await bot.drain(COMMANDS_PATIENCE)
        await bot.close()


async def _connected(bot: BotClient, stop: StopSignal) -> None:
    """Holds the gateway connection until `stop`, or raises what ended it for good."""
    gateway = asyncio.create_task(bot.connect(), name="gateway")
    stopped = asyncio.create_task(stop.wait_on_loop(), name="stop")
    try:
        await asyncio.wait({gateway, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if gateway.done():
            error = gateway.exception()
            reason = "it was closed" if error is None else f"{type(error).__name__}: {error}"
            raise DiscordUnreachable(f"the connection to Discord's gateway ended: {reason}") from error
    finally:
        gateway.cancel()
        stopped.cancel()
        await asyncio.gather(gateway, stopped, return_exceptions=True)


def run_sweeper(settings: Settings, token: str | None, *, stop: StopSignal) -> None:
    """Warns and takes roles until `stop`, by REST alone; without a token, in memory.

    Raises:
        BoostMonError: it cannot start.
    """
    container = Container(settings=settings)
    storage = container.storage()
    session = RestSession()
    try:
        storage.open()
        if settings.discord_api_url is not None:
            use_api(settings.discord_api_url)
        sweeper = container.sweeper()
        if token is None:
            _log.warning("BOOSTMON_DISCORD=memory: Discord is not asked; what would be done is only logged")
        else:
            session.start(token)
            container.connection().attach(session.client, session.loop)
        sweeper.start()
        stop.wait()
        _log.info("stopping")
        sweeper.stop(SWEEPER_PATIENCE)
    finally:
        session.stop()
        storage.close()
    _log.info("stopped")
