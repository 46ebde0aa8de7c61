"""Whether BoostMon has followed what others did to roles, as far as the audit log tells of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.chaos.audit import Key
from tests.chaos.witness import Logged


@dataclass(frozen=True, slots=True)
class Last:
    """What the ledger's last change of a timer left, and when that was committed, in the time of the entries."""

    committed: datetime
    has_timer: bool


def unfollowed(
    logged: Collection[Logged], lasts: Mapping[Key, Last], held: Collection[Key], starting: Collection[int]
) -> Iterator[str]:
    """A timer that is older than the removal of its role, and a role that should have started one and did not.

    `held` are the roles that members have, and `starting` those whose rule starts a timer. What was decided after an
    entry makes it old news.
    """
    for one in logged:
        key = (one.user_id, one.role_id)
        last = lasts.get(key)
        if last is not None and last.committed >= one.at:
            continue
        has_timer = last is not None and last.has_timer
        if not one.gives and has_timer:
            yield f"{key} lost the role at {one.at} by entry {one.entry}, but still has a timer"
        elif one.gives and not has_timer and one.role_id in starting and key in held:
            yield f"{key} was given the role at {one.at} by entry {one.entry}, but no timer started"
