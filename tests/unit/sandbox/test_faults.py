from boostmon.sandbox.faults import Faults, Latency, Refusal, Throttle


def test_a_fault_strikes_what_it_is_aimed_at_as_often_as_armed() -> None:
    faults = Faults()
    faults.arm(Refusal(503), "put", "/guilds/*/roles/*", times=2)

    assert faults.take("DELETE", "/guilds/1/members/2/roles/3") == {}
    assert faults.take("PUT", "/guilds/1/members/2") == {}
    struck = [faults.take("PUT", "/guilds/1/members/2/roles/3") for _ in range(3)]
    assert struck == [{Refusal: Refusal(503)}, {Refusal: Refusal(503)}, {}]


def test_different_kinds_strike_together_and_equal_ones_in_turn() -> None:
    faults = Faults()
    faults.arm(Refusal(500))
    faults.arm(Latency(1.0), times=None)
    faults.arm(Refusal(502))

    assert faults.take("GET", "/") == {Refusal: Refusal(500), Latency: Latency(1.0)}
    assert faults.take("GET", "/") == {Refusal: Refusal(502), Latency: Latency(1.0)}
    assert faults.take("GET", "/") == {Latency: Latency(1.0)}
    assert faults.struck == {"Refusal": 2, "Latency": 3}


def test_healing_disarms_everything() -> None:
    faults = Faults()
    faults.arm(Throttle(), times=None)

    faults.clear()

    assert faults.take("GET", "/") == {}
