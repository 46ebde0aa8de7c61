"""Where notices go by what a server decided."""

import pytest

from boostmon.domain.ids import ChannelId
from boostmon.domain.notices import BlockedNotice, EndedNotice, Notice, ResolvedNotice, WarningNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import ToChannel, ToLog, ToMember, Way, ways_of
from tests.support.timers import HOUR, KEY, NOW

OWN, GUILDS, LOG = ChannelId(1), ChannelId(2), ChannelId(3)


def for_member(channel: ChannelId | None) -> list[Notice]:
    return [WarningNotice(KEY, channel, HOUR, NOW), EndedNotice(KEY, channel, NOW)]


@pytest.mark.parametrize(
    ("own", "policy", "ways"),
    [
        (None, Policy(), (ToMember(),)),
        (OWN, Policy(), (ToChannel(OWN), ToMember())),
        (None, Policy(warning_channel=GUILDS), (ToChannel(GUILDS), ToMember())),
        (OWN, Policy(warning_channel=GUILDS), (ToChannel(OWN), ToChannel(GUILDS), ToMember())),
        (OWN, Policy(warning_channel=OWN), (ToChannel(OWN), ToMember())),
        (OWN, Policy(dms=False), (ToChannel(OWN),)),
        (None, Policy(dms=False), ()),
        (None, Policy(dms=False, log_channel=LOG), (ToLog(LOG),)),
        (None, Policy(warning_channel=GUILDS, log_channel=LOG), (ToChannel(GUILDS), ToMember(), ToLog(LOG))),
        (None, Policy(warning_channel=LOG, log_channel=LOG), (ToChannel(LOG), ToMember())),
    ],
)
def test_members_are_told_in_the_best_place_there_is(
    own: ChannelId | None, policy: Policy, ways: tuple[Way, ...]
) -> None:
    assert [ways_of(notice, policy) for notice in for_member(own)] == [ways, ways]


def test_an_obstacle_is_for_those_who_run_the_server_alone() -> None:
    notice = BlockedNotice(KEY, Obstacle.MISSING_PERMISSIONS, NOW)

    assert ways_of(notice, Policy(warning_channel=GUILDS, log_channel=LOG)) == (ToLog(LOG),)
    assert ways_of(notice, Policy(warning_channel=GUILDS)) == ()


def test_that_an_obstacle_is_gone_is_told_where_the_obstacle_was() -> None:
    notice = ResolvedNotice(KEY, NOW)

    assert ways_of(notice, Policy(warning_channel=GUILDS, log_channel=LOG)) == (ToLog(LOG),)
    assert ways_of(notice, Policy(warning_channel=GUILDS)) == ()
