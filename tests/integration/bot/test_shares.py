"""Nobody can stop the bot for others: what one server asks for is its own business."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import FrameType
from typing import Any

import pytest

from boostmon.domain.ledger import Action
from boostmon.sandbox.answer import Answer
from boostmon.sandbox.changes import Changes
from boostmon.sandbox.limits import Limits, Rule
from boostmon.sandbox.seed import crowd
from boostmon.sandbox.world import World
from tests.integration.bot.stage import BotStage, stage
from tests.support.patience import PATIENCE

GIVES = "PUT /guilds/:id/members/:id/roles/:id"
MEMBERS = ("@alice", "@bob", "@carol", "@dave", "@erin", "@mod", "@owner", "@staff")
ROLES = ("@VIP", "@Supporter")
MOST_ROLES = 244
"""With those of the sandbox, as many as Discord lets a server have."""


@pytest.fixture(name="two")
def two_guilds() -> Iterator[BotStage]:
    """A bot in two servers: Boost Town and Crowd 1, of which @member-1-1 is one."""
    with stage(lambda world: crowd(world, 1, 1)) as made:
        yield made


def elsewhere(two: BotStage, line: str) -> Answer:
    """Types a command in the other server."""

    def go_to(name: str) -> None:
        def change(world: Any) -> None:
            world.guild_id = next(id_ for id_, guild in world.backend.guilds.items() if guild.name == name)

        two.discord.look(change)

    go_to("Crowd 1")
    try:
        return two.discord.command("@member-1-1", line, channel="#warnings")
    finally:
        go_to("Boost Town")


def given(two: BotStage) -> int:
    """How many roles were asked for so far."""
    return len([one for one in two.discord.requests if one.method == "PUT" and "/roles/" in one.path])


@pytest.fixture(name="typing")
def typed_at_once(two: BotStage) -> Iterator[Callable[[], list[Answer]]]:
    """Lets many `/settime` go at once in the first server, which may give two roles; yields how to wait for them."""
    answers: list[Answer] = []
    lines = [("@owner", f"/settime user:{user} role:{role} duration:2h") for user in MEMBERS for role in ROLES]
    typing = threading.Thread(target=lambda: answers.extend(two.discord.commands_at_once(lines, timeout=30.0)))

    def wait() -> list[Answer]:
        typing.join(60.0)
        assert not typing.is_alive()
        return answers

    two.type("/settime user:@alice role:@Supporter duration:2h")  # after which the limit is known
    two.discord.enforce(Limits(buckets={GIVES: Rule(3, 6.0)}))
    two.type("/settime user:@bob role:@Supporter duration:2h")
    typing.start()
    two.discord.wait_until(lambda: given(two) == 4, PATIENCE, "the roles that may be given")
    yield wait
    wait()


def test_a_server_at_its_limit_holds_up_no_other_and_nothing_but_giving_roles(
    two: BotStage, typing: Callable[[], list[Answer]]
) -> None:
    waiting = given(two)

    there = [elsewhere(two, "/timeleft").text for _ in range(5)]
    here = [two.type(line).text for line in ("/timeleft user:@alice", "/pausetime user:@alice role:Supporter")]

    assert given(two) == waiting, "all of that was answered while they waited"
    assert all("has no timer" in text for text in there), there
    assert "Supporter" in here[0] or two.mention("@Supporter") in here[0]
    assert "Timer paused" in here[1]
    assert len([answer for answer in typing() if "Timer " in answer.text]) >= 5
    assert not [entry for entry in two.store.ledger if entry.action is Action.PUT_BACK]


def test_who_would_wait_for_too_long_is_refused_before_anything_is_stored(two: BotStage) -> None:
    two.discord.enforce(Limits(buckets={GIVES: Rule(2, 60.0)}))
    for user in MEMBERS[:2]:
        assert "Timer started" in two.type(f"/settime user:{user} role:@VIP duration:2h").text

    refused = [two.type(f"/settime user:{user} role:@VIP duration:2h") for user in MEMBERS[2:4]]
    added = two.type(f"/addtime user:{MEMBERS[4]} role:VIP duration:2h")

    for answer in [*refused, added]:
        assert "Discord wants me to slow down" in answer.text
        assert answer.hidden
    assert len(two.store.timers) == 2
    assert [entry.action for entry in two.store.ledger] == [Action.SET, Action.SET]


def test_a_stop_ends_the_waiting_and_tells(two: BotStage, typing: Callable[[], list[Answer]]) -> None:
    assert two.running.run(two.running.bot.drain(60.0)) is True
    answers = typing()
    told = [answer for answer in answers if "I am being restarted" in answer.text]
    assert len(told) >= 10
    assert len([answer for answer in answers if "Timer " in answer.text]) == len(answers) - len(told)


def test_a_command_that_nobody_has_looked_at_in_time_is_acknowledged_first(stage: BotStage) -> None:
    running, may_end = stage.running, threading.Event()
    guild = stage.discord.look(lambda world: world.guild_id)
    holding = asyncio.run_coroutine_threadsafe(running.bot._lanes.preparing.run(guild, may_end.wait), running.loop)
    answers: list[Answer] = []
    line = "/settime user:@alice role:@VIP duration:soon channel:#warnings"
    typing = threading.Thread(target=lambda: answers.append(stage.type(line)))
    typing.start()
    stage.discord.wait_until(
        lambda: [one.body["type"] for one in stage.discord.requests if one.path.endswith("/callback")] == [5],
        10.0,
        "the acknowledgement",
    )
    may_end.set()
    typing.join(60.0)
    assert holding.result(60.0) is True
    [answer] = answers
    assert answer.hidden
    assert "neither a duration nor a moment" in answer.text
    assert stage.discord.messages("#general") == ()


class Calls:
    """Counts the Python functions that run on the bot's event loop."""

    def __init__(self, stage: BotStage) -> None:
        self._stage = stage
        self._count = 0

    def of(self, work: Callable[[], object]) -> int:
        """How many run there while a piece of work is done."""
        self._count = 0
        self._stage.running.run(self._profile(self._note))
        try:
            work()
        finally:
            self._stage.running.run(self._profile(None))
        return self._count

    async def _profile(self, note: Callable[[FrameType, str, Any], None] | None) -> None:
        sys.setprofile(note)

    def _note(self, _frame: FrameType, event: str, _arg: Any) -> None:
        self._count += event in {"call", "c_call"}


def roles_named(names: Iterable[str], world: World) -> None:
    for name in names:
        Changes(world).create_role(f"@{name}")


@pytest.mark.parametrize("name", ["{place:04}", "{}{place:04}", "{place:04}{}"], ids=["short", "alike", "apart"])
def test_what_a_command_costs_the_event_loop_does_not_grow_with_a_server_or_a_text(name: str) -> None:
    def commands(stage: BotStage, text: str) -> int:
        def work() -> None:
            for _ in range(5):
                assert "There is no such role" in stage.type(f"/timeleft role:{text}", by="@alice").text
                assert stage.suggestions(f"/timeleft role:{text}", by="@alice") == {}
                assert "no timer" in stage.type("/pausetime user:@bob", by="@owner").text

        work()
        return Calls(stage).of(work)

    names = [name.format("a" * 92, place=place) for place in range(MOST_ROLES)]
    with stage() as few:
        small = commands(few, "xyz")
    with stage(partial(roles_named, names)) as many:
        assert len(many.running.bot.guilds[0].roles) > MOST_ROLES
        large = commands(many, "a" * 96 + "x")

    assert large < 1.3 * small
