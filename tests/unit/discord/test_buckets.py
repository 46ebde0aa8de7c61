"""What is known of a route's limit, from the first request on."""

from boostmon.adapters.discord.buckets import Bucket, Buckets, Told, Where

PUT = Where("PUT", "/guilds/{guild_id}/roles", ("1",))
DELETE = Where("DELETE", "/guilds/{guild_id}/roles", ("1",))
ELSEWHERE = Where("PUT", "/guilds/{guild_id}/roles", ("2",))


def told(remaining: int, reset_after: float = 10.0, limit: int = 5, name: str | None = "abc") -> Told:
    return Told(name, limit, remaining, reset_after)


def known(remaining: int = 5) -> Bucket:
    return Bucket(limit=5, window=10.0, remaining=remaining)


def test_one_request_goes_ahead_to_learn_the_limit() -> None:
    bucket = Bucket()
    assert bucket.opens_in(0.0) == 0
    bucket.take()
    assert bucket.opens_in(0.0) is None
    bucket.learn(told(4), 0.1)
    for _ in range(4):
        assert bucket.opens_in(0.2) == 0
        bucket.take()
    assert bucket.opens_in(0.2) == 10.1 - 0.2


def test_a_new_window_lets_as_many_pass_as_are_not_under_way() -> None:
    bucket = known(remaining=1)
    bucket.take()
    bucket.learn(told(0, reset_after=2.0), 0.0)
    assert bucket.opens_in(1.0) == 1.0
    bucket.take()  # not asked for: it counts all the same
    assert bucket.opens_in(2.0) == 0
    assert bucket.remaining == 4


def test_answers_that_overtake_each_other_do_not_give_more() -> None:
    bucket = known()
    for _ in range(3):
        bucket.take()
    bucket.learn(told(2), 0.2)  # that of the third
    bucket.learn(told(4), 0.3)
    assert bucket.remaining == 2


def test_others_who_use_the_same_bucket_are_noticed() -> None:
    bucket = known()
    bucket.take()
    bucket.learn(told(0), 0.2)
    assert bucket.opens_in(0.2) == 10.0


def test_the_earliest_end_of_a_window_holds() -> None:
    bucket = known()
    for _ in range(2):
        bucket.take()
    bucket.learn(told(1, reset_after=9.0), 1.9)  # was long on its way
    bucket.learn(told(0, reset_after=9.0), 1.0)
    assert bucket.ends_at == 10.0


def test_an_answer_of_the_next_window_opens_it() -> None:
    bucket = known(remaining=1)
    bucket.take()
    bucket.learn(told(0, reset_after=10.0), 0.0)
    bucket.in_flight += 1
    bucket.learn(told(4, reset_after=10.0), 9.5)  # Discord's window was over a little earlier
    assert bucket.opens_in(9.5) == 0
    assert bucket.remaining == 4


def test_requests_that_are_lost_do_not_lock_a_route_for_good() -> None:
    bucket = known(remaining=1)
    bucket.take()
    bucket.lose(0.0)
    assert bucket.opens_in(0.0) == 10.0
    assert bucket.opens_in(10.0) == 0


def test_a_lost_first_request_leaves_the_next_one_to_learn() -> None:
    bucket = Bucket()
    bucket.take()
    bucket.lose(0.0)
    assert bucket.opens_in(0.0) == 0


def test_an_answer_that_tells_nothing_costs_nothing() -> None:
    bucket = known(remaining=3)
    bucket.take()
    bucket.give_back()
    assert (bucket.remaining, bucket.in_flight) == (3, 0)


def test_a_closed_bucket_opens_when_it_was_told_to() -> None:
    bucket = known()
    bucket.close(20.0)
    bucket.close(5.0)
    assert bucket.opens_in(19.0) == 1.0
    assert bucket.opens_in(20.0) == 0


def test_those_turned_away_are_spread_over_the_windows_to_come() -> None:
    bucket = known(remaining=1)
    bucket.take()
    bucket.learn(told(0, reset_after=10.0), 0.0)
    assert [bucket.turn_away(4.0) for _ in range(11)] == [6.0] * 5 + [16.0] * 5 + [26.0]
    assert bucket.turn_away(4.0) <= 6.0 + 60.0
    assert bucket.opens_in(10.0) == 0
    bucket.take()
    bucket.close(11.0)
    assert bucket.turn_away(10.0) == 1.0


def test_guilds_have_buckets_of_their_own_under_one_name() -> None:
    buckets = Buckets()
    here = buckets.of(PUT, 0.0)
    here.take()
    buckets.learn(PUT, here, told(0), 0.1)
    there = buckets.of(ELSEWHERE, 0.1)
    assert there is not here
    assert there.opens_in(0.1) == 0
    assert there.limit == 5  # known from here: it need not be learnt again


def test_routes_with_one_name_share_a_bucket() -> None:
    buckets = Buckets()
    for where in (PUT, DELETE):
        bucket = buckets.of(where, 0.0)
        bucket.take()
        buckets.learn(where, bucket, told(3 if where is PUT else 0), 0.1)
    assert buckets.of(PUT, 0.1) is buckets.of(DELETE, 0.1)
    assert buckets.of(PUT, 0.1).opens_in(0.1) == 10.0


def test_what_is_known_stays_known_when_the_name_is_told_elsewhere() -> None:
    buckets = Buckets()
    closed = buckets.of(PUT, 0.0)
    closed.close(5.0)
    there = buckets.of(ELSEWHERE, 0.0)
    there.take()
    buckets.learn(ELSEWHERE, there, told(4), 0.1)
    assert buckets.of(PUT, 0.1) is closed


def test_routes_without_a_name_are_apart() -> None:
    buckets = Buckets()
    buckets.learn(PUT, buckets.of(PUT, 0.0), told(0, name=None), 0.0)
    assert buckets.of(DELETE, 0.0).opens_in(0.0) == 0


def test_idle_buckets_are_forgotten() -> None:
    buckets = Buckets()
    busy = buckets.of(PUT, 0.0)
    busy.take()
    for number in range(5_000):
        buckets.of(Where("POST", "/channels/{channel_id}/messages", (str(number),)), 0.0)
    assert len(buckets._buckets) < 2_100
    assert buckets.of(PUT, 0.0) is busy
