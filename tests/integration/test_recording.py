"""The record of requests that a test run keeps for the check against Discord's API description."""

import json
import urllib.request
from pathlib import Path

from boostmon.adapters.clock import SystemClock
from boostmon.sandbox.server import LoopbackDiscord
from tests.support.recording import recorded_requests
from tools.openapi.requests import read_request


def ask(discord: LoopbackDiscord, method: str, path: str, body: object = None) -> None:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bot {discord.token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(  # noqa: S310 - our own loopback
        urllib.request.Request(discord.url + path, data, headers, method=method)  # noqa: S310 - as above
    ) as answer:
        assert answer.status < 300


def test_each_discord_that_closes_appends_what_it_was_asked(tmp_path: Path) -> None:
    target = tmp_path / "requests.jsonl"
    with recorded_requests(target):
        for _ in range(2):
            with LoopbackDiscord(SystemClock().now) as discord:
                messages = f"/channels/{discord.id_of('#general')}/messages"
                ask(discord, "POST", messages, {"content": "hello"})
                ask(discord, "GET", f"{messages}?limit=3")
    with LoopbackDiscord(SystemClock().now) as unrecorded:
        ask(unrecorded, "GET", "/users/@me")

    lines = target.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    first, second = map(read_request, lines[:2])
    assert (first.method, first.query, first.body) == ("POST", {}, {"content": "hello"})
    assert (second.method, second.query, second.body) == ("GET", {"limit": ["3"]}, None)
    assert first.path == second.path
    assert first.path.startswith("/channels/")
