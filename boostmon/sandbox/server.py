"""`LoopbackDiscord`: the whole sandbox Discord, for tests and for the console.

It listens on 127.0.0.1 with its own thread and event loop. Every method may be called from any other
thread; what it returns are plain values that do not change any more.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from boostmon.sandbox import posts
from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.calls import Call, CallLog, RecordedRequest
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.exchanges import Exchanges
from boostmon.sandbox.faults import Faults
from boostmon.sandbox.feed import Feed, Happening
from boostmon.sandbox.gateway import Gateway
from boostmon.sandbox.interactions import Interactions
from boostmon.sandbox.limits import RateLimits
from boostmon.sandbox.listener import Changed, Listener
from boostmon.sandbox.presses import Presses
from boostmon.sandbox.rest import Rest
from boostmon.sandbox.seed import seed
from boostmon.sandbox.series import Series
from boostmon.sandbox.troubles import Troubles
from boostmon.sandbox.typists import Typists
from boostmon.sandbox.world import Now, World


class LoopbackDiscord(Typists, Troubles):
    """A Discord with one small guild (see `seed`) that a bot can log in to.

    `now` gives aware UTC instants: the sandbox's time. `port` 0 picks a free one. Use it as a context
    manager, or call `start` and `close`. `url` is what a bot takes as its REST base; `token` logs in.
    """

    def __init__(self, now: Now, *, port: int = 0, token: str | None = None) -> None:
        self._now = now
        self._changed = Changed()
        self._registering = Series()
        self._listeners: list[Callable[[Happening], None]] = []
        self._world = World(now)
        seed(self._world)
        self.token = token or _token(self._world.bot_id)
        self._calls = CallLog()
        self._faults = Faults()
        self._limits = RateLimits()
        self._was_online = False
        self._gateway = Gateway(self._world, self.token, self._on_connection)
        self._exchanges = Exchanges(self._world, lambda: self._gateway.online)
        self._interactions = Interactions(self._world, self._exchanges)
        self._presses = Presses(self._world, self._exchanges)
        self._rest = Rest(self._world, self.token, self._calls, self._faults, self._limits, self._on_call)
        self._rest.session_limit = lambda: (self._gateway.sessions_left, self._gateway.sessions_reset_after)
        self._changes = Changes(self._world)
        self._listener = Listener(self._rest, self._gateway, port)
        self._thread = self._listener.thread
        self._feed = Feed(self._world, self._tell, lambda: self._rest.acting, lambda: self._rest.answering)
        self._exchanges.on_more = self._feed.answered_more
        self._world.backend.subscribers.append(lambda _event, _payload: self._changed.notify())

    # ------------------------------------------------------------------ life

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self._listener.start()
        return self

    def close(self) -> None:
        """Close every connection and stop listening; nothing can be asked any more after it."""
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The REST base for the bot, once it listens."""
        return self._listener.url

    def _on_call(self, call: Call, status: int) -> None:
        if call.path.startswith("/applications/"):
            self._registering.came()
        self._exchanges.observe(call, status)
        self._changed.notify()

    def _on_connection(self) -> None:
        online = self._gateway.online
        if online != self._was_online:
            self._was_online = online
            self._registering.begin()
            bot = self._world.user_name(self._world.bot_id)
            self._feed.say(f"{bot} is online" if online else f"{bot} is offline")
        self._changed.notify()

    def _tell(self, happening: Happening) -> None:
        for listener in list(self._listeners):
            listener(happening)

    def wait_until[T](self, predicate: Callable[[], T], timeout: float, what: str = "it") -> T:
        """Return the predicate's first true value. TimeoutError after `timeout` real seconds.

        It is asked again whenever something happened here, and a few times a second besides.
        """
        return self._changed.wait_until(predicate, timeout, what)

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

    @property
    def refused_sockets(self) -> int:
        """How many websockets were turned away."""
        return self._gateway.refused

    def wait_until_ready(self, timeout: float, command: str | None = None) -> None:
        """Until the bot is connected and has registered `command`; None: until no more are coming."""

        def ready() -> bool:
            if command is None:
                return self.ready()
            return self.online and command in self._thread.call(self._command_names)

        self.wait_until(ready, timeout, "the bot's login")

    def ready(self) -> bool:
        """Whether the bot is connected and its commands are there, with no more coming at the moment."""
        return self._thread.call(
            lambda: self._gateway.online and bool(self._command_names()) and self._registering.is_over
        )

    def _command_names(self) -> set[str]:
        return {name for scope in self._world.backend.commands.values() for name, _ in scope}

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
    def request_count(self) -> int:
        """How many REST calls there were, the forgotten ones, too."""
        return self._thread.call(lambda: self._calls.count)

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

    def change[T](self, deed: Callable[[Changes], T]) -> T:
        """Do something to the guild: `discord.change(lambda c: c.take("@bob", "@VIP", by="@mod"))`."""
        return self._thread.call(lambda: deed(self._changes))


def _token(bot_id: int) -> str:
    """A token in the shape of Discord's: the id, then two parts that mean nothing here."""
    return f"{base64.b64encode(str(bot_id).encode()).decode().rstrip('=')}.sandbox.{'loopback' * 4}"
