"""What stands in a guild's audit log beside each role that is given or taken."""

from boostmon.app.ports import AuditReason, Cause
from boostmon.texts.words import Words, msgid

_CAUSES: dict[Cause, str] = {
    Cause.TIME_UP: msgid("Time was up"),
    Cause.BEGINS: msgid("The time for it has come"),
    Cause.NOT_YET: msgid("Given too early: the timer begins later"),
    Cause.SET: msgid("Timer set by {actor}"),
    Cause.STARTED: msgid("Timer started by {actor}"),
    Cause.REVIVED: msgid("Timer revived by {actor}"),
    Cause.RESTORED: msgid("Timer restored by {actor}"),
    Cause.MISSED: msgid("Timer changed by {actor}, and the role was missing"),
    Cause.MOVED_HERE: msgid("Another member's time was moved here by {actor}"),
    Cause.MOVED_AWAY: msgid("Time moved to another member by {actor}"),
    Cause.CLEARED: msgid("Timer cleared by {actor}"),
    Cause.CLEARED_WITHOUT_ROLE: msgid("Timer cleared by {actor}; the role stays"),
    Cause.UNDONE: msgid("Timer undone by {actor}"),
    Cause.UNDONE_WITHOUT_ROLE: msgid("Timer undone by {actor}; the role stays"),
    Cause.GOES_ON: msgid("The timer was changed while the role was being taken"),
    Cause.TAKEN: msgid("Taken by {actor} while its timer runs"),
    Cause.RETURNED: msgid("The member is back, and the timer goes on"),
    Cause.TAKEN_UNHEARD: msgid("Taken unheard while its timer runs"),
    Cause.LEFT: msgid("The timer was cleared while the role was being taken; the role stays"),
}


def audit_reason(reason: AuditReason, words: Words) -> str:
    """One line of plain text: Discord shows neither mentions nor markdown there, so people go by their ids."""
    return words(_CAUSES[reason.cause], actor=str(reason.actor))
