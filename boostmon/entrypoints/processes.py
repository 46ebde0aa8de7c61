"""The processes behind `boostmon run`, `bot` and `sweeper`: they start and stop in order, within ten seconds."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from boostmon.adapters.discord.client import is_open_to_listeners, log_in, use_api
from boostmon.adapters.discord.gateway import GatewayConnection, close_client
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.outage import Outage
from boostmon.adapters.discord.session import RestSession
from boostmon.entrypoints.bot.client import BotClient, build_bot
from boostmon.entrypoints.container import Container
from boostmon.entrypoints.garbage_collection import freeze_what_stays
from boostmon.entrypoints.lifecycle import Stopped, StopSignal
from boostmon.entrypoints.loop_executor import LoopExecutor
from boostmon.entrypoints.opening import log_start
from boostmon.entrypoints.settings import Settings, Switch
from boostmon.entrypoints.sweeper import Sweeper

_log = logging.getLogger(__name__)

THREADS_OF_LOOP = 4
"""For what the bot does by itself, one thing after the other; commands have threads of their own (`lanes`)."""
PATIENCE = 5.0
"""Seconds at the end for what is under way: commands, and a pass of the sweep."""
CLOSING_PATIENCE = 1.0
"""Seconds for Discord's side to close the connection, too."""
LAST_PATIENCE = 1.0
"""Seconds in which those whose requests were cut off write down, and answer, that the result is unknown."""


def run_bot(settings: Settings, token: str, *, sweeps: bool, stop: StopSignal) -> None:
    """Serves slash commands until `stop`; with `sweeps`, it warns and takes roles, too.

    Raises:
        BoostMonError: it cannot start, or the connection to Discord ended for good.
    """
    container = Container(settings=settings)

    def work() -> None:
        sweeper = container.sweeper() if sweeps else None
        try:
            asyncio.run(_serve(container, token, sweeper, stop))
        finally:
            _finish(sweeper)

    _with_storage(container, work, stop, mode="run" if sweeps else "bot")


def run_sweeper(settings: Settings, token: str | None, *, stop: StopSignal) -> None:
    """Warns and takes roles until `stop`, by REST alone; without a token, in memory.

    Raises:
        BoostMonError: it cannot start.
    """
    container = Container(settings=settings)

    def work() -> None:
        sweeper, session = container.sweeper(), RestSession(container.turns())
        try:
            if token is None:
                _log.warning("BOOSTMON_DISCORD=memory: Discord is not asked; what would be done is only logged")
            else:
                with stop.interrupting():
                    session.start(token, give_up=container.settings().discord_wait.total_seconds())
                container.connection().attach(session.client, session.loop)
            sweeper.start()
            client = session.client()
            me = None if client is None else client.user
            _log.info("sweeping", extra={} if me is None else {"bot": str(me), "bot_id": me.id})
            stop.wait()
        finally:
            _log.info("stopping", extra=stop.cause())
            sweeper.request_stop()
            if not sweeper.join(PATIENCE):
                container.storage().break_off()
            session.stop(timeout=CLOSING_PATIENCE)
            _finish(sweeper)

    _with_storage(container, work, stop, mode="sweeper")


def _with_storage(container: Container, work: Callable[[], None], stop: StopSignal, *, mode: str) -> None:
    """Does `work` while the storage is open. A stop while something is still starting is no failure."""
    settings, storage = container.settings(), container.storage()
    log_start(settings, mode)
    if settings.discord_api_url is not None:
        use_api(settings.discord_api_url)
        if is_open_to_listeners(settings.discord_api_url):
            _log.warning(
                "BOOSTMON_DISCORD_API_URL leads to another machine by http: the bot's token crosses the network in the "
                "clear; use https, or a proxy on this machine"
            )
    try:
        storage.start()
        with stop.interrupting():
            storage.open()
        freeze_what_stays()
        work()
    except Stopped:
        _log.info("stopped while starting")
    finally:
        storage.close()
    _log.info("stopped")


async def _serve(container: Container, token: str, sweeper: Sweeper | None, stop: StopSignal) -> None:
    loop, settings = asyncio.get_running_loop(), container.settings()
    loop.set_default_executor(LoopExecutor(THREADS_OF_LOOP))
    sees_members, every = settings.members_intent is Switch.ON, settings.reconcile_interval.total_seconds()
    bot = build_bot(container.use_cases(), container.clock(), members_intent=sees_members, count_every=every)
    make_patient(bot, container.turns())
    outage = Outage(settings.discord_wait.total_seconds())
    gateway = GatewayConnection(bot, outage, timeout=settings.gateway_timeout.total_seconds())
    container.connection().attach(lambda: bot, lambda: loop)
    try:
        if await _unless_stopped(log_in(bot, token, outage), stop):
            if sweeper is not None:
                sweeper.start()
            await _unless_stopped(gateway.hold(), stop)
    finally:
        _log.info("stopping", extra=stop.cause())
        if sweeper is not None:
            sweeper.request_stop()
        is_done = await _all_done(bot, sweeper, PATIENCE)
        if not is_done:
            # While the bot can still answer, so that whoever waits for the database or for Discord is told.
            container.bridge().cut_off()
        # What an event had begun may hang, too, and would keep the loop from ending.
        with ThreadPoolExecutor(1) as own:  # the loop's own threads may all be taken
            await loop.run_in_executor(own, container.storage().break_off)
        if not is_done:
            await _all_done(bot, sweeper, LAST_PATIENCE)
        await close_client(bot, CLOSING_PATIENCE)


async def _unless_stopped(work: Coroutine[Any, Any, None], stop: StopSignal) -> bool:
    """Awaits `work` and raises what it raises, but breaks it off at `stop`; returns whether it came to its end."""
    working = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait_on_loop())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            return False
        working.result()
        return True
    finally:
        working.cancel()
        stopped.cancel()
        await asyncio.gather(working, stopped, return_exceptions=True)


async def _all_done(bot: BotClient, sweeper: Sweeper | None, seconds: float) -> bool:
    """Waits for commands and for the sweeper's pass, and says whether they ended in time."""
    return all(await asyncio.gather(bot.drain(seconds), _joined(sweeper, seconds)))


async def _joined(sweeper: Sweeper | None, seconds: float) -> bool:
    """Waits for the sweeper's threads without one of the loop's own: those may all be taken."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while not (ended := sweeper is None or sweeper.join(0)) and clock() < deadline:  # noqa: ASYNC110 - threads set no asyncio.Event
        await asyncio.sleep(0.02)
    return ended


def _finish(sweeper: Sweeper | None) -> None:
    """Before the storage closes: whoever was still asking Discord has been cut off and gives back what it claimed."""
    if sweeper is not None and not sweeper.join(LAST_PATIENCE):
        _log.warning("a pass did not end in time; its claims come free when their lease runs out")
