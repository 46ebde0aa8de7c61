"""Details of ledger entries as JSON that can be read without BoostMon, and back."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, assert_never

from boostmon.adapters.postgres.storable import storable
from boostmon.domain.details import (
    Confirmed,
    Detail,
    Drop,
    LimitReached,
    NothingThere,
    NoticeDropped,
    NoticeRefused,
    NoticeTold,
    Obstructed,
    OfDiscord,
    OfNotice,
    RoleNamed,
    Unconfirmed,
    Unsorted,
)
from boostmon.domain.ids import ChannelId
from boostmon.domain.notices import NoticeKind
from boostmon.domain.outcomes import Gone
from boostmon.domain.timers import Obstacle
from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToLog, ToMember, Way

type Values = Mapping[str, Any]

DROPPED = "dropped"


@lru_cache(1024)  # most of a batch are alike
def detail_json(detail: Detail | None) -> str | None:
    """What is stored of a detail; equal ones are equal texts."""
    return None if detail is None else json.dumps(_values(detail))


def _values(detail: Detail) -> Values:
    match detail:
        case NoticeTold() | NoticeDropped() | NoticeRefused():
            return _of_notice(detail)
        case RoleNamed(name=name):
            return {"kind": "role_named", "name": storable(name)}
        case Unsorted(text=text):
            return {"kind": "text", "text": storable(text)}
        case _:
            return _of_discord(detail)


def _of_discord(detail: OfDiscord) -> Values:
    match detail:
        case Confirmed():
            return {"kind": "confirmed"}
        case NothingThere(what=what, error=error):
            return {"kind": "nothing_there", "what": what, "error": storable(error)}
        case Unconfirmed(error=error):
            return {"kind": "unconfirmed", "error": storable(error)}
        case LimitReached(error=error):
            return {"kind": "limit_reached", "error": storable(error)}
        case Obstructed(obstacle=obstacle, error=error):
            return {"kind": "obstructed", "obstacle": obstacle, "error": storable(error)}
        case _ as never:
            assert_never(never)


def _of_notice(detail: OfNotice) -> Values:
    threshold = {} if detail.threshold is None else {"threshold": detail.threshold.total_seconds()}
    values: Values = {"notice": detail.notice, **threshold}
    match detail:
        case NoticeTold(way=way):
            return {"kind": "told", **values, **_of_way(way)}
        case NoticeDropped(why=why, perhaps_sent=perhaps_sent):
            return {"kind": DROPPED, **values, "why": why, "perhaps_sent": perhaps_sent}
        case NoticeRefused(refusals=refusals):
            return {"kind": "refused", **values, "refusals": [_of_refusal(one) for one in refusals]}
        case _ as never:
            assert_never(never)


def _of_way(way: Way) -> Values:
    match way:
        case ToMember():
            return {"way": "member"}
        case ToChannel(channel):
            return {"way": "channel", "channel": channel}
        case ToLog(channel):
            return {"way": "log", "channel": channel}
        case _ as never:
            assert_never(never)


def _of_refusal(refusal: Refusal) -> Values:
    return {**_of_way(refusal.way), "error": storable(refusal.error), "barrier": refusal.barrier}


def detail_from(values: Values) -> Detail:
    """What was stored. What this version cannot read, as a later one may have written it, is kept as it stands."""
    try:
        return _READERS[values["kind"]](values)
    except (KeyError, TypeError, ValueError):
        return Unsorted(json.dumps(values, ensure_ascii=False))


def _threshold(values: Values) -> timedelta | None:
    seconds = values.get("threshold")
    return None if seconds is None else timedelta(seconds=seconds)


def _way(values: Values) -> Way:
    match values["way"]:
        case "member":
            return ToMember()
        case "channel":
            return ToChannel(ChannelId(values["channel"]))
        case "log":
            return ToLog(ChannelId(values["channel"]))
        case unknown:
            raise ValueError(unknown)


def _refusal(values: Values) -> Refusal:
    return Refusal(_way(values), values["error"], Barrier(values.get("barrier", Barrier.UNKNOWN)))


def _dropped(values: Values) -> NoticeDropped:
    return NoticeDropped(
        NoticeKind(values["notice"]), Drop(values["why"]), _threshold(values), perhaps_sent=values["perhaps_sent"]
    )


def _refused(values: Values) -> NoticeRefused:
    return NoticeRefused(NoticeKind(values["notice"]), tuple(map(_refusal, values["refusals"])), _threshold(values))


_READERS: Mapping[str, Callable[[Values], Detail]] = {
    "confirmed": lambda _: Confirmed(),
    "nothing_there": lambda values: NothingThere(Gone(values["what"]), values["error"]),
    "unconfirmed": lambda values: Unconfirmed(values["error"]),
    "limit_reached": lambda values: LimitReached(values["error"]),
    "obstructed": lambda values: Obstructed(Obstacle(values["obstacle"]), values["error"]),
    "told": lambda values: NoticeTold(NoticeKind(values["notice"]), _way(values), _threshold(values)),
    DROPPED: _dropped,
    "refused": _refused,
    "role_named": lambda values: RoleNamed(values["name"]),
    "text": lambda values: Unsorted(values["text"]),
}
