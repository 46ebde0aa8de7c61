import pytest

from boostmon.sandbox.limits import OFF, Limits, RateLimits, Rule, template

GIVE = "/guilds/11/members/22/roles/33"
OTHER = "/guilds/12/members/22/roles/33"
ROUTE = "PUT /guilds/:id/members/:id/roles/:id"


class Seconds:
    def __init__(self) -> None:
        self.value = 100.0

    def __call__(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (GIVE, "GET /guilds/:id/members/:id/roles/:id"),
        ("/users/@me/channels", "GET /users/@me/channels"),
        ("/webhooks/5/secret/messages/@original", "GET /webhooks/:id/:token/messages/@original"),
        ("/interactions/5/secret/callback", "GET /interactions/:id/:token/callback"),
    ],
)
def test_routes_are_named_without_ids_and_tokens(path: str, route: str) -> None:
    assert template("GET", path) == route


def test_a_bucket_opens_again_when_its_window_is_over() -> None:
    seconds = Seconds()
    limits = RateLimits(Limits(per_second=None, buckets={ROUTE: Rule(1, 5)}), seconds)

    assert limits.take("PUT", GIVE).retry_after is None
    seconds.value += 2
    refused = limits.take("PUT", GIVE)
    assert refused.retry_after == pytest.approx(3)
    assert (refused.headers["Retry-After"], refused.headers["X-RateLimit-Scope"]) == ("3.000", "user")
    seconds.value += 3
    assert limits.take("PUT", GIVE).retry_after is None


def test_guilds_have_counts_of_their_own_under_one_name() -> None:
    limits = RateLimits(Limits(per_second=None, buckets={ROUTE: Rule(1, 5)}), Seconds())

    mine, other = limits.take("PUT", GIVE), limits.take("PUT", OTHER)

    assert (mine.retry_after, other.retry_after) == (None, None)
    assert mine.headers["X-RateLimit-Bucket"] == other.headers["X-RateLimit-Bucket"]
    assert mine.headers["X-RateLimit-Bucket"] != limits.take("DELETE", GIVE).headers["X-RateLimit-Bucket"]


def test_the_global_limit_is_one_for_all_routes_but_interactions() -> None:
    seconds = Seconds()
    limits = RateLimits(Limits(per_second=2, buckets={}), seconds)
    limits.take("PUT", GIVE)
    limits.take("GET", "/users/@me")

    refused = limits.take("GET", "/gateway")

    assert refused.is_global
    assert refused.retry_after == pytest.approx(1)
    assert limits.take("POST", "/interactions/1/t/callback").retry_after is None
    assert limits.take("PATCH", "/webhooks/1/t/messages/@original").retry_after is None
    seconds.value += 1
    assert limits.take("GET", "/gateway").retry_after is None


def test_switched_off_nothing_is_refused_and_headers_stay() -> None:
    limits = RateLimits(OFF, Seconds())

    verdicts = [limits.take("PUT", GIVE) for _ in range(1500)]

    assert all(v.retry_after is None for v in verdicts)
    assert int(verdicts[-1].headers["X-RateLimit-Remaining"]) >= 1
