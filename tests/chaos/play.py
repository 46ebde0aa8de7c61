"""Plays a plan: a Discord on loopback, one PostgreSQL, two processes of BoostMon, and everything that goes wrong."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
import psycopg

from boostmon.adapters.clock import SpedUpClock, SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.sandbox.answer import Answer, PostedMessage
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.errors import CannotDo, SandboxError
from boostmon.sandbox.server import LoopbackDiscord
from tests.chaos import audit
from tests.chaos.audit import Books, Key, Row
from tests.chaos.crew import Crew
from tests.chaos.others import Last, unfollowed
from tests.chaos.plan import (
    BYSTANDER,
    MEMBERS,
    OTHER_BOT,
    ROLES,
    RULED,
    RULED_SECONDS,
    Deed,
    Mishap,
    Order,
    Plan,
    Strike,
)
from tests.chaos.witness import Handed, Logged, Witness, logged
from tests.support.patience import PATIENCE
from tests.support.postgres import embedded_postgres, end_other_sessions, own_migrations, reachable_folder

SPEED = 120.0
"""Simulated seconds in a real one: a minute's run is two hours."""
QUIET_SECONDS = 45.0
"""Real seconds after the healing within which everything due has to be over: an hour and a half of simulated time,
which is more than the longest wait between two attempts."""
JUST_OVER = timedelta(seconds=SPEED)
"""Simulated: what ended this shortly before the processes were stopped, they may not have come to."""
SAME_MOMENT = timedelta(seconds=0.05 * SPEED)
"""Simulated: the reading of two clocks within a transaction and around a request."""
STEADY_SECONDS = 1.0
TYPISTS = 24
ANSWER_SECONDS = 6.0
"""Real seconds after which a typist gives up; what the command did is read from the ledger."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command and what came back (None: a client would not have sent it)."""

    order: Order
    answer: Answer | None

    @property
    def succeeded(self) -> bool:
        """Whether everybody was told that it was carried out; problems are whispered."""
        return self.answer is not None and bool(self.answer.messages) and not self.answer.hidden


@dataclass(frozen=True, slots=True)
class Run:
    """All that is known of a run once it is over. Instants are simulated ones unless said otherwise."""

    plan: Plan
    origin: datetime
    healed: datetime
    finished: datetime
    typed: Sequence[Typed]
    books: Books
    requests: Sequence[RecordedRequest]
    messages: Mapping[str, Sequence[PostedMessage]]
    held: frozenset[Key]
    by_hand: Sequence[Handed]
    logged: Sequence[Logged]
    faults: Mapping[str, int]
    kills: Sequence[datetime]
    deaths: Sequence[str]
    outputs: Sequence[str]
    left_claims: int
    complaints: Sequence[str]
    diary: Sequence[str] = field(repr=False)

    def simulated(self, real: datetime) -> datetime:
        """The simulated instant of a real one."""
        return simulated(self.origin, real)


def simulated(origin: datetime, real: datetime) -> datetime:
    """The simulated instant of a real one, of a run that began at `origin`."""
    return origin + (real - origin) * SPEED


class Arena:
    """The Discord, the database and the processes of a run, while it lasts."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan = plan
        self.origin = SystemClock().now()
        self.clock = SpedUpClock(self.origin, SPEED)
        self.discord = LoopbackDiscord(self.clock.now)
        self.data_dir = folder / "pg"
        self.server = embedded_postgres(self.data_dir)
        self.url = self._database()
        self.discord.start()
        self._people()
        self.witness = self.discord.look(Witness)
        self.crew = Crew(
            {
                "DISCORD_TOKEN": self.discord.token,
                "BOOSTMON_DISCORD_API_URL": self.discord.url,
                "DATABASE_URL": self.url,
                "BOOSTMON_CLOCK_SPEED": str(SPEED),
                "BOOSTMON_CLOCK_ORIGIN": self.origin.isoformat(),
                "BOOSTMON_LEASE": "5s",
                "BOOSTMON_SWEEP_INTERVAL": "1s",
                "BOOSTMON_DATABASE_WAIT": "60s",
            },
            folder,
        )
        self.typed: list[Typed] = []
        self.mishaps: Counter[str] = Counter()
        self.complaints: list[str] = []
        self.diary: list[str] = []
        self._typists = ThreadPoolExecutor(TYPISTS, thread_name_prefix="typist")
        self._lasting = ThreadPoolExecutor(8, thread_name_prefix="mishap")
        self._healing = threading.Event()
        self._database_lock = threading.Lock()
        self._deeds: dict[str, Callable[[Mishap], None]] = {
            "kill": lambda mishap: self.crew.kill(mishap.subject),
            "restart the database": self._restart_database,
            "end all sessions": lambda _: self._end_sessions(),
            "drop the gateway": self._drop_gateway,
            "ask to reconnect": lambda _: self.discord.ask_to_reconnect(),
            "refuse the gateway": self._refuse_gateway,
            "deny manage-roles": self._deny,
            "raise a role": self._raise_role,
            "deny view-audit-log": self._deny,
            "leave": self._leave,
            "audit log": self._hush,
            "another bot takes back": self._undo,
        }

    def _database(self) -> str:
        url = self.server.start()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
            # Tests' servers do not wait for commits; here one that was answered has to survive a crash of the server.
            connection.execute("ALTER DATABASE boostmon SET synchronous_commit = on")
        self.server.stop()
        url = self.server.start()
        Migrator(url, own_migrations()).apply()
        audit.install(url)
        return url

    def _people(self) -> None:
        known = self.discord.look(lambda world: {f"@{user.name}" for user in world.backend.users.values()})
        for member in MEMBERS:
            if member not in known:
                self.discord.change(partial(_join, member=member))
        for role in (*ROLES[2:], RULED, BYSTANDER):
            self.discord.change(partial(_create, role=role))
        self.discord.change(lambda changes: changes.add_bot(OTHER_BOT, by="@owner"))

    # ------------------------------------------------------------------ the plan

    def play(self) -> None:
        """Starts the processes and lets the plan happen."""
        self.crew.start()
        self.crew.wait_until_at_work()
        self.discord.wait_until(self.discord.ready, PATIENCE, "the bot")
        # So that news of obstacles are owed, too.
        self.discord.command("@owner", "/timersettings log channel:#general")
        self.discord.command("@owner", f"/timerrule set role:@{RULED} starts:True duration:{RULED_SECONDS}s")
        began = time.monotonic()
        pause = threading.Event()
        for event in self.plan.events:
            pause.wait(max(began + event.at - time.monotonic(), 0))
            match event:
                case Order():
                    self._typists.submit(self._type, event)
                case Deed():
                    self._typists.submit(self._do, event)
                case Strike(kind=kind, method=method, path=path):
                    self.discord.fail(kind, method, path)
                case Mishap():
                    self.mishaps[event.what] += 1
                    self._lasting.submit(self._happen, event)

    def _type(self, order: Order) -> None:
        try:
            answer = self.discord.command(order.actor, order.line, timeout=ANSWER_SECONDS)
            if answer.hidden and len(answer.buttons) == 2:  # it asks whether so much is to be taken away
                yes, _ = answer.buttons
                answer = self.discord.press(order.actor, yes.label, timeout=ANSWER_SECONDS, on=answer)
        except SandboxError:
            answer = None
        except Exception as error:  # noqa: BLE001 - shown with the violations
            self.complaints.append(f"{order.line!r} could not be typed: {error!r}")
            return
        self.typed.append(Typed(order, answer))

    def _do(self, deed: Deed) -> None:
        def hand(changes: Changes) -> str | None:
            return (changes.give if deed.gives else changes.take)(deed.member, f"@{deed.role}", by=deed.by)

        try:
            with suppress(CannotDo):  # whoever has left has no roles
                self.discord.change(hand)
        except Exception as error:  # noqa: BLE001 - shown with the violations
            self.complaints.append(f"{deed} could not be done: {error!r}")

    def _happen(self, mishap: Mishap) -> None:
        self._note(f"{mishap.what} {mishap.subject} for {mishap.length:.2f} s")
        try:
            self._deeds[mishap.what](mishap)
            self._note(f"over: {mishap.what} {mishap.subject}")
        except Exception as error:  # noqa: BLE001 - shown with the violations
            self.complaints.append(f"{mishap} could not be staged: {error!r}")

    def _note(self, what: str) -> None:
        self.diary.append(f"{SystemClock().now():%H:%M:%S.%f} {what}")

    # ------------------------------------------------------------------ mishaps

    def _restart_database(self, mishap: Mishap) -> None:
        with self._database_lock:
            self._stop_database(signal.SIGQUIT if mishap.subject == "immediate" else signal.SIGINT)
            self._healing.wait(mishap.length)
            self.server.start()

    def _stop_database(self, number: signal.Signals) -> None:
        [pid_file] = self.data_dir.glob("postgresql-*/**/postmaster.pid")
        postmaster = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        os.kill(postmaster.pid, number)
        psutil.wait_procs([postmaster], timeout=20)

    def _end_sessions(self) -> None:
        with self._database_lock:
            end_other_sessions(self.url)

    def _drop_gateway(self, mishap: Mishap) -> None:
        code = int(mishap.subject) if mishap.subject.isdecimal() else None
        self.discord.drop_gateway(code, forget_sessions=mishap.subject == "forget")

    def _refuse_gateway(self, mishap: Mishap) -> None:
        self.discord.refuse_gateway(refuse=True)
        self.discord.drop_gateway()
        self._healing.wait(mishap.length)
        self.discord.refuse_gateway(refuse=False)

    def _deny(self, mishap: Mishap) -> None:
        permission = mishap.what.removeprefix("deny ")
        self.discord.change(lambda changes: changes.set_permission(permission, allowed=False))
        self._healing.wait(mishap.length)
        self.discord.change(lambda changes: changes.set_permission(permission, allowed=True))

    def _raise_role(self, mishap: Mishap) -> None:
        self.discord.change(lambda changes: changes.move_role(mishap.subject, "BoostMon", above=True))
        self._healing.wait(mishap.length)
        self.discord.change(lambda changes: changes.move_role(mishap.subject, "everyone", above=True))

    def _leave(self, mishap: Mishap) -> None:
        try:
            self.discord.change(lambda changes: changes.leave(mishap.subject))
        except CannotDo:
            return  # gone already
        self._healing.wait(mishap.length)
        self.discord.change(lambda changes: changes.join(mishap.subject))

    def _hush(self, mishap: Mishap) -> None:
        self.discord.change(lambda changes: changes.keep_audit_log(mishap.subject))
        self._healing.wait(mishap.length)
        self.discord.change(lambda changes: changes.keep_audit_log("on"))

    def _undo(self, mishap: Mishap) -> None:
        self.discord.change(lambda changes: changes.undo(mishap.subject, OTHER_BOT, given=True))
        self._healing.wait(mishap.length)
        self.discord.change(lambda changes: changes.undo_nothing())

    # ------------------------------------------------------------------ the end

    def heal(self) -> None:
        """Ends every fault, and gives what the dead had claimed back to the living.

        A lease is counted in real time by the database, which no simulated clock shortens: while nobody runs, the
        leases of those that were killed are made to have run out.
        """
        self._healing.set()
        self._lasting.shutdown()
        self.discord.heal()
        self._typists.shutdown()
        self._stop_all("in the middle")
        with psycopg.connect(self.url, autocommit=True) as connection:
            for table in ("boostmon.timers", "boostmon.notices"):
                connection.execute(f"UPDATE {table} SET leased_until = now() WHERE leased_until IS NOT NULL")
        self.crew.start()
        self.crew.wait_until_at_work()

    def wait_until_quiet(self) -> None:
        """Until nothing is due any more, for a while; complains if that does not come."""
        deadline = time.monotonic() + QUIET_SECONDS
        steady_since = None
        pause = threading.Event()
        with psycopg.connect(self.url, autocommit=True) as connection:
            while True:
                rest = self._unrest(connection)
                now = time.monotonic()
                steady_since = None if rest else steady_since or now
                if steady_since is not None and now - steady_since >= STEADY_SECONDS:
                    return
                if now > deadline:
                    self.complaints.append(f"not quiet {QUIET_SECONDS:g} s after the healing: " + "; ".join(rest))
                    return
                pause.wait(0.1)

    def _unrest(self, connection: psycopg.Connection) -> list[str]:
        now = self.clock.now()
        rest = [str(row) for row in audit.left(connection) if _is_over(row, now) or row.is_claimed]
        notices = connection.execute(
            "SELECT notice_id, kind, attempts, last_error, due_at FROM boostmon.notices"
        ).fetchall()
        return rest + [f"notice {notice}" for notice in notices] + list(self._unfollowed(connection))

    def _unfollowed(self, connection: psycopg.Connection) -> Iterator[str]:
        lasts = {
            key: Last(simulated(self.origin, committed) + SAME_MOMENT, has_timer)
            for key, (committed, has_timer) in audit.last_changes(connection).items()
        }
        bot, entries = self.discord.look(lambda world: (world.bot_id, logged(world)))
        return unfollowed(
            [one for one in entries if one.by != bot], lasts, self._held(), {self.discord.id_of(f"@{RULED}")}
        )

    def _stop_all(self, when: str) -> None:
        try:
            ended = self.crew.stop()
        except AssertionError as error:
            self.complaints.append(f"a process could not be stopped {when}: {str(error)[-1500:]}")
            return
        for name, one in ended.items():
            if one.code != 0:
                self.complaints.append(f"{name}, stopped {when}, ended with {one.code}: {one.output[-1500:]}")

    def finish(self, healed: datetime) -> Run:
        """Stops the processes and collects what there is to know."""
        finished = self.clock.now()
        self._stop_all("at the end")
        with psycopg.connect(self.url, autocommit=True) as connection:
            claims = connection.execute(
                "SELECT FROM boostmon.timers WHERE claim_token IS NOT NULL UNION ALL SELECT FROM boostmon.notices "
                "WHERE claim_token IS NOT NULL"
            ).rowcount
        self.crew.close()
        places = {f"DM {member}": self.discord.dms(member) for member in MEMBERS}
        places |= {channel: self.discord.messages(channel) for channel in ("#general", "#warnings")}
        return Run(
            self.plan,
            self.origin,
            healed,
            finished,
            tuple(self.typed),
            audit.read(self.url),
            self.discord.requests,
            places,
            self._held(),
            self.discord.look(lambda _: tuple(self.witness.seen)),
            self.discord.look(logged),
            Counter(self.discord.struck) + self.mishaps,
            tuple(simulated(self.origin, at) for at in self.crew.kills),
            tuple(self.crew.deaths),
            tuple(self.crew.outputs),
            claims,
            tuple(self.complaints),
            tuple(self.diary),
        )

    def _held(self) -> frozenset[Key]:
        return frozenset(
            (self.discord.id_of(member), self.discord.id_of(f"@{role}"))
            for member in MEMBERS
            for role in (*ROLES, RULED, BYSTANDER)
            if f"@{role}" in self.discord.member_roles(member)
        )

    def close(self) -> None:
        """Leaves nothing behind."""
        self._healing.set()
        self._typists.shutdown(cancel_futures=True)
        self._lasting.shutdown(cancel_futures=True)
        self.crew.close()
        self.discord.close()
        self.server.stop()


def _join(changes: Changes, member: str) -> None:
    changes.join(member)


def _create(changes: Changes, role: str) -> None:
    changes.create_role(role)


def _is_over(row: Row, now: datetime) -> bool:
    return row.state == "ending" or (row.due_at is not None and row.due_at <= now + timedelta(seconds=1))


@contextmanager
def _arena(plan: Plan) -> Iterator[Arena]:
    with reachable_folder() as folder:
        arena = None
        try:
            arena = Arena(folder, plan)
            yield arena
        finally:
            if arena is not None:
                arena.close()
            left = EmbeddedPostgres(folder / "pg")
            if left.is_running():
                left.start()
                left.stop()


def play(plan: Plan) -> Run:
    """Plays a plan from the first process to the last."""
    with _arena(plan) as arena:
        arena.play()
        arena.heal()
        healed = arena.clock.now()
        arena.wait_until_quiet()
        return arena.finish(healed)
