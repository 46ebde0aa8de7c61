"""Other processes with the same token: each command belongs to the one that acknowledges it first.

Two processes are two chances that a command is answered; nothing has to be agreed on, and nothing be lost when one is
killed. But one that keeps coming second does work for nothing. So it holds back a little, until it is first again,
because the other is gone or stuck.
"""

import asyncio
import logging

import nextcord

_log = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED = 40060
HOLD_BACK = 0.15
"""Seconds: longer than the other takes to acknowledge, and little of the three that Discord waits."""
TELL_EVERY = 3600.0


class Rivals:
    """What this process knows of the others. For one event loop."""

    def __init__(self) -> None:
        self.comes_second = False
        """Whether another process was first at the last command."""
        self._told_at = float("-inf")

    async def hold_back(self) -> None:
        """Lets another process go first, if there was one lately."""
        if self.comes_second:
            await asyncio.sleep(HOLD_BACK)

    def came_first(self) -> None:
        """Discord took an acknowledgement of this process."""
        self.comes_second = False

    def was_beaten(self, error: Exception) -> bool:
        """Whether Discord refused an acknowledgement because it has one already; the command is the other's then."""
        if not (isinstance(error, nextcord.HTTPException) and error.code == ALREADY_ACKNOWLEDGED):
            return False
        self.comes_second = True
        now = asyncio.get_running_loop().time()
        if now - self._told_at >= TELL_EVERY:
            self._told_at = now
            _log.info("another process answers commands with this token, and was first; this one stands by")
        else:
            _log.debug("another process was first to answer a command")
        return True
