"""`RoleGateway` on Discord's REST API."""

import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import override

from boostmon.adapters.discord.absences import Absences
from boostmon.adapters.discord.bridge import LoopBridge, settle_each
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.faults import Later, Refused, fault_of, outcome_of
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import AuditReason, RoleCensus, RoleGateway
from boostmon.domain.ids import GuildId, RoleId, TimerKey
from boostmon.domain.outcomes import Done, Held, Outcome, Retry
from boostmon.texts import Language, Words, words_of
from boostmon.texts.audit import audit_reason

_log = logging.getLogger(__name__)

_SLACK = 5.0
"""Seconds: a busy loop is no reason to doubt what Discord answered."""

type _Act = Callable[[TimerKey, str], Awaitable[None]]
type _Settled = tuple[Outcome, float]


class DiscordRoleGateway(RoleGateway, RoleCensus):
    """Gives and takes roles, at most `limit` at a time, each within the timeout of `rest`.

    A request that was cut off may have been served: its outcome is `Retry`, and repeating it is harmless.

    `language` tells, on the client's loop, in which language a guild is spoken to that is not known to have decided.
    It is asked for each role, so it must not wait for anything.
    """

    def __init__(
        self,
        rest: DiscordRest,
        bridge: LoopBridge,
        language: Callable[[GuildId], Language],
        *,
        wording: Callable[[AuditReason, Words], str] = audit_reason,
        limit: int = 50,
    ) -> None:
        self._rest = rest
        self._bridge = bridge
        self._language = language
        self._wording = wording
        self._limit = limit
        self._absences = Absences(rest.is_in)

    @override
    def grant(self, key: TimerKey, reason: AuditReason) -> Outcome:
        return self.grant_all([key], reason)[0]

    @override
    def grant_all(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return self._all(self._rest.give_role, keys, reason, self._rest.grants)

    @override
    def remove(self, keys: Sequence[TimerKey], reason: AuditReason) -> Sequence[Outcome]:
        return self._all(self._rest.take_role, keys, reason, self._rest.removals)

    @override
    def gone(self, guild: GuildId, roles: Collection[RoleId]) -> Collection[RoleId]:
        try:
            timeout = self._rest.timeout + PATIENCE[Priority.NOTICE].queue + _SLACK
            answer = self._bridge.call(lambda: self._rest.guild(guild), timeout)
            there = {int(role["id"]) for role in answer["roles"]}
        except Exception as error:
            match fault_of(error):
                case Refused():
                    return frozenset()
                case Later(error=line) | Held(error=line):
                    raise DiscordUnreachable(line) from error
                case _:
                    raise DiscordUnreachable(f"an odd answer: {error!r}") from error
        if int(guild) not in there:  # @everyone, which no guild is without
            raise DiscordUnreachable("a list of roles without @everyone")
        return {role for role in roles if int(role) not in there}

    def _all(self, act: _Act, keys: Sequence[TimerKey], reason: AuditReason, priority: Priority) -> list[Outcome]:
        async def one(key: TimerKey) -> _Settled:
            outcome = await self._outcome(act, key, reason)
            return outcome, time.monotonic()

        rounds = -(-len(keys) // self._limit)
        # One round more than the requests may take: a busy loop is no reason to doubt what Discord confirmed.
        timeout = (rounds + 1) * (self._rest.timeout + PATIENCE[priority].queue)
        settled = settle_each(self._bridge, keys, one, limit=self._limit, timeout=timeout, unsettled=_without_answer)
        now = time.monotonic()
        return [_as_of(now, outcome, at) for outcome, at in settled]

    async def _outcome(self, act: _Act, key: TimerKey, reason: AuditReason) -> Outcome:
        if (known := self._absences.answer(key.guild)) is not None:
            return known
        try:
            words = words_of(reason.language or self._language(key.guild))
            await act(key, self._wording(reason, words))
        except Exception as error:  # noqa: BLE001 - the port promises that a key's failure never costs others theirs
            fault = fault_of(error)
            if fault is None:
                _log.exception("unexpected failure of a role change", extra={"timer": key})
                return Retry(f"unexpected: {type(error).__name__}")
            outcome = outcome_of(fault)
            self._absences.hear(key.guild, outcome)
            return outcome
        return Done()


def _without_answer(why: str) -> _Settled:
    return Retry(why), time.monotonic()


def _as_of(now: float, outcome: Outcome, at: float) -> Outcome:
    """A wait counts from the moment it was told: while the others of a batch were served, some of it has passed."""
    if not isinstance(outcome, Held):
        return outcome
    return Held(outcome.error, max(outcome.after - timedelta(seconds=now - at), timedelta(0)))
