"""Which client speaks to Discord in this process, and on which event loop."""

import asyncio
from collections.abc import Callable

import nextcord

type ClientNow = Callable[[], nextcord.Client | None]
type LoopNow = Callable[[], asyncio.AbstractEventLoop | None]


def _none_yet() -> None:
    return None


class Connection:
    """Where the adapters find the client at each request, whoever logs in: the bot, or a `RestSession`."""

    def __init__(self) -> None:
        self._client: ClientNow = _none_yet
        self._loop: LoopNow = _none_yet

    def attach(self, client: ClientNow, loop: LoopNow) -> None:
        """From now on requests go by what these give at the time."""
        self._client, self._loop = client, loop

    def client(self) -> nextcord.Client | None:
        """The client, or None while there is none."""
        return self._client()

    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Its event loop, or None while there is none."""
        return self._loop()
