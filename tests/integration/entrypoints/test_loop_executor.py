"""The event loop's threads: busy commands do not keep a request from finding its way."""

import asyncio
import threading

from boostmon.entrypoints.loop_executor import LoopExecutor

PATIENCE = 20.0


def test_an_address_is_found_while_commands_take_every_thread() -> None:
    may_end = threading.Event()

    async def main() -> tuple[list[object], list[bool]]:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(LoopExecutor(2))
        commands = [asyncio.create_task(asyncio.to_thread(may_end.wait, PATIENCE)) for _ in range(3)]
        await asyncio.sleep(0)  # each has asked for a thread after this
        try:
            async with asyncio.timeout(PATIENCE / 2):
                found = await loop.getaddrinfo("127.0.0.1", 443)
        finally:
            may_end.set()
        return [address for *_, address in found], list(await asyncio.gather(*commands))

    addresses, commands = asyncio.run(main())
    assert ("127.0.0.1", 443) in addresses
    assert commands == [True, True, True]
