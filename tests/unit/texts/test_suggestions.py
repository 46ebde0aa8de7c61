from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.durations import DurationProblem, InvalidDuration, Months, Span, When
from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.permissions import Permission
from boostmon.domain.transitions import end, pause
from boostmon.texts.duration_problems import in_choice
from boostmon.texts.quoting import shortened
from boostmon.texts.role_suggestions import role_choices
from boostmon.texts.suggestions import (
    MOST_CHOICES,
    MOST_LETTERS,
    Choices,
    Effect,
    Scene,
    duration_choices,
    effect_of_adding,
    effect_of_removing,
    effect_of_setting,
    effect_unknown,
)
from tests.support.scenes import scene
from tests.support.timers import DAY, HOUR, MINUTE, NOW, key, running
from tests.support.words import ENGLISH
from tests.unit.domain.durations_support import PROPERTY, any_text

BERLIN = ZoneInfo("Europe/Berlin")
SCENE = scene(ENGLISH, NOW)
IN_BERLIN = scene(ENGLISH, NOW, "Europe/Berlin")
SETTING = effect_of_setting(SCENE)


def _offered(typed: str, effect: Effect = SETTING, zone: ZoneInfo | None = None) -> Choices:
    return duration_choices(typed, scene(ENGLISH, NOW, str(zone or UTC)), effect)


def test_a_duration_is_offered_as_understood_with_its_end() -> None:
    name, value = next(iter(_offered("2h").items()))
    assert name == "2 hours: ends Sat 7 Nov 14:00 UTC"
    assert value == "2h"


def test_ends_are_told_in_the_zone_and_with_another_year() -> None:
    assert "90 days: ends Fri 5 Feb 2027 13:00 CET" in _offered("90d", effect_of_setting(IN_BERLIN), BERLIN)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (
            "1M",
            {
                "“1M”: minutes or months? Write “1min” or “1mo”.": "1M",
                "1 minute: ends Sat 7 Nov 12:01 UTC": "1min",
                "30 days: ends Mon 7 Dec 12:00 UTC": "1mo",
            },
        ),
        (
            "next friday",
            {
                "“next friday”: on which day? Write “2026-11-13” or “2026-11-20”.": "next friday",
                "until Fri 13 Nov 00:00 UTC: 5 days 12 hours from now": "2026-11-13 00:00+00:00",
                "until Fri 20 Nov 00:00 UTC: 12 days 12 hours from now": "2026-11-20 00:00+00:00",
            },
        ),
        (
            "today",
            {
                "“today” has begun already. Add a time of day, such as 18:00.": "today",
                "until Sat 7 Nov 18:00 UTC: 6 hours from now": "2026-11-07 18:00+00:00",
                "until Sat 7 Nov 23:59 UTC: 11 hours 59 minutes from now": "2026-11-07 23:59+00:00",
            },
        ),
        (
            "3 dyas",
            {
                "“dyas” is not a unit of time. Did you mean “days”?": "3 dyas",
                "3 days: ends Tue 10 Nov 12:00 UTC": "3 days",
            },
        ),
        (
            "24.12",
            {
                "until Thu 24 Dec 00:00 UTC: 46 days 12 hours from now": "2026-12-24 00:00+00:00",
                "until Thu 24 Dec 12:00 UTC: 47 days from now": "2026-12-24 12:00+00:00",
                "until Thu 24 Dec 18:00 UTC: 47 days 6 hours from now": "2026-12-24 18:00+00:00",
                "until Thu 24 Dec 23:59 UTC: 47 days 12 hours from now": "2026-12-24 23:59+00:00",
            },
        ),
        ("until tomorr", {"until Sun 8 Nov 00:00 UTC: 12 hours from now": "2026-11-08 00:00+00:00"}),
        ("18:00", {"until Sat 7 Nov 18:00 UTC: 6 hours from now": "2026-11-07 18:00+00:00"}),
    ],
)
def test_what_is_typed_is_told_and_what_else_it_may_be_is_offered(typed: str, offered: Choices) -> None:
    assert _offered(typed) == offered


def test_a_last_number_is_offered_as_enter_takes_it_and_as_nothing_absurd() -> None:
    offered = _offered("2 hours 30")
    assert next(iter(offered.items())) == ("2 hours 30 minutes: ends Sat 7 Nov 14:30 UTC", "2 hours 30")
    assert not [name for name in offered if "year" in name or "day" in name]


def test_a_moment_is_offered_with_how_far_away_it_is() -> None:
    assert _offered("2026-11-08 18:00") == {
        "until Sun 8 Nov 18:00 UTC: 1 day 6 hours from now": "2026-11-08 18:00+00:00"
    }


def test_a_moment_is_sent_with_its_offset_and_its_seconds() -> None:
    offered = _offered("<t:1794139205>", effect_of_setting(IN_BERLIN), BERLIN)
    assert offered == {"until Sun 8 Nov 13:00 CET: 1 day from now": "2026-11-08 13:00:05+01:00"}


def test_an_unfinished_text_is_finished() -> None:
    assert "1 day 2 hours: ends Sun 8 Nov 14:00 UTC" in _offered("1d 2")


def test_nothing_typed_brings_usual_durations() -> None:
    offered = _offered("")
    assert offered["1 hour: ends Sat 7 Nov 13:00 UTC"] == "1h"
    assert len(offered) > 5


def test_a_wrong_text_brings_one_choice_that_says_what_is_wrong_and_sends_the_text() -> None:
    assert _offered("5 parsecs") == {"“parsecs” is not a unit of time. Units: s, m, h, d, w, mo, y.": "5 parsecs"}
    assert _offered("2020-01-01") == {"That moment is in the past.": "2020-01-01"}


@PROPERTY
@given(
    any_text | st.from_regex(r"[0-9]{1,4} ?[a-zA-Z]{0,4}( [0-9]{1,2}[a-zA-Z]?)?", fullmatch=True),
    st.sampled_from([scene(ENGLISH, NOW, zone, months) for zone in ("UTC", "Europe/Berlin") for months in Months]),
)
def test_autocomplete_and_enter_never_disagree(typed: str, typing: Scene) -> None:
    """What is offered for the text itself is what Enter makes of it; what Enter refuses is not offered as anything."""
    effect = effect_of_setting(typing)
    offered = duration_choices(typed, typing, effect)
    assert len(offered) <= MOST_CHOICES
    assert all(0 < len(name) <= MOST_LETTERS and len(value) <= MOST_LETTERS for name, value in offered.items())
    on_enter = _meant(typed, typing)
    if isinstance(on_enter, timedelta | Span | datetime):
        name, value = next(iter(offered.items()))
        assert _meant(value, typing) == on_enter
        assert effect(on_enter) in name
        understood = list(offered.items())
    else:
        refusals = [(name, value) for name, value in offered.items() if name == in_choice(on_enter, ENGLISH)]
        assert refusals in ([], [next(iter(offered.items()))])
        assert refusals or offered
        understood = [(name, value) for name, value in offered.items() if name != in_choice(on_enter, ENGLISH)]
        assert all(value == (shortened(typed, MOST_LETTERS) or "?") for _, value in refusals)
    for name, value in understood:
        meant = _meant(value, typing)
        assert isinstance(meant, timedelta | Span | datetime)
        assert effect(meant) in name
        assert next(iter(duration_choices(value, typing, effect))) == name


def _meant(text: str, typing: Scene) -> When | DurationProblem:
    try:
        return typing.understood(text)
    except InvalidDuration as error:
        return error.problem


@pytest.mark.parametrize(
    ("effect", "shown"),
    [
        (effect_of_adding(running(3 * HOUR), SCENE), "1 hour: ends Sat 7 Nov 16:00 UTC"),
        (effect_of_adding(pause(running(3 * HOUR), now=NOW), SCENE), "1 hour: 4 hours left, paused"),
        (effect_of_adding(end(running(3 * HOUR), now=NOW), SCENE), "1 hour: ends Sat 7 Nov 13:00 UTC"),
        (effect_of_adding(None, SCENE), "1 hour: ends Sat 7 Nov 13:00 UTC"),
        (effect_of_removing(running(3 * HOUR), SCENE), "1 hour: ends Sat 7 Nov 14:00 UTC"),
        (effect_of_removing(running(HOUR), SCENE), "1 hour: ends now"),
        (effect_of_removing(pause(running(3 * HOUR), now=NOW), SCENE), "1 hour: 2 hours left, paused"),
        (effect_of_removing(end(running(3 * HOUR), now=NOW), SCENE), "1 hour: no, time is up already"),
        (effect_of_adding(running(3650 * DAY), SCENE), "1 hour: no, 10 years is the most"),
        (effect_unknown, "1 hour"),
    ],
)
def test_what_would_come_of_it_is_told(effect: Effect, shown: str) -> None:
    assert _offered("1h", effect)[shown] == "1h"


IN_FIVE_HOURS = "until Sat 7 Nov 17:00 UTC"


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [
        (effect_of_setting(SCENE), "5 hours from now"),
        (effect_of_adding(None, SCENE), "5 hours from now"),
        (effect_of_adding(running(3 * HOUR), SCENE), "2 hours more"),
        (effect_of_adding(running(DAY), SCENE), "no, it ends Sun 8 Nov 12:00 UTC already"),
        (effect_of_adding(running(5 * HOUR), SCENE), "no, it ends Sat 7 Nov 17:00 UTC already"),
        (effect_of_adding(pause(running(3 * HOUR), now=NOW), SCENE), "no, it is paused: /resumetime first"),
        (effect_of_adding(end(running(3 * HOUR), now=NOW), SCENE), "5 hours more"),
        (effect_of_removing(running(DAY), SCENE), "19 hours less"),
        (effect_of_removing(running(3 * HOUR), SCENE), "no, it ends Sat 7 Nov 15:00 UTC already"),
        (effect_of_removing(pause(running(DAY), now=NOW), SCENE), "no, it is paused: /resumetime first"),
    ],
)
def test_what_a_moment_does_to_a_timer_is_told(effect: Effect, outcome: str) -> None:
    assert _offered("2026-11-07 17:00", effect) == {f"{IN_FIVE_HOURS}: {outcome}": "2026-11-07 17:00+00:00"}


def test_a_moment_without_a_known_timer_is_shown_alone() -> None:
    assert _offered("2026-11-07 17:00", effect_unknown) == {IN_FIVE_HOURS: "2026-11-07 17:00+00:00"}


def _view(*names: str, top: int = 100) -> GuildView:
    roles = [RoleFacts(RoleId(place), name, position=place) for place, name in enumerate(names, start=1)]
    anybody = Standing(top=(top, 0), permissions=Permission.MANAGE_ROLES)
    return GuildView(GuildId(77), bot=anybody, asker=anybody, roles={role.id: role for role in roles})


TIMERS = [
    running(DAY, of=key(role=1)),
    running(HOUR, of=key(role=2)),
    pause(running(MINUTE, of=key(role=3)), now=NOW),
    end(running(HOUR, of=key(role=9)), now=NOW),
]


def test_timed_roles_are_offered_with_what_is_left_the_next_to_end_first() -> None:
    assert role_choices("", TIMERS, _view("VIP", "Gold", "Sponsor", "Other"), ENGLISH, now=NOW) == {
        "Deleted role: time is up": "9",
        "Gold: 1 hour left": "2",
        "VIP: 1 day left": "1",
        "Sponsor: 1 minute left, paused": "3",
    }


@pytest.mark.parametrize("typed", ["gol", "@GOLD", "2", "<@&2>", " Gold "])
def test_what_is_typed_narrows_the_choice(typed: str) -> None:
    assert role_choices(typed, TIMERS, _view("VIP", "Gold", "Sponsor"), ENGLISH, now=NOW) == {"Gold: 1 hour left": "2"}


def test_other_roles_follow_where_they_are_wanted_the_highest_first() -> None:
    view = _view("VIP", "Gold", "Sponsor", "Other", "Higher", "TooHigh", top=5)
    names = list(role_choices("", TIMERS[:1], view, ENGLISH, now=NOW, others=True))
    assert names == ["VIP: 1 day left", "Higher", "Other", "Sponsor", "Gold"]


def test_of_the_others_only_those_are_offered_that_the_guild_lets_be_timed() -> None:
    view, listed = _view("VIP", "Gold", "Sponsor", "Other"), frozenset({RoleId(1), RoleId(4)})
    offered = role_choices("", TIMERS[1:2], view, ENGLISH, now=NOW, others=True, timeable=listed)
    assert list(offered) == ["Gold: 1 hour left", "Other", "VIP"]


def test_roles_of_one_name_are_told_apart() -> None:
    timers = [running(HOUR, of=key(role=1)), running(HOUR, of=key(role=2))]
    assert role_choices("", timers, _view("VIP", "VIP"), ENGLISH, now=NOW) == {
        "VIP: 1 hour left": "1",
        "VIP: 1 hour left (2)": "2",
    }


def test_no_more_is_offered_than_discord_shows() -> None:
    view = _view(*("A very long name of a role " * 3 + str(number) for number in range(60)))
    timers = [running(HOUR * number, of=key(role=number)) for number in range(1, 40)]
    offered = role_choices("", timers, view, ENGLISH, now=NOW, others=True)
    assert len(offered) == MOST_CHOICES
    assert max(map(len, offered)) <= MOST_LETTERS


def test_the_choice_names_stay_within_the_limit_at_the_longest() -> None:
    longest = timedelta(days=3650) - timedelta(microseconds=1)
    effect = effect_of_setting(scene(ENGLISH, datetime(2026, 9, 30, tzinfo=UTC), "America/Argentina/Buenos_Aires"))
    assert len(effect(longest)) + len("9 years 364 days 23 hours 59 minutes 59 seconds: ") <= MOST_LETTERS


def test_a_role_whose_name_nobody_sees_is_offered_by_its_id() -> None:
    view = _view("\u200b", "\u202e", "VIP")
    offered = role_choices("", [running(HOUR, of=key(role=1))], view, ENGLISH, now=NOW, others=True)
    assert offered == {"1: 1 hour left": "1", "VIP": "3", "2": "2"}


def test_a_text_that_nobody_sees_is_sent_as_something() -> None:
    assert all(value for value in _offered("\u200b\u202e").values())
