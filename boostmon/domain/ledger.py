"""The append-only history of every change: who, when, before, after, why, and what BoostMon knows of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from boostmon.domain.details import Detail
from boostmon.domain.ids import EntryId, RequestId, TimerKey, UserId
from boostmon.domain.timers import Timer


class Action(StrEnum):
    """What was done. Values are stored: never rename one."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"
    PAUSE = "pause"
    RESUME = "resume"
    SELF_PAUSE = "self_pause"
    """The member paused their own timer."""
    SELF_RESUME = "self_resume"
    """The member let their own timer go on, which they had paused."""
    CLEAR = "clear"
    MOVE = "move"
    """What remained went from one member to another: an entry for each, of one request."""
    UNDO = "undo"
    """A person undid the latest change that a person had made."""
    PUT_BACK = "put_back"
    """Discord refused the role, so the previous change was reverted. Warnings that were undelivered before that change
    do not come back: they said when the role ends, and the next threshold says so again."""
    TAKE_AGAIN = "take_again"
    """Discord gave the role only after its timer was over, so it is removed once more."""
    LAPSED = "lapsed"
    """Time was up, and the member keeps the role for as long as the rule's grace."""
    WENT_ON = "went_on"
    """A pause was to end then, and the timer runs again."""
    BEGAN = "began"
    """A timer was to begin then: its role was given, and it runs."""
    FOLLOWED = "followed"
    """Time was up on a role whose rule lets this one follow: it is to be given."""
    GIVING_FAILED = "giving_failed"
    """A timer was to begin, and its role was not given, or nobody knows. With no timer after it, it never will be."""
    ROLE_DELETED = "role_deleted"
    """The role does not exist any more, so its timer ends."""
    RULED = "ruled"
    """The date by which all timers of the role end was set or put off, so that it ends otherwise than it would have."""
    GIVE_BACK = "give_back"
    """The role was taken while its timer goes on, and is asked for again: by BoostMon itself as a command came between,
    or by the actor, where the guild wants roles given back that were taken by hand."""
    FOUGHT = "fought"
    """A person, or another bot, took the role again each time that it was given back: its timer waits."""
    STARTED = "started"
    """A person, or another bot, gave the role, and its rule started the timer."""
    GIVEN_AGAIN = "given_again"
    """A person, or another bot, gave the role to a member who had their only timer on it before: the role goes."""
    TAKEN = "taken"
    """A person, or another bot, took the role, so its timer is over."""
    LEFT = "left"
    """The member left the guild, so the timer waits for them or ends, as the guild decided; the actor made them go."""
    RETURNED = "returned"
    """The member is back in the guild: the timer goes on, and the role is given back."""
    ENDED = "ended"
    """Discord confirmed the removal, or had nothing to remove."""
    REMOVAL_FAILED = "removal_failed"
    DELIVERED = "delivered"
    """A notice reached a member or a channel."""
    UNDELIVERED = "undelivered"
    """A notice went stale or could reach nobody."""


TOLD = (Action.DELIVERED, Action.UNDELIVERED)
"""Entries of notices, which change no timer."""
LEAVING = (Action.CLEAR, Action.UNDO)
"""Actions of a person that delete a timer at once, though only if the member keeps the role."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One change. `actor` None is BoostMon itself; `before` or `after` None means that no timer was there.

    `reason` is what a person gave for it, in their own words; `detail` is what BoostMon knows of it. `request` makes a
    command's entry unique for its timer: the same request is applied once. So does the entry of Discord's audit log for
    what follows from it.
    """

    key: TimerKey
    at: datetime
    action: Action
    actor: UserId | None = None
    before: Timer | None = None
    after: Timer | None = None
    reason: str | None = None
    request: RequestId | None = None
    detail: Detail | None = None


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry as it is stored. Of two entries of a guild the later one has the greater id."""

    id: EntryId
    entry: LedgerEntry
