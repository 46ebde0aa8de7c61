"""A bot that takes roles as most do: one request after the other, with nextcord and its own limits alone.

    python -m benchmarks.discord.one_by_one

It reads one JSON object from standard input: `url`, `token`, the `seconds` after which it gives up, and `endings`, each
a guild, a user, a role and a channel. Each role is taken, then the end is told in the channel.
"""

import asyncio
import json
import sys
import time
from typing import Any

import nextcord

from boostmon.adapters.discord.client import use_api


async def _run(given: dict[str, Any]) -> None:
    use_api(given["url"])
    client = nextcord.Client()
    await client.login(given["token"])
    deadline = time.monotonic() + given["seconds"]
    try:
        for guild, user, role, channel in given["endings"]:
            if time.monotonic() > deadline:
                break
            await client.http.remove_role(guild, user, role, reason="Its time was up")
            pinged = nextcord.AllowedMentions(everyone=False, roles=False, users=[nextcord.Object(user)])
            await client.http.send_message(
                channel,
                content=f"The role <@&{role}> of <@{user}> has ended.",
                allowed_mentions=pinged.to_dict(),
            )
    finally:
        await client.close()


def main() -> None:
    """The process."""
    asyncio.run(_run(json.loads(sys.stdin.read())))


if __name__ == "__main__":
    main()
