"""What may go wrong with Discord, arranged from any thread: failing requests, limits, a gateway that is away."""

from boostmon.sandbox.faults import Faults, Kind
from boostmon.sandbox.gateway import Gateway
from boostmon.sandbox.limits import Limits, RateLimits
from boostmon.sandbox.loopthread import LoopThread


class Troubles:
    """The part of `LoopbackDiscord` that makes trouble."""

    _thread: LoopThread
    _faults: Faults
    _limits: RateLimits
    _gateway: Gateway

    def fail(self, kind: Kind, method: str = "*", path: str = "*", times: int | None = 1) -> None:
        """Let something go wrong; see `faults`."""
        self._thread.call(lambda: self._faults.arm(kind, method, path, times))

    @property
    def struck(self) -> dict[str, int]:
        """How many faults struck a request so far, by kind."""
        return self._thread.call(lambda: dict(self._faults.struck))

    def heal(self) -> None:
        """Disarms every fault."""
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
        self._gateway.disallow_members()
