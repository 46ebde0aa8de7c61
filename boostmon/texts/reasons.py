"""Why a member could not be told, in words for the log channel: Discord's own say nothing to most people."""

from collections.abc import Sequence
from typing import assert_never

from boostmon.domain.ways import Barrier, Refusal, ToChannel, ToLog, ToMember
from boostmon.texts import stamps
from boostmon.texts.words import Words, msgid

MOST_REASONS = 3
"""Reasons that are told, as many as one notice can have ways that refuse it."""

NO_WAY = msgid("Direct messages are off here, and there is no channel for it: `/timersettings channel` names one.")
ADVICE = msgid("`/timersettings channel` names a channel for members who cannot be written to.")

BARRIERS: dict[Barrier, str] = {
    Barrier.DMS_CLOSED: msgid("the member takes none from me."),
    Barrier.NOTHING_SHARED: msgid("the member is in no server with me any more."),
    Barrier.ACCOUNT_GONE: msgid("the account does not exist any more."),
    Barrier.CHANNEL_GONE: msgid("the channel does not exist any more."),
    Barrier.CHANNEL_UNSEEN: msgid("I cannot see the channel. Allow me **View Channel** there."),
    Barrier.CHANNEL_FORBIDDEN: msgid(
        "I may not write there. Allow me **Send Messages** (in a thread: **Send Messages in Threads**) and "
        "**Embed Links**."
    ),
    Barrier.THREAD_CLOSED: msgid("the thread is closed."),
    Barrier.UNKNOWN: msgid(
        "Discord refused, for a reason that I do not know. Whoever runs me finds its answer in my log."
    ),
}
"""What keeps a place from taking a message, and what to do about it where something can be done."""


def reasons(refusals: Sequence[Refusal], words: Words) -> str:
    """What was tried and what became of it; `refusals` is empty where there was nothing to try."""
    if not refusals:
        return words(NO_WAY)
    told = list(dict.fromkeys(f"- {_told(one, words)}" for one in refusals))
    more = len(told) - MOST_REASONS
    shown = told if more <= 0 else [*told[:MOST_REASONS], f"- {words('and {n} more', n=more)}"]
    return "\n".join([words("What I tried:"), *shown, words(ADVICE)])


def _told(refusal: Refusal, words: Words) -> str:
    why = words(BARRIERS[refusal.barrier])
    match refusal.way:
        case ToMember():
            return words("a direct message: {why}", why=why)
        case ToChannel(channel) | ToLog(channel):
            return words("{channel}: {why}", channel=stamps.channel(channel), why=why)
        case _ as never:
            assert_never(never)
