"""What is remembered, and for how long."""

from boostmon.adapters.discord.recent import Recent


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_remembers_until_the_time_is_over() -> None:
    clock = Hands()
    recent: Recent[str, int] = Recent(10, 5.0, clock)
    recent.put("a", 1)
    clock.at += 4.9
    assert recent.get("a") == 1
    clock.at += 0.1
    assert recent.get("a") is None
    assert len(recent) == 0


def test_putting_again_starts_anew() -> None:
    clock = Hands()
    recent: Recent[str, int] = Recent(10, 5.0, clock)
    recent.put("a", 1)
    clock.at += 4.0
    recent.put("a", 2)
    clock.at += 4.0
    assert recent.get("a") == 2


def test_forgets_the_oldest_beyond_its_size() -> None:
    recent: Recent[str, int] = Recent(2, 5.0, Hands())
    recent.put("a", 1)
    recent.put("b", 2)
    recent.put("a", 3)
    recent.put("c", 4)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (3, None, 4)
    assert len(recent) == 2


def test_forgets_on_request() -> None:
    recent: Recent[str, int] = Recent(2, 5.0, Hands())
    recent.put("a", 1)
    recent.forget("a")
    recent.forget("never there")
    assert recent.get("a") is None
