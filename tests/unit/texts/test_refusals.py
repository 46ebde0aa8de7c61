import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import boostmon.app
import boostmon.domain
from boostmon.app.changing.granting import GrantRefused
from boostmon.app.commands.errors import (
    UnknownRole,
)
from boostmon.domain.channels import ChannelFacts, ChannelUnusable
from boostmon.domain.durations import InvalidDuration, UnknownUnit
from boostmon.domain.eligibility import (
    ObstructedRole,
    RoleNotTimeable,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.permissions import Permission
from boostmon.domain.selection import SeveralTimers
from boostmon.domain.timers import (
    EndsLater,
    EndsSooner,
    NotPaused,
    Obstacle,
    PausedHasNoEnd,
)
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.refusals import MOST_LISTED, apology, explain, grant_refused, role_not_timeable
from tests.support.examples import PLAIN
from tests.support.examples.refusals import OVER, PAUSED, ROLE, errors
from tests.support.timers import ALICE, CHANNEL, HOUR, KEY, NOW, VIP, key, running
from tests.support.words import ENGLISH

EXAMPLES = errors(PLAIN)

AT_START_ONLY = {"TokenRefused", "DiscordUnreachable", "StorageMisconfigured"}
"""Reported by the command line: with them there is no bot that could answer."""

WITHIN_APP = {"Conflict", "AuditLogHidden"}
"""The use cases, and those who call them for events, deal with these, so no command sees them."""

CODE_OR_QUOTE = re.compile(r"`[^`]*`|“[^”]*”")
"""Where placeholders of a server's own words may stand."""


for room in (boostmon.domain, boostmon.app):
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        importlib.import_module(module.name)


def _kinds(root: type[BoostMonError]) -> Iterator[type[BoostMonError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _may_reach_a_command(kind: type[BoostMonError]) -> bool:
    rooms = ("boostmon.domain.", "boostmon.app.", "boostmon.entrypoints.bot.")
    is_a_base = kind.__name__ in {"TimerError", "CannotEndThen"}
    return kind.__module__.startswith(rooms) and kind.__name__ not in AT_START_ONLY | WITHIN_APP and not is_a_base


REACHING_COMMANDS = sorted(
    (kind for kind in _kinds(BoostMonError) if _may_reach_a_command(kind)), key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", REACHING_COMMANDS)
def test_every_error_has_a_text_and_an_example_here(kind: type[BoostMonError]) -> None:
    assert explain.dispatch(kind) is not explain.dispatch(BoostMonError)
    assert any(isinstance(example, kind) or issubclass(kind, type(example)) for example in EXAMPLES)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_texts_are_sentences_that_fit_an_embed(error: BoostMonError) -> None:
    problem = explain(error, ENGLISH)
    assert 0 < len(problem.title) <= 256
    assert not problem.title.endswith(".")
    assert 0 < len(problem.text) <= 4096
    assert problem.text[-1] in ".?"
    assert "None" not in problem.text
    assert "{" not in CODE_OR_QUOTE.sub("", problem.text)


def test_each_text_is_its_own() -> None:
    texts = [
        explain(error, ENGLISH) for error in EXAMPLES if not (isinstance(error, NotPaused) and error.timer is OVER)
    ]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("obstruction", ObstructedRole)
def test_every_obstruction_of_a_role_names_the_role(obstruction: ObstructedRole) -> None:
    text = explain(RoleNotTimeable(ROLE, obstruction), ENGLISH).text
    assert ("@everyone" if obstruction is ObstructedRole.EVERYONE else f"<@&{VIP}>") in text


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_of_a_grant_has_its_remedy(obstacle: Obstacle) -> None:
    assert in_the_way(obstacle, [KEY.role], ENGLISH) in explain(GrantRefused(KEY, obstacle), ENGLISH).text


def test_a_bad_duration_is_answered_with_examples() -> None:
    text = explain(InvalidDuration("5 parsecs", UnknownUnit("parsecs")), ENGLISH).text
    assert "parsecs" in text
    assert "`1d 12h 30m`" in text


def test_a_moment_that_a_timer_cannot_be_moved_to_is_told_with_both_ends_and_the_remedy() -> None:
    end_of_timer, wanted = (f"<t:{int((NOW + length).timestamp())}:F>" for length in (2 * HOUR, HOUR))
    later = explain(EndsLater(running(2 * HOUR), NOW + HOUR), ENGLISH).text
    assert f"ends {end_of_timer}, which is not before {wanted}. `/removetime` with that moment" in later
    sooner = explain(EndsSooner(running(2 * HOUR), NOW + HOUR), ENGLISH).text
    assert f"ends {end_of_timer}, which is not after {wanted}. `/addtime` with that moment" in sooner
    paused = explain(PausedHasNoEnd(PAUSED, NOW + HOUR), ENGLISH).text
    assert "is paused with 2 hours left" in paused
    assert f"made to end on {wanted}. Let it go on with `/resumetime` first" in paused


def test_what_was_typed_has_no_effect() -> None:
    text = explain(UnknownRole("**<@&1>**", ["**<@&10>**"]), ENGLISH).text
    assert r"\*\*\<\@&1\>\*\*" in text
    assert r"Did you mean “\*\*\<\@&10\>\*\*”" in text


def test_several_timers_are_listed_as_they_stand() -> None:
    text = explain(SeveralTimers(ALICE, [running(HOUR), PAUSED, OVER]), ENGLISH).text
    assert f"- <@&{VIP}>: ends <t:{int(NOW.timestamp()) + 3600}:R>" in text
    assert f"- <@&{VIP}>: paused, 2 hours left" in text
    assert f"- <@&{VIP}>: time is up" in text


def test_of_very_many_timers_some_are_listed_and_the_rest_counted() -> None:
    timers = [running(HOUR, of=key(role=number)) for number in range(1, MOST_LISTED + 6)]
    text = explain(SeveralTimers(UserId(1), timers), ENGLISH).text
    assert f"<@&{MOST_LISTED}>" in text
    assert f"<@&{MOST_LISTED + 1}>" not in text
    assert "and 5 more" in text


def test_missing_permissions_in_a_channel_are_named() -> None:
    text = explain(
        ChannelUnusable(ChannelFacts(CHANNEL, Permission.SEND_MESSAGES | Permission.EMBED_LINKS)), ENGLISH
    ).text
    assert f"<#{CHANNEL}>" in text
    assert "**Send Messages** and **Embed Links**" in text


def test_an_error_that_nobody_worded_is_noticed() -> None:
    with pytest.raises(TypeError):
        explain(BoostMonError(), ENGLISH)


def test_an_apology_carries_its_reference() -> None:
    assert "`0ab1c2d3`" in apology("0ab1c2d3", ENGLISH).text


def test_a_role_above_the_bots_is_refused_by_the_name_of_the_bots_own_role() -> None:
    error = RoleNotTimeable(ROLE, ObstructedRole.ABOVE_BOT)
    assert "drag my role above it" in role_not_timeable(error, ENGLISH).text
    known = role_not_timeable(error, ENGLISH, Lack(RoleId(9), manage_roles=False, place=True))
    assert "drag <@&9> above it" in known.text


def test_a_refused_grant_names_exactly_what_is_missing() -> None:
    refused = GrantRefused(KEY, Obstacle.MISSING_PERMISSIONS)
    assert "drag my own role above it" in grant_refused(refused, ENGLISH).text
    lack = Lack(RoleId(9), manage_roles=True, place=False)
    assert "switch it on for <@&9>" in grant_refused(refused, ENGLISH, lack).text
    assert "drag" not in grant_refused(refused, ENGLISH, lack).text
