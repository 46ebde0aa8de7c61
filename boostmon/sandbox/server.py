"""`LoopbackDiscord`: the whole of it, for tests and for the console.

It listens on 127.0.0.1 with its own thread and event loop. Every method may be called from any other
thread; what it returns are plain values that do not change any more.
"""

import base64
import copy
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from boostmon.sandbox import posts
from boostmon.sandbox.answer import Answer, Choice, PostedMessage
from boostmon.sandbox.calls import Call, CallLog, RecordedRequest
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.exchanges import Exchanges
from boostmon.sandbox.faults import Faults, Kind
from boostmon.sandbox.feed import Feed, Happening
from boostmon.sandbox.gateway import Gateway
from boostmon.sandbox.interactions import Interactions
from boostmon.sandbox.limits import Limits, RateLimits
from boostmon.sandbox.listener import Changed, Listener
from boostmon.sandbox.presses import Presses
from boostmon.sandbox.rest import Rest
from boostmon.sandbox.seed import seed
from boostmon.sandbox.world import Now, World

#: How long `command` waits for an answer by default, in real seconds.
ANSWER_SECONDS = 15.0
#: nextcord registers its commands one by one; after this long without another they are all there.
QUIET_SECONDS = 0.25


class LoopbackDiscord:
    """A Discord with one small guild (see `seed`) that a bot can log in to.

    `now` gives aware UTC instants: the sandbox's time. `port` 0 picks a free one. Use it as a context
    manager, or call `start` and `close`. `url` is what a bot takes as its REST base; `token` logs in.
    """

    def __init__(self, now: Now, *, port: int = 0, token: str | None = None) -> None:
        self._now = now
        self._changed = Changed()
        self._commands_at = time.monotonic()
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
            self._commands_at = time.monotonic()
        self._exchanges.observe(call, status)
        self._changed.notify()

    def _on_connection(self) -> None:
        online = self._gateway.online
        if online != self._was_online:
            self._was_online = online
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
            lambda: (
                self._gateway.online
                and bool(self._command_names())
                and time.monotonic() - self._commands_at >= QUIET_SECONDS
            )
        )

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

    def press(
        self,
        actor: str,
        label: str,
        channel: str = "#general",
        timeout: float = ANSWER_SECONDS,
        *,
        on: Answer | None = None,
    ) -> Answer:
        """Let `actor` press the button called `label` (or beginning so) and wait for what comes of it.

        It is looked for on the answer `on`, then on the newest message with such a button that the actor sees in
        the channel. Raises `CannotDo` when a client would not let them press it.
        """
        world = self._world

        async def run() -> Answer:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            first = [message.id for message in on.messages] if on is not None else []
            return await self._presses.press(who, label, where, first, timeout)

        return self._thread.run(run())

    def answer_now(self, answer: Answer) -> Answer:
        """An answer as it stands by now: with what was added, edited and deleted since."""
        return self._thread.call(lambda: self._exchanges.answer_now(answer.interaction_id)) or answer

    def commands_at_once(
        self, typed: Sequence[tuple[str, str]], channel: str = "#general", timeout: float = ANSWER_SECONDS
    ) -> list[Answer]:
        """Let many type at the same moment, each an actor and a line; the answers in their order.

        Raises `CannotDo` when Discord's client would not send one of them; none has been sent then.
        """
        world = self._world

        async def run() -> list[Answer]:
            where = world.channel(channel)
            who = [(world.backend.users[world.member(actor).user_id], line) for actor, line in typed]
            return await self._interactions.run_all(who, where, timeout)

        return self._thread.run(run())

    def autocompletes_at_once(self, typed: Sequence[tuple[str, str]], channel: str = "#general") -> list[float | None]:
        """As `autocomplete` for many at the same moment: after how many real seconds each came; None: too late."""
        world = self._world

        async def run() -> list[float | None]:
            where = world.channel(channel)
            who = [(world.backend.users[world.member(actor).user_id], line) for actor, line in typed]
            return await self._interactions.suggest_all(who, where)

        return self._thread.run(run())

    def autocomplete(self, actor: str, line: str, channel: str = "#general") -> list[Choice]:
        """The suggestions for the last option of a half-typed command. Raises `CannotDo`, `NoAnswer`."""
        world = self._world

        async def run() -> list[Choice]:
            where = world.channel(channel)
            who = world.backend.users[world.member(actor).user_id]
            return await self._interactions.suggest(who, line, where)

        return self._thread.run(run())

    def commands(self, actor: str, channel: str = "#general") -> list[str]:
        """The names of the slash commands that Discord shows to a member. Raises `CannotDo`."""
        return self._thread.call(lambda: [c["name"] for c in self._visible(actor, channel)])

    def options(self, actor: str, command: str, channel: str = "#general") -> list[dict[str, Any]]:
        """The options of a command as registered; none when the member does not see it."""
        found = self._thread.call(
            lambda: [c.get("options") or [] for c in self._visible(actor, channel) if c["name"] == command]
        )
        return copy.deepcopy(found[0]) if found else []

    def _visible(self, actor: str, channel: str) -> list[dict[str, Any]]:
        who = self._world.backend.users[self._world.member(actor).user_id]
        return self._interactions.visible(who, self._world.channel(channel))

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

    # ------------------------------------------------------------------ faults

    def fail(self, kind: Kind, method: str = "*", path: str = "*", times: int | None = 1) -> None:
        """Let something go wrong; see `faults`."""
        self._thread.call(lambda: self._faults.arm(kind, method, path, times))

    @property
    def struck(self) -> dict[str, int]:
        """How many faults struck a request so far, by kind."""
        return self._thread.call(lambda: dict(self._faults.struck))

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

    def ask_to_reconnect(self) -> None:
        """Tell the bot to connect anew and resume (op 7), as before a restart of Discord's gateway."""
        self._thread.call(self._gateway.ask_to_reconnect)

    def refuse_gateway(self, *, refuse: bool) -> None:
        """Turn new websockets away with a 503, or let them in again."""
        self._gateway.refusing = refuse

    def refuse_resume_address(self, *, refuse: bool) -> None:
        """Let the address that READY names for RESUME lead nowhere, or let it lead here again."""
        self._gateway.resume_refused = refuse

    def mute_gateway(self, *, mute: bool) -> None:
        """Let the gateway accept websockets and say nothing on any, not even when one closes; or let it speak again."""
        self._thread.call(lambda: self._gateway.mute(muted=mute))

    def allow_sessions(self, left: int, reset_after: float) -> None:
        """Let the bot identify so many times more, and say that this changes in `reset_after` seconds.

        It changes only by another call. A bot that identifies nevertheless loses its token (close code 4004).
        """
        self._gateway.sessions_left, self._gateway.sessions_reset_after = left, reset_after

    def disallow_members_intent(self) -> None:
        """From now on the members intent closes the socket with 4014, as without the portal's switch."""
        self._gateway.allow_privileged = False


def _token(bot_id: int) -> str:
    """A token in the shape of Discord's: the id, then two parts that mean nothing here."""
    return f"{base64.b64encode(str(bot_id).encode()).decode().rstrip('=')}.sandbox.{'loopback' * 4}"
