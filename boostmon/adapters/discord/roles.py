"""`RoleGateway` on Discord's REST API."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from boostmon.adapters.discord.bridge import LoopBridge, settle_each
from boostmon.adapters.discord.faults import fault_of, outcome_of
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.domain.ids import TimerKey
from boostmon.domain.outcomes import Done, Outcome, Retry

_log = logging.getLogger(__name__)

type _Act = Callable[[TimerKey, str], Awaitable[None]]


class DiscordRoleGateway:
    """Gives and takes roles, at most `limit` at a time, each within the timeout of `rest`.

    A request that was cut off may have been served: its outcome is `Retry`, and repeating it is harmless.
    """

    def __init__(self, rest: DiscordRest, bridge: LoopBridge, *, limit: int = 50) -> None:
        self._rest = rest
        self._bridge = bridge
        self._limit = limit

    def grant(self, key: TimerKey, reason: str) -> Outcome:
        """As the port says."""
        return self._all(self._rest.give_role, [key], reason)[0]

    def remove(self, keys: Sequence[TimerKey], reason: str) -> Sequence[Outcome]:
        """As the port says."""
        return self._all(self._rest.take_role, keys, reason)

    def _all(self, act: _Act, keys: Sequence[TimerKey], reason: str) -> list[Outcome]:
        async def one(key: TimerKey) -> Outcome:
            return await _outcome(act, key, reason)

        rounds = -(-len(keys) // self._limit)
        # One round more than the requests may take: a busy loop is no reason to doubt what Discord confirmed.
        timeout = (rounds + 1) * self._rest.timeout
        return settle_each(self._bridge, keys, one, limit=self._limit, timeout=timeout, unsettled=Retry)


async def _outcome(act: _Act, key: TimerKey, reason: str) -> Outcome:
    try:
        await act(key, reason)
    except Exception as error:  # noqa: BLE001 - the port promises that one key's failure never costs the others theirs
        fault = fault_of(error)
        if fault is None:
            _log.exception("unexpected failure of a role change", extra={"timer": key})
            return Retry(f"unexpected: {type(error).__name__}")
        return outcome_of(fault)
    return Done()
