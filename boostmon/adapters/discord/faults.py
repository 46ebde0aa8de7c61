"""What went wrong with a request to Discord, and what that means for a role or a notice.

The codes and their meanings are those of Discord's table of JSON error codes.
"""

import asyncio
import math
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import nextcord

from boostmon.adapters.discord.bridge import LoopNotRunning
from boostmon.domain.outcomes import AlreadyGone, Blocked, Gone, Held, Retry
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier

LONGEST_WAIT = timedelta(hours=1)
"""No Retry-After is believed beyond this: what Discord asks for is seconds, its worst ban an hour."""

UNKNOWN_GUILD = 10004
UNKNOWN_CHANNEL = 10003
UNKNOWN_MEMBER = 10007
UNKNOWN_ROLE = 10011
UNKNOWN_USER = 10013
OPENING_DMS_TOO_FAST = 40003
MISSING_ACCESS = 50001
CANNOT_SEND_TO_USER = 50007
EMPTY_MESSAGE = 50006
MISSING_PERMISSIONS = 50013
INVALID_ROLE = 50028
THREAD_ARCHIVED = 50083
NO_MUTUAL_GUILD = 50278
THREAD_LOCKED = 160005

_GONE = {
    UNKNOWN_MEMBER: Gone.MEMBER,
    UNKNOWN_USER: Gone.MEMBER,  # the account itself was deleted
    UNKNOWN_ROLE: Gone.ROLE,
}
_OBSTACLES = {
    UNKNOWN_GUILD: Obstacle.GUILD_GONE,
    MISSING_ACCESS: Obstacle.GUILD_GONE,
    MISSING_PERMISSIONS: Obstacle.MISSING_PERMISSIONS,
    INVALID_ROLE: Obstacle.ROLE_NOT_ASSIGNABLE,
}
CLOSED_DMS = frozenset({CANNOT_SEND_TO_USER, NO_MUTUAL_GUILD})
"""The member takes no direct messages from the bot."""

_BARRIERS = {
    CANNOT_SEND_TO_USER: Barrier.DMS_CLOSED,
    NO_MUTUAL_GUILD: Barrier.NOTHING_SHARED,
    UNKNOWN_USER: Barrier.ACCOUNT_GONE,
    UNKNOWN_CHANNEL: Barrier.CHANNEL_GONE,
    MISSING_ACCESS: Barrier.CHANNEL_UNSEEN,
    MISSING_PERMISSIONS: Barrier.CHANNEL_FORBIDDEN,
    # Without Embed Links Discord drops what a message to the log channel consists of, and calls the rest empty.
    EMPTY_MESSAGE: Barrier.CHANNEL_FORBIDDEN,
    THREAD_ARCHIVED: Barrier.THREAD_CLOSED,
    THREAD_LOCKED: Barrier.THREAD_CLOSED,
}

DM_PAUSE = timedelta(minutes=5)
"""How long no direct message is opened after Discord called it too fast. It publishes no number; the next step of its
is to restrict the bot, so this is on the safe side."""

UNAUTHORIZED = 401
"""The bot's token counts no more: that is no server's business, and the operator's alone to mend."""
TOKEN_PAUSE = timedelta(minutes=1)
"""How long a role is left alone after that: until it is mended, each request is one that Discord counts as invalid."""
TOO_MANY = 429
_MAY_PASS = frozenset({408, 425, TOO_MANY})
"""The 4xx codes that are temporary and not the request's fault: a proxy's timeout, too early, too many."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord understood the request and says no; asking again the same way does not help.

    `code` is Discord's own (0: none was given), `status` that of HTTP.
    """

    status: int
    code: int
    error: str


@dataclass(frozen=True, slots=True)
class Later:
    """The result is unknown, or the failure is temporary: not to be retried before `after` has passed.

    `is_unsent` says that the request certainly never reached Discord.
    """

    error: str
    after: timedelta = timedelta(0)
    is_unsent: bool = False


type Fault = Refused | Later | Held


class OddAnswer(nextcord.DiscordException):
    """Something answered that is not Discord's API, or Discord's answer was cut short: a proxy's page, half a JSON.

    Whether Discord served the request is not known.
    """


class Faulty(Exception):
    """A request that was not even sent, because its `fault` is known beforehand."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.error)
        self.fault = fault


def fault_of(error: Exception) -> Fault | None:
    """What kind of fault an exception is; None when it is not one of the network or of Discord, but a bug."""
    match error:
        case nextcord.HTTPException():
            return _fault_of_answer(error)
        case Faulty(fault=fault):
            return fault
        case TimeoutError():
            return Later("Discord did not answer in time")
        case (
            OddAnswer()
            | nextcord.HTTPInternalCancelled()
            | LoopNotRunning()
            | RuntimeError(args=("Session is closed",))
        ):
            # The last is aiohttp's, for a request after the end.
            return Later(_line(error))
        case aiohttp.ClientError() | OSError() | asyncio.IncompleteReadError():
            is_unsent = isinstance(error, aiohttp.ClientConnectorError)
            return Later(f"Discord could not be reached: {_line(error)}", is_unsent=is_unsent)
        case _:
            return None


def _fault_of_answer(error: nextcord.HTTPException) -> Fault:
    if error.code == OPENING_DMS_TOO_FAST:
        return Later(_line(error), max(_retry_after(error), DM_PAUSE))
    wait = _retry_after(error)
    if error.status == TOO_MANY and wait > timedelta(0):
        return Held(_line(error), wait)
    if error.status >= 500 or error.status in _MAY_PASS:
        return Later(_line(error), wait)
    return Refused(error.status, error.code, _line(error))


def outcome_of(fault: Fault) -> AlreadyGone | Blocked | Retry | Held:
    """What a failed change of a member's role means for its timer."""
    match fault:
        case Held():
            return fault
        case Later(error=error, after=after):
            return Retry(error, after)
        case Refused(status=status, error=error) if status == UNAUTHORIZED:
            return Retry(error, TOKEN_PAUSE)
        case Refused(code=code, error=error) if code in _GONE:
            return AlreadyGone(_GONE[code], error)
        case Refused(code=code, error=error):
            return Blocked(_OBSTACLES.get(code, Obstacle.REFUSED), error)


def barrier_of(code: int) -> Barrier:
    """What Discord's code for a refused message means for people."""
    return _BARRIERS.get(code, Barrier.UNKNOWN)


def _retry_after(error: nextcord.HTTPException) -> timedelta:
    """The wait that the answer asked for; zero when it asked for none that makes sense."""
    headers = error.response.headers
    for name in ("Retry-After", "X-RateLimit-Reset-After"):
        try:
            seconds = float(headers[name])
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds) and seconds > 0:
            return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
    return timedelta(0)


def _line(error: Exception) -> str:
    """The error as one line of a log or of the ledger."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
