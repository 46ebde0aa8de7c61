"""What buttons carry: everything comes back, all of it fits, and nothing else is taken for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.app.commands.errors import OutdatedButton
from boostmon.domain.durations import MAX_DURATION
from boostmon.domain.ids import ChannelId, RequestId, RoleId, UserId
from boostmon.entrypoints.bot.components.ids import (
    MOST_CHARACTERS,
    Clear,
    Keep,
    Replace,
    Shorten,
    Shown,
    Undo,
    Wish,
    decode,
    encode,
)
from tests.support.strategies import PROPERTY

ids = st.integers(0, 2**63 - 1)
shown = st.builds(Shown, ids.map(UserId), ids.map(RoleId), ids, st.booleans())
whens = st.one_of(
    st.timedeltas(timedelta(microseconds=1), MAX_DURATION),
    st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants its bounds naive
)
wishes: st.SearchStrategy[Wish] = st.one_of(
    st.builds(Replace, shown, whens, st.none() | ids.map(ChannelId)),
    st.builds(Shorten, shown, whens),
    st.builds(Clear, shown),
    st.just(Keep()),
    st.builds(Undo, ids.map(RequestId), st.booleans()),
)

WIDEST = Shown(UserId(2**63 - 1), RoleId(2**63 - 1), 2**63 - 1, by_leave=True)


@PROPERTY
@given(wish=wishes)
def test_every_wish_comes_back_as_it_was_written(wish: Wish) -> None:
    written = encode(wish)

    assert decode(written) == wish
    assert len(written) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    "wish",
    [
        Replace(WIDEST, MAX_DURATION, ChannelId(2**63 - 1)),
        Replace(WIDEST, datetime.max.replace(tzinfo=UTC), ChannelId(2**63 - 1)),
    ],
)
def test_the_longest_fit_what_discord_takes(wish: Wish) -> None:
    assert decode(encode(wish)) == wish
    assert len(encode(wish)) <= 80


@pytest.mark.parametrize(
    "written",
    [
        "",
        "b1",
        "b1:",
        "b1:z",
        "b1:k:",
        "b1:k:1",
        "b0:k",
        "b2:k",
        "k",
        "b1:c:1:2",
        "b1:c:1:2:",
        "b1:c:1:2:3",
        "b1:c:1:2:3:4",
        "b1:c:1:2:3:l:",
        "b1:c:1:2::",
        "b1:c:1:2:-3:",
        "b1:c:1:2:03:",
        "b1:c:1:2:A:",
        "b1:c:1:2: 3:",
        "b1:c:1:2:1_0:",
        "b1:c:1:2:٣:",
        "b1:c:1:2:zzzzzzzzzzzzz:",
        "b1:s:1:2:3::+0",
        "b1:s:1:2:3::+-1",
        "b1:s:1:2:3::+zzzzzzzzzzzz",
        "b1:s:1:2:3::@zzzzzzzzzzzz",
        "b1:s:1:2:3::@-1",
        "b1:s:1:2:3::10",
        "b1:s:1:2:3::",
        "b1:r:1:2:3::+1",
        "b1:u",
        "b1:u:1:h:h",
        "b1:u:1:x",
        "B1:k",
        "b1:k\n",
        "poll:vote:3",
        "b1:" + "c" * 5000,
        "b1:u:" + "9" * 5000,
    ],
)
def test_anything_else_is_outdated(written: str) -> None:
    with pytest.raises(OutdatedButton):
        decode(written)


@PROPERTY
@given(written=st.one_of(st.text(), st.text("b1:rscklu+@h0z-", max_size=40).map(lambda text: f"b1:{text}")))
def test_what_is_read_would_be_written_the_same(written: str) -> None:
    try:
        wish = decode(written)
    except OutdatedButton:
        return
    assert encode(wish) == written


def test_ids_of_today_are_read_tomorrow() -> None:
    of_version_one: dict[str, Wish] = {
        "b1:r:1:2:3::+a:4": Replace(Shown(UserId(1), RoleId(2), 3), timedelta(microseconds=10), ChannelId(4)),
        "b1:r:1:2:3::@a:": Replace(Shown(UserId(1), RoleId(2), 3), datetime(1970, 1, 1, 0, 0, 0, 10, UTC)),
        "b1:s:1:2:3::+a": Shorten(Shown(UserId(1), RoleId(2), 3), timedelta(microseconds=10)),
        "b1:c:1:2:3:": Clear(Shown(UserId(1), RoleId(2), 3)),
        "b1:c:1:2:3:l": Clear(Shown(UserId(1), RoleId(2), 3, by_leave=True)),
        "b1:k": Keep(),
        "b1:u:a": Undo(RequestId(10)),
        "b1:u:a:h": Undo(RequestId(10), had_role=True),
    }
    for written, wish in of_version_one.items():
        assert decode(written) == wish
        assert encode(wish) == written
