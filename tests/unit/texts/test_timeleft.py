from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from boostmon.app.commands.time_left import TimesLeft
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.origins import Origin
from boostmon.domain.timers import Ending, Obstacle, Timer
from boostmon.domain.transitions import end, pause
from boostmon.texts.cards import Card, Colour
from boostmon.texts.obstacles import EITHER
from boostmon.texts.timeleft import MOST_CHARACTERS, MOST_FIELDS, MOST_OF_REASON, ShownMember, timeleft_card
from tests.support.timers import ALICE, CHANNEL, HOUR, KEY, MINUTE, MODERATOR, NOW, VIP, key, running
from tests.support.words import ENGLISH

MOST_IN_FIELD = 1024
"""Characters, by Discord's limits of an embed."""
AT = int(NOW.timestamp())
ROLES = {VIP: RoleFacts(VIP, "VIP *gold*", position=1)}
RUNNING = running(2 * HOUR)
PAUSED = pause(RUNNING, now=NOW)
OVER = end(RUNNING, now=NOW)


HELD = {RoleId(role) for role in range(50)} | {VIP}
TO_MODERATOR = ShownMember(ALICE, HELD)
TO_HERSELF = ShownMember(ALICE, HELD, is_self=True, may_mend=False)


def _shown(
    *timers: Timer,
    shown: ShownMember = TO_MODERATOR,
    origins: Mapping[RoleId, Origin] | None = None,
    roles: Mapping[RoleId, RoleFacts] = ROLES,
) -> Card:
    return timeleft_card(shown, TimesLeft(timers, origins or {}), roles, ENGLISH, at=NOW)


def _fields(embed: Card) -> list[tuple[str, str]]:
    return [(str(field.name), str(field.value)) for field in embed.fields]


def _blocked() -> Timer:
    assert isinstance(OVER.state, Ending)
    return replace(OVER, state=replace(OVER.state, blocked_by=Obstacle.MISSING_PERMISSIONS))


@pytest.mark.parametrize(
    ("timer", "text"),
    [
        (RUNNING, f"<@&{VIP}>: **2 hours left**\nEnds <t:{AT + 7200}:F> (<t:{AT + 7200}:R>)"),
        (
            running(5 * MINUTE, channel=CHANNEL),
            f"<@&{VIP}>: **5 minutes left**\nEnds <t:{AT + 300}:F> (<t:{AT + 300}:R>)\nWarnings in <#{CHANNEL}>",
        ),
        (PAUSED, f"<@&{VIP}>: **2 hours left**\nPaused <t:{AT}:R>"),
        (OVER, f"<@&{VIP}>: **time ran out** on <t:{AT}:F> (<t:{AT}:R>); it is being taken"),
        (
            running(HOUR, at=NOW - 2 * HOUR),
            f"<@&{VIP}>: **time ran out** on <t:{AT - 3600}:F> (<t:{AT - 3600}:R>); it is being taken",
        ),
        (
            _blocked(),
            f"<@&{VIP}>: **time ran out** on <t:{AT}:F> (<t:{AT}:R>); it is being taken\nIt could not be taken yet. "
            + EITHER,
        ),
    ],
)
def test_each_timer_is_shown_as_what_it_is(timer: Timer, text: str) -> None:
    assert _fields(_shown(timer)) == [("@VIP *gold*", text)]


def test_a_member_without_timers_is_told_so() -> None:
    embed = _shown()
    assert embed.title == "No timed roles"
    assert f"<@{ALICE}>" in str(embed.description)
    assert embed.colour == Colour.NONE


@pytest.mark.parametrize(
    ("timers", "colour"),
    [
        ([RUNNING], Colour.ACTIVE),
        ([PAUSED], Colour.PAUSED),
        ([OVER], Colour.ENDED),
        ([running(HOUR, of=replace(KEY, role=RoleId(5)))], Colour.ATTENTION),
        ([RUNNING, PAUSED], Colour.ACTIVE),
        ([PAUSED, PAUSED], Colour.PAUSED),
    ],
)
def test_the_colour_tells_the_state(timers: Sequence[Timer], colour: Colour) -> None:
    assert _shown(*timers).colour == colour


def test_a_deleted_role_is_called_so() -> None:
    [(name, _)] = _fields(_shown(running(HOUR, of=replace(KEY, role=RoleId(5)))))
    assert name == "Deleted role"


def test_a_deleted_role_is_over() -> None:
    [(_, value)] = _fields(_shown(running(HOUR, of=replace(KEY, role=RoleId(5)))))
    assert value == "<@&5>: **the role was deleted**, so this timer is over"


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (
            replace(TO_MODERATOR, held=()),
            (
                "**They do not have this role at the moment.** The time runs on. Give it back by hand, and the "
                "timer still takes it at its end; or end the timer with `/cleartime`."
            ),
        ),
        (
            replace(TO_MODERATOR, held=None),
            (
                "**They are not in this server**, so they do not have this role. The time runs on. If they come "
                "back, `/addtime` gives it back; `/cleartime` ends the timer."
            ),
        ),
        (
            replace(TO_HERSELF, held=[RoleId(VIP + 1)]),
            "**You do not have this role at the moment.** The time runs on. A moderator can give it back.",
        ),
        (
            replace(TO_HERSELF, held=(), may_mend=True),
            (
                "**You do not have this role at the moment.** The time runs on. Give it back by hand, and the "
                "timer still takes it at its end; or end the timer with `/cleartime`."
            ),
        ),
    ],
)
def test_a_role_that_the_member_lacks_is_said_to_be_missing_and_what_to_do(shown: ShownMember, line: str) -> None:
    [(_, value)] = _fields(_shown(RUNNING, shown=shown))
    assert value.split("\n")[2:] == [line]


def test_while_a_timer_is_paused_its_time_does_not_run_on() -> None:
    [(_, value)] = _fields(_shown(PAUSED, shown=replace(TO_HERSELF, held=())))
    assert value.split("\n")[2:] == ["**You do not have this role at the moment.** A moderator can give it back."]


def test_a_role_that_is_missing_while_its_timer_is_paused_comes_back_with_resumetime() -> None:
    [(_, value)] = _fields(_shown(PAUSED, shown=replace(TO_MODERATOR, held=())))
    [line] = value.split("\n")[2:]
    assert line.startswith("**They do not have this role at the moment.** `/resumetime` gives it back")
    assert "The time runs on" not in line


@pytest.mark.parametrize(
    "timer",
    [OVER, running(HOUR, at=NOW - 2 * HOUR), RUNNING.with_grant_until(NOW + MINUTE), running(HOUR, of=key(role=5))],
    ids=["ending", "over", "being given", "deleted"],
)
def test_a_role_that_is_going_or_coming_is_not_missed(timer: Timer) -> None:
    [(_, value)] = _fields(_shown(timer, shown=replace(TO_MODERATOR, held=())))
    assert "not have" not in value


def test_who_set_a_timer_is_said_and_why_without_effect_as_markdown() -> None:
    given = {VIP: Origin(MODERATOR, NOW, "[won](https://x.y) @everyone")}
    [(_, value)] = _fields(_shown(RUNNING, origins=given))
    said, why = value.split("\n")[2:]
    assert said == f"Set by <@{MODERATOR}> on <t:{AT}:F>"
    assert why == r"Reason: \[won\]\(https\://x\.y\) \@everyone"


def test_without_a_reason_only_who_set_it_is_said() -> None:
    [(_, value)] = _fields(_shown(PAUSED, origins={VIP: Origin(MODERATOR, NOW)}))
    assert value.split("\n")[2:] == [f"Set by <@{MODERATOR}> on <t:{AT}:F>"]


def test_the_longest_that_is_said_of_one_timer_fits_its_field() -> None:
    given = {VIP: Origin(UserId(2**63 - 1), NOW, "*" * 500)}
    for timer in (replace(RUNNING, channel=CHANNEL), _blocked()):
        for shown in (replace(TO_MODERATOR, held=()), replace(TO_MODERATOR, held=None)):
            [(_, value)] = _fields(_shown(timer, shown=shown, origins=given))
            assert len(value) <= MOST_IN_FIELD


def test_the_order_is_kept() -> None:
    timers = [running(HOUR, of=replace(KEY, role=RoleId(number))) for number in (3, 1, 2)]
    assert [value.split(":")[0] for _, value in _fields(_shown(*timers))] == ["<@&3>", "<@&1>", "<@&2>"]


def test_of_more_timers_than_fit_the_rest_is_counted() -> None:
    timers = [running(HOUR, of=key(role=number)) for number in range(1, MOST_FIELDS + 8)]
    embed = _shown(*timers)
    assert len(embed.fields) == MOST_FIELDS
    assert str(embed.footer).startswith("and 7 more")


def test_as_many_as_fit_are_all_shown() -> None:
    embed = _shown(*(running(HOUR, of=key(role=number)) for number in range(1, MOST_FIELDS + 1)))
    assert len(embed.fields) == MOST_FIELDS
    assert embed.footer is None


def test_long_texts_stay_within_the_limit_of_an_embed() -> None:
    embed = _shown(*([_blocked()] * 40), origins={VIP: Origin(MODERATOR, NOW, "r" * MOST_OF_REASON)})
    assert len(embed) <= MOST_CHARACTERS
    assert f"and {40 - len(embed.fields)} more" in str(embed.footer)
    assert 10 < len(embed.fields) < MOST_FIELDS
