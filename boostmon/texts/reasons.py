"""Why a member could not be told, in words for the log channel: Discord's own say nothing to most people."""

from collections.abc import Sequence
from typing import assert_never

from boostmon.app.ports import Refusal
from boostmon.domain.ways import Barrier, ToChannel, ToLog, ToMember, Way
from boostmon.texts import stamps

MOST_REASONS = 3
"""Reasons that are told, as many as one notice can have ways that refuse it."""

NO_WAY = "Direct messages are off here, and there is no channel for it: `/timersettings channel` names one."
ADVICE = "`/timersettings channel` names a channel for members who cannot be written to."

BARRIERS: dict[Barrier, str] = {
    Barrier.DMS_CLOSED: "the member takes none from me.",
    Barrier.NOTHING_SHARED: "the member is in no server with me any more.",
    Barrier.ACCOUNT_GONE: "the account does not exist any more.",
    Barrier.CHANNEL_GONE: "the channel does not exist any more.",
    Barrier.CHANNEL_UNSEEN: "I cannot see the channel. Allow me **View Channel** there.",
    Barrier.CHANNEL_FORBIDDEN: (
        "I may not write there. Allow me **Send Messages** (in a thread: **Send Messages in Threads**) and "
        "**Embed Links**."
    ),
    Barrier.THREAD_CLOSED: "the thread is closed.",
    Barrier.UNKNOWN: "Discord refused, for a reason that I do not know. Whoever runs me finds its answer in my log.",
}
"""What keeps a place from taking a message, and what to do about it where something can be done."""


def reasons(refusals: Sequence[Refusal]) -> str:
    """What was tried and what became of it; `refusals` is empty where there was nothing to try."""
    if not refusals:
        return NO_WAY
    told = list(dict.fromkeys(f"- {_place(one.way)}: {BARRIERS[one.barrier]}" for one in refusals))
    more = len(told) - MOST_REASONS
    shown = told if more <= 0 else [*told[:MOST_REASONS], f"- and {more} more"]
    return "\n".join(["What I tried:", *shown, ADVICE])


def _place(way: Way) -> str:
    match way:
        case ToMember():
            return "a direct message"
        case ToChannel(channel) | ToLog(channel):
            return stamps.channel(channel)
        case _ as never:
            assert_never(never)
