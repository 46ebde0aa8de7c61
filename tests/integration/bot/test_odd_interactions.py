"""Interactions as Discord never sends them: parts missing, of another type, huge. The bot answers or ignores them.

They go the whole way, from the text of a gateway's frame on; in time, Discord does add types and fields.
"""

import asyncio
import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.bot.stage import BotStage, stage
from tests.support.patience import PATIENCE
from tests.support.strategies import PROPERTY
from tests.support.timers import DAY

LINES = (
    "/settime user:@alice role:@VIP duration:2h channel:#warnings reason:because",
    "/addtime user:@alice role:VIP duration:1h",
    "/cleartime user:@alice role:VIP keep_role:True",
    "/timeleft user:@alice",
)
PRESS = 3
QUESTION = "/cleartime user:@erin role:VIP"
HALF_TYPED = "/addtime user:@alice duration:2"

json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(min_value=-(2**70), max_value=2**70),
        st.floats(allow_nan=False),
        st.text(max_size=20),
        st.sampled_from(["", "0", "-1", "1" * 5000, "a" * 100_000, "\x00", "\u202e@everyone", "9" * 25]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


@dataclass(frozen=True)
class Oddity:
    """One change of a payload: at a place of it (None: taken out), by its number."""

    place: int
    value: Any
    takes_out: bool


oddities = st.builds(Oddity, st.integers(min_value=0, max_value=10_000), json_values, st.booleans())


@dataclass
class Victim:
    """A bot, and the payloads that real commands sent it."""

    stage: BotStage
    payloads: list[dict[str, Any]]
    sent: int = 0

    def receive(self, payload: Any) -> None:
        """Hands the bot a frame of the gateway, and waits until everything that it caused is over."""
        self.sent += 1
        frame = {"op": 0, "t": "INTERACTION_CREATE", "s": 1_000 + self.sent, "d": payload}
        self.stage.running.run(self._receive(json.dumps(frame)))

    async def _receive(self, frame: str) -> None:
        bot = self.stage.running.bot
        # What is sent again was acknowledged before, as if by another process: this one is not to stand back for that.
        bot.conversations.rivals.came_first()
        await bot.ws.received_message(frame)
        await asyncio.sleep(0)
        if serving := set(bot._serving):
            _, late = await asyncio.wait(serving, timeout=50)
            assert not late, "the bot hangs"


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    seen: list[dict[str, Any]] = []
    with stage() as made:

        def listen(event: str, payload: Mapping[str, Any]) -> None:
            if event == "INTERACTION_CREATE":
                seen.append(copy.deepcopy(dict(payload)))

        made.discord.look(lambda world: world.backend.subscribers.append(listen))
        for line in LINES:
            assert made.type(line).messages
        made.suggestions(HALF_TYPED)
        made.given("@erin", "@VIP", DAY)
        ended = made.insist(QUESTION)
        assert made.discord.press("@mod", "Undo", on=ended).acknowledged_in is not None
        assert [payload["type"] for payload in seen].count(PRESS) == 2
        assert len(seen) >= 8
        yield Victim(made, seen)


@PROPERTY
@given(
    number=st.integers(min_value=0, max_value=100),
    changes=st.lists(oddities, min_size=1, max_size=4),
)
def test_an_odd_interaction_is_answered_or_ignored(victim: Victim, number: int, changes: list[Oddity]) -> None:
    payload: Any = copy.deepcopy(victim.payloads[number % len(victim.payloads)])
    for change in changes:
        payload = altered(payload, change)
    before = len(victim.stage.discord.requests)

    victim.receive(payload)

    for request in victim.stage.discord.requests[before:]:
        told = json.dumps(request.body)
        assert "Traceback" not in told
        assert "Error" not in told, told


@PROPERTY
@given(payload=json_values)
def test_anything_at_all_is_survived(victim: Victim, payload: Any) -> None:
    victim.receive(payload)


@pytest.mark.parametrize("written", ["1" * 4_400, f"<@&{'1' * 4_400}>", "a" * 100_000, "9" * 25])
def test_a_role_text_of_any_length_is_refused(victim: Victim, written: str) -> None:
    payload, *_ = [copy.deepcopy(one) for one in victim.payloads if one["data"].get("name") == "cleartime"]
    [role] = [option for option in payload["data"]["options"] if option["name"] == "role"]
    role["value"] = written
    before = len(victim.stage.discord.requests)

    victim.receive(payload)

    def told() -> str:
        return json.dumps([request.body for request in victim.stage.discord.requests[before:]])

    # A slow machine acknowledges it first.
    victim.stage.discord.wait_until(lambda: "There is no such role" in told(), PATIENCE, "the refusal")


def test_after_all_that_the_bot_still_works(victim: Victim) -> None:
    for payload in victim.payloads:
        for place in range(len(places(payload))):
            victim.receive(altered(copy.deepcopy(payload), Oddity(place, None, takes_out=True)))

    answer = victim.stage.type("/settime user:@bob role:@VIP duration:1h")

    assert "@VIP" in victim.stage.discord.member_roles("@bob"), answer.text
    assert victim.stage.discord.logins == 1


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a JSON value with each of its keys or indices."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        found += [(value, key), *places(child)]
    return found


def altered(payload: Any, change: Oddity) -> Any:
    """The payload with that change."""
    every = places(payload)
    if not every:
        return change.value
    container, key = every[change.place % len(every)]
    if change.takes_out:
        del container[key]
    else:
        container[key] = change.value
    return payload
