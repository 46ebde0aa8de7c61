"""`LoopbackDiscord`: the whole of it, for tests and for the console.

It listens on 127.0.0.1 with its own thread and event loop. Every method may be called from any other
thread; what it returns are plain values that do not change any more.
"""

import base64
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from boostmon.sandbox import posts
from boostmon.sandbox.answer import Answer, Choice, PostedMessage
from boostmon.sandbox.calls import Call, CallLog, RecordedRequest
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.faults import Faults, Kind
from boostmon.sandbox.feed import Feed, Happening
from boostmon.sandbox.gateway import Gateway
from boostmon.sandbox.interactions import Interactions
from boostmon.sandbox.limits import Limits, RateLimits
from boostmon.sandbox.loopthread import LoopThread
from boostmon.sandbox.rest import Rest
from boostmon.sandbox.seed import seed
from boostmon.sandbox.world import Now, World

HOST = "127.0.0.1"
#: How long `command` waits for an answer by default, in real seconds.
ANSWER_SECONDS = 15.0


class LoopbackDiscord:
    """A Discord with one small guild (see `seed`) that a bot can log in to.

    `now` gives aware UTC instants: the sandbox's time. `port` 0 picks a free one. Use it as a context
    manager, or call `start` and `close`. `url` is what a bot takes as its REST base; `token` logs in.
    """

    def __init__(self, now: Now, *, port: int = 0, token: str | None = None) -> None:
        self._now = now
        self._port = port
        self._thread = LoopThread("loopback-discord")
        self._changed = threading.Condition()
        self._version = 0
        self._listeners: list[Callable[[Happening], None]] = []
        self._runner: web.AppRunner | None = None
        self._world = World(now)
        seed(self._world)
        self.token = token or _token(self._world.bot_id)
        self._calls = CallLog()
        self._faults = Faults()
        self._limits = RateLimits()
        self._gateway = Gateway(self._world, self.token, self._notify)
        self._interactions = Interactions(self._world, lambda: self._gateway.online)
        self._rest = Rest(self._world, self.token, self._calls, self._faults, self._limits, self._on_call)
        self._feed = Feed(self._world, self._tell, lambda: self._rest.acting)
        self._world.backend.subscribers.append(lambda _event, _payload: self._notify())
        self._changes = Changes(self._world)
        self.url = ""

    # ------------------------------------------------------------------ life

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self._thread.start()
        self._thread.run(self._listen())
        return self

    def close(self) -> None:
        """Close every connection and stop listening; the state stays readable no longer."""
        self._thread.run(self._shut())
        self._thread.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _listen(self) -> None:
        application = web.Application(client_max_size=32 * 1024 * 1024)
        application.router.add_get("/gateway", self._gateway.handle)
        application.router.add_route("*", "/api/{path:.*}", self._rest.handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{HOST}:{port}/api/v10"
        self._gateway.url = self._rest.gateway_url = f"ws://{HOST}:{port}/gateway"

    async def _shut(self) -> None:
        self._rest.closing.set()
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------------ waiting

    def _notify(self) -> None:
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def _on_call(self, call: Call, status: int) -> None:
        self._interactions.observe(call, status)
        self._notify()

    def _tell(self, happening: Happening) -> None:
        for listener in self._listeners:
            listener(happening)

    def wait_until[T](self, predicate: Callable[[], T], timeout: float, what: str = "it") -> T:
        """Return the predicate's first true value. TimeoutError after `timeout` real seconds.

        It is asked again whenever something happened here, and a few times a second besides, because a
        condition may hang on the clock alone.
        """
        deadline = time.monotonic() + timeout
        while True:
            with self._changed:
                seen = self._version
            if value := predicate():
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not happen within {timeout:g} s")
            self._wait_for_change(seen, min(left, 0.1))

    def _wait_for_change(self, seen: int, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._version != seen, seconds)

    def listen(self, listener: Callable[[Happening], None]) -> None:
        """Call `listener` for everything worth seeing, on the server's thread: it must not block."""
        self._listeners.append(listener)

    # ------------------------------------------------------------------ the bot's connection

    @property
    def online(self) -> bool:
        """Whether the bot is logged in and connected."""
        return self._thread.call(lambda: self._gateway.online)

    @property
    def logins(self) -> int:
        """How often a session was identified."""
        return self._gateway.identified

    @property
    def resumes(self) -> int:
        """How often a session was resumed."""
        return self._gateway.resumed

    def wait_until_ready(self, timeout: float, command: str | None = None) -> None:
        """Until the bot is connected and has registered `command` (any, when None). TimeoutError."""

        def ready() -> bool:
            names = self._thread.call(self._command_names)
            return self.online and (command in names if command else bool(names))

        self.wait_until(ready, timeout, "the bot's login")

    def _command_names(self) -> set[str]:
        return {name for scope in self._world.backend.commands.values() for name, _ in scope}

    # ------------------------------------------------------------------ members

    def command(self, actor: str, line: str, channel: str = "#general", timeout: float = ANSWER_SECONDS) -> Answer:
        """Let `actor` type a slash command and wait for the answer, at most `timeout` real seconds.

        Raises `CannotDo` when Discord's client would not send it.
        """
        world = self._world

        async def run() -> Answer:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            return await self._interactions.run(who, line, where, timeout)

        return self._thread.run(run())

    def autocomplete(self, actor: str, line: str, channel: str = "#general") -> list[Choice]:
        """The suggestions for the last option of a half-typed command. Raises `CannotDo`, `NoAnswer`."""
        world = self._world

        async def run() -> list[Choice]:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            return await self._interactions.suggest(who, line, where)

        return self._thread.run(run())

    # ------------------------------------------------------------------ looking

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self._now()

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """Every REST call so far (the newest 20,000), oldest first."""
        return self._thread.call(lambda: tuple(self._calls.requests))

    @property
    def invalid_requests(self) -> int:
        """How many answers counted towards Discord's ban of an address."""
        return self._thread.call(lambda: self._calls.invalid)

    def member_roles(self, name: str) -> frozenset[str]:
        """The names of a member's roles, each with its `@`. Raises `CannotDo` when not a member."""
        world = self._world
        return self._thread.call(lambda: frozenset(world.role_name(r) for r in world.member(name).role_ids))

    def messages(self, channel: str) -> tuple[PostedMessage, ...]:
        """What everybody sees in a channel, oldest first."""
        return self._thread.call(lambda: posts.in_channel(self._world, channel))

    def dms(self, name: str) -> tuple[PostedMessage, ...]:
        """What the bot wrote to a user directly, oldest first."""
        return self._thread.call(lambda: posts.in_dms(self._world, name))

    def id_of(self, name: str) -> int:
        """The id of `@user`, `@Role` or `#channel`."""
        return self._thread.call(lambda: self._world.find(name))

    def look[T](self, question: Callable[[World], T]) -> T:
        """Ask anything else of the world, on its thread. Return plain values, not its objects."""
        return self._thread.call(lambda: question(self._world))

    # ------------------------------------------------------------------ changing

    def change(self, deed: Callable[[Changes], None]) -> None:
        """Do something to the guild: `discord.change(lambda c: c.take("@bob", "@VIP", by="@mod"))`."""
        self._thread.call(lambda: deed(self._changes))

    # ------------------------------------------------------------------ faults

    def fail(self, kind: Kind, method: str = "*", path: str = "*", times: int | None = 1) -> None:
        """Let something go wrong; see `faults`."""
        self._thread.call(lambda: self._faults.arm(kind, method, path, times))

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self._thread.call(self._faults.clear)

    def enforce(self, limits: Limits) -> None:
        """Enforce rate limits from now on; `limits.OFF` ends it."""
        self._thread.call(lambda: self._limits.enforce(limits))

    def drop_gateway(self, code: int | None = None, *, forget_sessions: bool = False) -> None:
        """Close the bot's websockets with a code, or cut them. With `forget_sessions` RESUME fails."""

        async def drop() -> None:
            if forget_sessions:
                self._gateway.forget_sessions()
            await self._gateway.drop(code)

        self._thread.run(drop())

    def refuse_gateway(self, *, refuse: bool) -> None:
        """Turn new websockets away with a 503, or let them in again."""
        self._gateway.refusing = refuse

    def disallow_members_intent(self) -> None:
        """From now on the members intent closes the socket with 4014, as without the portal's switch."""
        self._gateway.allow_privileged = False


def _token(bot_id: int) -> str:
    """A token in the shape of Discord's: the id, then two parts that mean nothing here."""
    return f"{base64.b64encode(str(bot_id).encode()).decode().rstrip('=')}.sandbox.{'loopback' * 4}"
