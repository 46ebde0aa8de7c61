"""Every error code, status and exception has one meaning."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import nextcord
import pytest
from nextcord.http import RateLimitMigrating

from boostmon.adapters.discord.bridge import LoopNotRunning
from boostmon.adapters.discord.faults import (
    DM_PAUSE,
    LONGEST_WAIT,
    Fault,
    Faulty,
    Later,
    Refused,
    barrier_of,
    fault_of,
    outcome_of,
)
from boostmon.domain.outcomes import AlreadyGone, Blocked, Gone, Held, Retry
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier


@dataclass
class Response:
    """What nextcord's exceptions read of a response."""

    status: int
    reason: str = "Reason"
    headers: dict[str, str] = field(default_factory=dict)


def answer(
    status: int, code: int = 0, message: str = "No", headers: dict[str, str] | None = None
) -> nextcord.HTTPException:
    kinds: dict[int, type[nextcord.HTTPException]] = {
        401: nextcord.Unauthorized,
        403: nextcord.Forbidden,
        404: nextcord.NotFound,
    }
    kind = nextcord.DiscordServerError if status >= 500 else kinds.get(status, nextcord.HTTPException)
    response = cast("Any", Response(status, headers=headers or {}))
    return kind(response, {"code": code, "message": message})


def fault(error: Exception) -> Fault:
    found = fault_of(error)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("status", "code", "what"),
    [(404, 10007, Gone.MEMBER), (404, 10013, Gone.MEMBER), (404, 10011, Gone.ROLE)],
)
def test_nothing_to_remove(status: int, code: int, what: Gone) -> None:
    outcome = outcome_of(fault(answer(status, code)))
    assert isinstance(outcome, AlreadyGone)
    assert outcome.what is what
    assert str(code) in outcome.error


@pytest.mark.parametrize(
    ("status", "code", "obstacle"),
    [
        (404, 10004, Obstacle.GUILD_GONE),
        (403, 50001, Obstacle.GUILD_GONE),
        (403, 50013, Obstacle.MISSING_PERMISSIONS),
        (400, 50028, Obstacle.ROLE_NOT_ASSIGNABLE),
        (400, 50035, Obstacle.REFUSED),
        (403, 0, Obstacle.REFUSED),
        (404, 0, Obstacle.REFUSED),  # "404: Not Found" of a wrong route must never pass for a member who is gone
        (405, 0, Obstacle.REFUSED),
        (403, 40001, Obstacle.REFUSED),
    ],
)
def test_blocked_until_a_human_mends_it(status: int, code: int, obstacle: Obstacle) -> None:
    outcome = outcome_of(fault(answer(status, code, "Because")))
    assert isinstance(outcome, Blocked)
    assert outcome.obstacle is obstacle
    assert "Because" in outcome.error


def test_a_token_that_counts_no_more_is_nothing_that_a_server_could_mend() -> None:
    assert outcome_of(fault(answer(401))) == Retry(str(answer(401)), timedelta(minutes=1))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 520, 522, 599])
@pytest.mark.parametrize("code", [0, 10007, 50013])
def test_the_moment_was_bad(status: int, code: int) -> None:
    assert isinstance(outcome_of(fault(answer(status, code))), Retry)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionResetError(104, "Connection reset by peer"),
        OSError("no route"),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError(),
        asyncio.IncompleteReadError(b"", 1),
        LoopNotRunning("closed"),
        nextcord.HTTPInternalRatelimitLocked("locked"),
        nextcord.HTTPInternalCancelled("cancelled"),
    ],
)
def test_unknown_results_are_retried(error: Exception) -> None:
    outcome = outcome_of(fault(error))
    assert isinstance(outcome, Retry)
    assert outcome.error
    assert outcome.after == timedelta(0)


async def _asked_after_the_end() -> Exception:
    session = aiohttp.ClientSession()
    await session.close()
    with pytest.raises(RuntimeError) as raised:
        await session.get("http://127.0.0.1:1")
    return raised.value


def test_a_request_after_the_end_is_no_bug() -> None:
    assert isinstance(fault(asyncio.run(_asked_after_the_end())), Later)


@pytest.mark.parametrize("error", [ValueError("bug"), KeyError("id"), RateLimitMigrating("bug"), RuntimeError("bug")])
def test_bugs_are_not_faults(error: Exception) -> None:
    assert fault_of(error) is None


def test_what_was_known_beforehand() -> None:
    known = Refused(403, 50007, "closed")
    assert fault_of(Faulty(known)) is known


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "3"}, timedelta(seconds=3)),
        ({"Retry-After": "0.25"}, timedelta(milliseconds=250)),
        ({"Retry-After": "3", "X-RateLimit-Reset-After": "9"}, timedelta(seconds=3)),
        ({"X-RateLimit-Reset-After": "9"}, timedelta(seconds=9)),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "X-RateLimit-Reset-After": "9"}, timedelta(seconds=9)),
        ({"Retry-After": "1e300"}, LONGEST_WAIT),
        ({"Retry-After": "nan"}, timedelta(0)),
        ({"Retry-After": "inf"}, timedelta(0)),
        ({"Retry-After": "-5"}, timedelta(0)),
        ({"Retry-After": ""}, timedelta(0)),
        ({}, timedelta(0)),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(status: int, headers: dict[str, str], after: timedelta) -> None:
    outcome = outcome_of(fault(answer(status, headers=headers)))
    # What Discord held back was not tried; without a time to come back it is one more attempt, as after an error.
    is_held = status == 429 and after > timedelta(0)
    assert isinstance(outcome, Held if is_held else Retry)
    assert outcome.after == after


@pytest.mark.parametrize("status", [400, 403, 429])
def test_opening_dms_too_fast_pauses(status: int) -> None:
    found = fault(answer(status, 40003, headers={"Retry-After": "1"}))
    assert isinstance(found, Later)
    assert found.after == DM_PAUSE


def test_the_error_is_one_line_of_bounded_length() -> None:
    found = fault(answer(400, 50035, "Invalid\nForm\r\n Body " + "x" * 1000))
    assert "\n" not in found.error
    assert len(found.error) <= 300
    assert "Invalid Form Body" in found.error


def test_a_connection_that_was_never_opened_sent_nothing() -> None:
    where = cast("Any", SimpleNamespace(host="discord.test", port=443, ssl=True))
    refused = fault(aiohttp.ClientConnectorError(where, ConnectionRefusedError(111, "refused")))
    assert isinstance(refused, Later)
    assert refused.is_unsent
    lost = fault(aiohttp.ServerDisconnectedError())
    assert isinstance(lost, Later)
    assert not lost.is_unsent


@pytest.mark.parametrize(
    ("code", "barrier"),
    [
        (50007, Barrier.DMS_CLOSED),
        (50278, Barrier.NOTHING_SHARED),
        (10013, Barrier.ACCOUNT_GONE),
        (10003, Barrier.CHANNEL_GONE),
        (50001, Barrier.CHANNEL_UNSEEN),
        (50013, Barrier.CHANNEL_FORBIDDEN),
        (50006, Barrier.CHANNEL_FORBIDDEN),
        (50083, Barrier.THREAD_CLOSED),
        (160005, Barrier.THREAD_CLOSED),
        (50035, Barrier.UNKNOWN),
        (0, Barrier.UNKNOWN),
    ],
)
def test_what_a_refused_message_means_for_people(code: int, barrier: Barrier) -> None:
    assert barrier_of(code) is barrier
