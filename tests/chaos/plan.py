"""What is to happen in a run: commands and mishaps, each at its second, all from one seed.

The plan is the same each time for the same seed and length; how the processes interleave under it is not.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from boostmon.sandbox.faults import Kind, Latency, LostAnswer, Refusal, Throttle

MEMBERS = ("@alice", "@bob", "@carol", "@dave", "@erin", "@fay", "@gus", "@hal", "@ivy", "@joe", "@kim", "@lou")
"""@dave takes no direct messages."""
ROLES = ("VIP", "Supporter", "Gold", "Silver")
BYSTANDER = "Bystander"
"""A role that nobody times: it is given and taken by hand alone."""
RULED, RULED_SECONDS = "Newcomer", 8 * 60
"""A role whose rule starts a timer of so many simulated seconds, whoever gives it."""
ACTORS = ("@mod", "@owner", "@staff")
OTHER_BOT = "@Patron"
KEPT_BACK = 0.12
"""The share of a run at its end in which nothing is killed or stopped any more: what is broken is to be noticed."""

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Order:
    """A command that somebody types, `at` real seconds after the beginning."""

    at: float
    actor: str
    verb: str
    member: str
    role: str
    seconds: int = 0
    channel: str | None = None
    keep: bool = False

    @property
    def line(self) -> str:
        """As it is typed."""
        words = [f"/{self.verb} user:{self.member} role:{self.role}"]
        if self.seconds:
            words.append(f"duration:{self.seconds}s")
        if self.channel is not None:
            words.append(f"channel:{self.channel}")
        if self.keep:
            words.append("keep_role:True")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Deed:
    """A role that a person or another bot gives or takes by hand."""

    at: float
    gives: bool
    member: str
    role: str
    by: str


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that is armed for one request."""

    at: float
    kind: Kind
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something bigger that goes wrong, for `length` real seconds where it lasts. `what` names it, `subject` whom."""

    at: float
    what: str
    subject: str = ""
    length: float = 0.0


type Event = Order | Deed | Strike | Mishap


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's events in their order."""

    seed: int
    length: float
    events: Sequence[Event] = field(repr=False)


def plan(seed: int, *, length: float, orders: int, strikes: int, deeds: int) -> Plan:
    """The plan of a seed, within `length` real seconds.

    It has `orders` commands, `strikes` faults of requests and `deeds` by hand, and as many mishaps as fit.
    """
    chance = random.Random(seed)  # noqa: S311 - to be repeatable is the point
    events: list[Event] = [_order(chance, chance.uniform(0, length)) for _ in range(orders)]
    events += [_strike(chance, chance.uniform(0, length * 0.95)) for _ in range(strikes)]
    events += _mishaps(chance, length)
    # By a chance of their own, so that the rest of a seed stays as it was.
    others = random.Random(f"others {seed}")  # noqa: S311 - as above
    events += [_deed(others, others.uniform(0, length)) for _ in range(deeds)]
    events += [_long_order(others, others.uniform(0, length)) for _ in range(deeds // 4)]
    events += _mishaps_of_others(others, length)
    return Plan(seed, length, sorted(events, key=lambda event: event.at))


def _order(chance: random.Random, at: float) -> Order:
    verb = chance.choices(
        ("settime", "addtime", "removetime", "pausetime", "resumetime", "cleartime"), (34, 18, 14, 9, 14, 11)
    )[0]
    seconds = 0
    if verb in {"settime", "addtime", "removetime"}:
        seconds = chance.choice((20, 45, 90, 2 * MINUTE, 5 * MINUTE, 11 * MINUTE, 15 * MINUTE, 30 * MINUTE))
        if verb == "settime" and chance.random() < 0.1:
            seconds = 61 * MINUTE
    return Order(
        at,
        actor=chance.choice(ACTORS),
        verb=verb,
        member=chance.choice(MEMBERS),
        role=chance.choice(ROLES),
        seconds=seconds,
        channel=chance.choice(("#warnings", "#general", None)) if verb == "settime" else None,
        keep=verb == "cleartime" and chance.random() < 0.2,
    )


def _long_order(chance: random.Random, at: float) -> Order:
    """For a timer that is still there in the end, if nothing happens to its role."""
    member, role = chance.choice(MEMBERS), chance.choice(ROLES)
    return Order(at, chance.choice(ACTORS), "settime", member, role, seconds=24 * 60 * MINUTE)


def _deed(chance: random.Random, at: float) -> Deed:
    role = chance.choice((*ROLES, RULED, RULED, BYSTANDER, BYSTANDER))
    return Deed(at, chance.random() < 0.55, chance.choice(MEMBERS), role, chance.choice((*ACTORS, OTHER_BOT)))


TAKE, GIVE, SEND = ("DELETE", "/guilds/*/roles/*"), ("PUT", "/guilds/*/roles/*"), ("POST", "/channels/*/messages")
OPEN, REPLY, EDIT = (
    ("POST", "/users/@me/channels"),
    ("POST", "/interactions/*"),
    ("PATCH", "/webhooks/*"),
)


def _strike(chance: random.Random, at: float) -> Strike:
    method, path = chance.choices((TAKE, GIVE, SEND, OPEN, REPLY, EDIT), (34, 22, 24, 2, 8, 10))[0]
    kinds: list[tuple[Kind, int]] = [
        (Refusal(chance.choice((500, 502, 503, 504))), 26),
        (Throttle("user", round(chance.uniform(0.1, 3), 2)), 10),
        (Throttle("shared", round(chance.uniform(0.1, 2), 2)), 8),
        (Throttle("global", round(chance.uniform(0.1, 1), 2)), 4),
        (Throttle("user", round(chance.uniform(0.1, 2), 2), via=False), 3),
        (LostAnswer(round(chance.uniform(0, 1.5), 2)), 26),
        (Latency(round(chance.uniform(0.05, 3), 2)), 20),
    ]
    if (method, path) in {TAKE, GIVE}:
        kinds.append((Refusal(403, 50013, "Missing Permissions"), 4))
    return Strike(at, chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0], method, path)


def _mishaps(chance: random.Random, length: float) -> Iterator[Mishap]:
    """In each stretch of about half a minute everything happens at least once, in an order of its own."""
    stretches = max(round(length / 25), 1)
    each = length * (1 - KEPT_BACK) / stretches
    for number in range(stretches):
        begins = number * each

        def when(share: float = 1.0, begins: float = begins) -> float:
            return begins + chance.uniform(0, each * share)

        yield Mishap(when(), "kill", "bot")
        yield Mishap(when(), "kill", "sweeper")
        if number % 2:
            yield Mishap(when(), "kill", chance.choice(("bot", "sweeper")))
        yield Mishap(when(), "restart the database", chance.choice(("fast", "immediate")), chance.uniform(0.1, 1.5))
        for _ in range(2):
            yield Mishap(when(), "end all sessions")
        yield Mishap(when(), "drop the gateway", chance.choice(("", "1001", "4000", "forget")))
        yield Mishap(when(), "ask to reconnect")
        yield Mishap(when(), "refuse the gateway", "", chance.uniform(0.3, 2))
        yield Mishap(when(0.7), "deny manage-roles", "", chance.uniform(0.3, each * 0.25))
        yield Mishap(when(0.7), "raise a role", chance.choice(ROLES), chance.uniform(0.3, each * 0.25))


def _mishaps_of_others(chance: random.Random, length: float) -> Iterator[Mishap]:
    """What members and other bots do, and what is not heard of it, in each stretch of about half a minute."""
    stretches = max(round(length / 25), 1)
    each = length * (1 - KEPT_BACK) / stretches
    for begins in (number * each for number in range(stretches)):

        def when(begins: float = begins) -> float:
            return begins + chance.uniform(0, each * 0.7)

        for member in chance.sample(MEMBERS, 3):
            yield Mishap(when(), "leave", member, chance.uniform(0.2, each * 0.4))
        # Not "silent": what is written without being sent is noticed by nobody yet.
        for how in ("off", "off"):
            yield Mishap(when(), "audit log", how, chance.uniform(0.5, each * 0.3))
        yield Mishap(when(), "deny view-audit-log", "", chance.uniform(0.5, each * 0.3))
        yield Mishap(when(), "another bot takes back", chance.choice((*ROLES, RULED)), chance.uniform(1, each * 0.4))
