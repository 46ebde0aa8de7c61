"""Authorization, rate limits and faults, as bare HTTP shows them."""

import http.client
import socket
import time

import pytest

from boostmon.sandbox.faults import Latency, LostAnswer, Refusal, Throttle
from boostmon.sandbox.limits import OFF, Limits, Rule
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox.conftest import rest, running_clock
from tests.support.patience import PATIENCE

GIVE = "PUT /guilds/:id/members/:id/roles/:id"


def give_path(discord: LoopbackDiscord, member: str = "@alice", role: str = "@VIP") -> str:
    guild = discord.look(lambda w: w.guild_id)
    return f"/guilds/{guild}/members/{discord.id_of(member)}/roles/{discord.id_of(role)}"


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_wrong_token_is_unauthorized(discord: LoopbackDiscord, token: str | None) -> None:
    reply = rest(discord, "GET", "/users/@me", token=token)

    assert (reply.status, reply.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert [(r.path, r.status) for r in discord.requests] == [("/users/@me", 401)]


def test_answers_are_plain_json_with_via_and_rate_limit_headers(discord: LoopbackDiscord) -> None:
    reply = rest(discord, "GET", "/users/@me")

    assert reply.body["username"] == "BoostMon"
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["via"]
    assert int(reply.headers["x-ratelimit-remaining"]) > 0


def test_what_the_sandbox_does_not_know_fails_loudly(discord: LoopbackDiscord) -> None:
    assert rest(discord, "GET", "/nothing/here").status == 501


def test_a_broken_body_is_a_bad_request(discord: LoopbackDiscord) -> None:
    host, port = discord.url.removeprefix("http://").split("/")[0].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    try:
        connection.request("POST", "/api/v10/users/@me/channels", "{", {"Content-Type": "application/json"})
        assert connection.getresponse().status == 400
    finally:
        connection.close()


def test_buckets_are_counted_per_guild_and_named_per_route(discord: LoopbackDiscord) -> None:
    discord.enforce(Limits(per_second=None, buckets={GIVE: Rule(2, 30)}))
    mine, other = give_path(discord), f"/guilds/1/members/2/roles/{discord.id_of('@VIP')}"

    replies = [rest(discord, "PUT", mine) for _ in range(3)]
    elsewhere = rest(discord, "PUT", other)

    assert [r.status for r in replies] == [204, 204, 429]
    assert [r.headers["x-ratelimit-remaining"] for r in replies] == ["1", "0", "0"]
    assert replies[2].headers["x-ratelimit-scope"] == "user"
    assert 0 < float(replies[2].headers["retry-after"]) <= 30
    assert replies[2].body["retry_after"] == pytest.approx(float(replies[2].headers["retry-after"]))
    assert replies[2].body["global"] is False
    assert elsewhere.status == 404
    assert elsewhere.headers["x-ratelimit-bucket"] == replies[0].headers["x-ratelimit-bucket"]
    assert discord.invalid_requests == 1


def test_the_global_limit_counts_everything_but_interactions(discord: LoopbackDiscord) -> None:
    discord.enforce(Limits(per_second=1, buckets={}, default=Rule(100, 1)))

    statuses = [rest(discord, "GET", "/users/@me").status for _ in range(2)]
    refused = rest(discord, "GET", "/users/@me")
    interaction = rest(discord, "POST", "/interactions/1/token/callback", {"type": 5})

    assert statuses[0] == 200
    assert 429 in {*statuses, refused.status}
    assert refused.headers["x-ratelimit-global"] == "true"
    assert refused.headers["x-ratelimit-scope"] == "global"
    assert interaction.status == 404
    discord.enforce(OFF)
    assert rest(discord, "GET", "/users/@me").status == 200


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
def test_a_throttle_strikes_as_often_as_it_was_armed(discord: LoopbackDiscord, scope: str) -> None:
    kind = {s: Throttle(s, 2.5) for s in ("user", "shared", "global")}[scope]
    discord.fail(kind, "PUT", "/guilds/*/roles/*", times=2)

    replies = [rest(discord, "PUT", give_path(discord)) for _ in range(3)]

    assert [r.status for r in replies] == [429, 429, 204]
    assert replies[0].headers["x-ratelimit-scope"] == scope
    assert replies[0].headers["retry-after"] == "2.500"
    assert replies[0].body["global"] is (scope == "global")
    assert discord.invalid_requests == (0 if scope == "shared" else 2)


def test_a_banned_address_is_answered_without_via(discord: LoopbackDiscord) -> None:
    discord.fail(Throttle(via=False))

    assert "via" not in rest(discord, "GET", "/users/@me").headers


def test_an_outage_lasts_until_it_is_healed(discord: LoopbackDiscord) -> None:
    discord.fail(Refusal(503), times=None)
    down = [rest(discord, "PUT", give_path(discord)) for _ in range(3)]
    discord.heal()

    assert [r.status for r in down] == [503] * 3
    assert isinstance(down[0].body, str)
    assert discord.member_roles("@alice") == frozenset()
    assert rest(discord, "PUT", give_path(discord)).status == 204


def test_a_refusal_carries_discords_error(discord: LoopbackDiscord) -> None:
    discord.fail(Refusal(400, 40003, "You are opening direct messages too fast."), "POST", "/users/@me/channels")

    reply = rest(discord, "POST", "/users/@me/channels", {"recipient_id": str(discord.id_of("@bob"))})

    assert (reply.status, reply.body["code"]) == (400, 40003)


def test_a_lost_answer_was_an_act_all_the_same(discord: LoopbackDiscord) -> None:
    discord.fail(LostAnswer(), "PUT")

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        rest(discord, "PUT", give_path(discord))

    assert discord.member_roles("@alice") == {"@VIP"}
    assert [(r.status, r.answered) for r in discord.requests] == [(204, False)]


def test_latency_delays_the_answer(discord: LoopbackDiscord) -> None:
    discord.fail(Latency(0.3))
    began = time.monotonic()

    assert rest(discord, "GET", "/users/@me").status == 200
    assert time.monotonic() - began >= 0.3


def test_closing_does_not_wait_for_held_answers() -> None:
    discord = LoopbackDiscord(running_clock()).start()
    discord.fail(LostAnswer(hold=60))
    host, port = discord.url.removeprefix("http://").split("/")[0].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", "/api/v10/users/@me")
    discord.wait_until(lambda: discord.requests, 60)
    began = time.monotonic()

    discord.close()

    connection.close()
    assert time.monotonic() - began < 30


def test_a_reason_may_have_512_characters(discord: LoopbackDiscord) -> None:
    parts = discord.url.removeprefix("http://").split("/")[0].split(":")
    connection = http.client.HTTPConnection(parts[0], int(parts[1]), timeout=30)
    headers = {"Authorization": f"Bot {discord.token}", "X-Audit-Log-Reason": "x" * 513}
    try:
        connection.request("PUT", f"/api/v10{give_path(discord)}", headers=headers)
        assert connection.getresponse().status == 400
    finally:
        connection.close()
    assert discord.member_roles("@alice") == frozenset()


def test_a_request_is_recorded_with_its_body_and_the_sandboxs_time(discord: LoopbackDiscord) -> None:
    before = discord.now
    rest(discord, "POST", "/users/@me/channels?x=1", {"recipient_id": str(discord.id_of("@bob"))})

    (recorded,) = discord.requests
    assert (recorded.method, recorded.path, recorded.query) == ("POST", "/users/@me/channels", {"x": "1"})
    assert recorded.body == {"recipient_id": str(discord.id_of("@bob"))}
    assert before <= recorded.at <= discord.now


def test_what_a_client_asked_that_is_gone_is_done_and_recorded_as_unanswered(discord: LoopbackDiscord) -> None:
    discord.fail(Latency(0.5), "PUT")
    host, port = discord.url.removeprefix("http://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        path, token = give_path(discord), f"Authorization: Bot {discord.token}"
        connection.sendall(f"PUT /api/v10{path} HTTP/1.1\r\nHost: {host}\r\n{token}\r\n\r\n".encode())
        discord.wait_until(lambda: discord.struck.get("Latency"), PATIENCE, "the request")

    discord.wait_until(lambda: discord.requests, PATIENCE, "the act")

    [request] = discord.requests
    assert (request.status, request.answered) == (204, False)
    assert discord.struck == {"Latency": 1}
    assert "@VIP" in discord.member_roles("@alice")


def test_the_audit_log_and_the_counts_of_roles_are_read_by_requests(discord: LoopbackDiscord) -> None:
    guild, vip = discord.look(lambda w: w.guild_id), discord.id_of("@VIP")
    rest(discord, "PUT", give_path(discord))
    rest(discord, "PUT", give_path(discord))
    discord.change(lambda c: c.give("@bob", "@VIP", by="@mod"))

    log = f"/guilds/{guild}/audit-logs"
    found = rest(discord, "GET", f"{log}?action_type=25&after=0&limit=1")
    rest_of_it = rest(discord, "GET", f"{log}?action_type=25&after={found.body['audit_log_entries'][0]['id']}")
    counts = rest(discord, "GET", f"/guilds/{guild}/roles/member-counts")

    assert [entry["user_id"] for entry in found.body["audit_log_entries"]] == [str(discord.id_of("@BoostMon"))]
    assert [entry["user_id"] for entry in rest_of_it.body["audit_log_entries"]] == [str(discord.id_of("@mod"))]
    assert counts.body[str(vip)] == 2
    discord.change(lambda c: c.set_permission("view-audit-log", allowed=False))
    refused = rest(discord, "GET", log)
    assert (refused.status, refused.body["code"]) == (403, 50013)
    discord.change(lambda c: c.kick("@BoostMon", by="@owner"))
    assert [rest(discord, "GET", path).body["code"] for path in (log, f"/guilds/{guild}/roles/member-counts")] == [
        10004,
        10004,
    ]
