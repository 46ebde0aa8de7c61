"""A login to Discord without a gateway connection, on its own event loop: for `boostmon sweeper`."""

import asyncio
import logging
import threading

import nextcord

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import log_in
from boostmon.adapters.discord.http import make_patient
from boostmon.adapters.discord.outage import BACKOFF, Outage
from boostmon.adapters.discord.turns import Turns

_log = logging.getLogger(__name__)


class RestSession:
    """Owns a thread, its event loop, and a client that is logged in for REST only.

    `turns` holds the process's budget.

    `client` and `loop` may be handed on before `start`: they give None until it has succeeded, and after `stop`.
    """

    def __init__(self, turns: Turns | None = None) -> None:
        self._turns = turns
        self._client: nextcord.Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def client(self) -> nextcord.Client | None:
        """The client, once it is logged in."""
        return self._client

    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop that the client lives on."""
        return self._loop

    def start(self, token: str, *, timeout: float = 30.0, give_up: float = 0.0) -> None:
        """Logs in; afterwards requests can be made. After an error everything is as before.

        An attempt takes at most `timeout` seconds. Others follow until `give_up` seconds have passed.

        Raises:
            TokenRefused: Discord does not accept the token.
            DiscordUnreachable: no login in that time.
            RuntimeError: it is started already.
        """
        if self._thread is not None:
            raise RuntimeError("the session is started already")
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="discord-rest", daemon=True)
        self._thread.start()
        started.wait()
        try:
            longest = give_up + BACKOFF.cap.total_seconds() + 2 * timeout  # it ends by itself before that
            self._client = LoopBridge(self.loop).call(lambda: _logged_in(token, self._turns, timeout, give_up), longest)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, timeout: float = 5.0) -> None:
        """Closes the client and ends the thread; what is still under way is cut off. May be called twice."""
        thread, loop, client = self._thread, self._loop, self._client
        if thread is None or loop is None:
            return
        self._client = None
        if client is not None:
            try:
                LoopBridge(self.loop).call(client.close, timeout)
            except Exception:  # noqa: BLE001 - it ends all the same
                _log.warning("the client was not closed cleanly", exc_info=True)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        self._thread = self._loop = None

    def _run(self, started: threading.Event) -> None:
        with asyncio.Runner() as runner:  # cancels what is left over when it ends
            loop = runner.get_loop()
            self._loop = loop
            loop.call_soon(started.set)
            loop.run_forever()


async def _logged_in(token: str, turns: Turns | None, attempt_timeout: float, give_up: float) -> nextcord.Client:
    # No intent is ever sent without a gateway, but nextcord warns in the log of a client without this one.
    client = nextcord.Client(intents=nextcord.Intents(guilds=True))
    make_patient(client, turns)
    try:
        await log_in(client, token, Outage(give_up), attempt_timeout=attempt_timeout)
    except BaseException:
        await client.close()
        raise
    return client
