"""Tokens in lines of the log: of interactions, webhooks, bots."""

import json

import pytest

from boostmon.entrypoints.masking import masked

TOKEN = "aW50ZXJhY3Rpb246MTIz-_Q.x:y=="


@pytest.mark.parametrize(
    ("text", "without"),
    [
        (
            f"POST https://discord.com/api/v10/interactions/12/{TOKEN}/callback has returned 204",
            "POST https://discord.com/api/v10/interactions/12/***/callback has returned 204",
        ),
        (
            f"url='http://127.0.0.1:5/api/v10/webhooks/12/{TOKEN}/messages/@original'",
            "url='http://127.0.0.1:5/api/v10/webhooks/12/***/messages/@original'",
        ),
        (f"/webhooks/12/{TOKEN}?wait=true", "/webhooks/12/***?wait=true"),
        (f"URL('/webhooks/12/{TOKEN}')", "URL('/webhooks/12/***')"),
        (f"{{'t': 'X', 'd': {{'token': '{TOKEN}', 'id': '1'}}}}", "{'t': 'X', 'd': {'token': '***', 'id': '1'}}"),
        (json.dumps({"token": TOKEN, "id": "1"}), '{"token": "***", "id": "1"}'),
        ("/guilds/12/roles, /webhooks/12, the token is short", "/guilds/12/roles, /webhooks/12, the token is short"),
        ("1.5.2", "1.5.2"),
        ("asyncio.base_events.BaseEventLoop", "asyncio.base_events.BaseEventLoop"),
        ("Bot MTAwMDAwMDAwMDAwMDAwMDAw.GabcDE.abcdefghijklmnopqrstuvwxyz_-0123456789 x", "Bot *** x"),
    ],
)
def test_a_token_is_masked_and_the_rest_stays(text: str, without: str) -> None:
    assert masked(text) == without


def test_a_payload_within_a_json_string() -> None:
    line = json.dumps({"event": json.dumps({"token": TOKEN}), "level": "debug"})
    assert json.loads(json.loads(masked(line))["event"]) == {"token": "***"}
