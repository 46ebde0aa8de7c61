"""What nextcord's own HTTP client does under rate limits and outages, beside what is in `test_http`.

When one of these fails after an update of nextcord, the way round in `adapters/discord/http.py` may go.
"""

import nextcord
import pytest
from nextcord.http import HTTPClient

from tests.integration.discord.holding import run
from tests.integration.discord.scripted import Reply, ScriptedServer
from tests.integration.discord.test_http import LIMITED, role_route, talking


@pytest.mark.parametrize(
    "reply",
    [Reply(429, LIMITED, {"Retry-After": "0.1"}), Reply(503, "upstream", content_type="text/plain")],
    ids=["429 without Via", "503"],
)
def test_it_gives_up_at_once(reply: Reply) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server, HTTPClient) as http:
            server.reply(reply)
            with pytest.raises(nextcord.HTTPException):
                await http.request(role_route(guild=10))
            assert len(server.seen) == 1

    run(test)
