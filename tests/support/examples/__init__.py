"""What BoostMon says, one example of each: to be read through, language by language, and to be measured.

What other people chose, such as the names of roles, comes from a `Cast`, so that the same sentences can be had with
short names and with the longest there are.
"""

from collections.abc import Callable, Iterator, Mapping

from boostmon.texts import Words
from tests.support.examples.answers import answers, moves, self_pauses, undoings
from tests.support.examples.audit import audit_log
from tests.support.examples.casts import LONGEST, PLAIN, Cast
from tests.support.examples.choices import choices
from tests.support.examples.lookups import settings, times_left
from tests.support.examples.notices import direct_messages, log_news, public_messages
from tests.support.examples.questions import questions
from tests.support.examples.refusals import obstacles, permissions, refusals, unreadable_durations
from tests.support.examples.rules import rules
from tests.support.examples.said import Example, Said

type Section = Callable[[Words, Cast], Iterator[Example]]

SECTIONS: Mapping[str, Section] = {
    "Answers to changes": answers,
    "Answers to moving": moves,
    "Answers to members who pause": self_pauses,
    "Answers to undoing": undoings,
    "Questions before much time is taken away": questions,
    "Time left": times_left,
    "Settings": settings,
    "Rules for roles": rules,
    "Messages in a channel": public_messages,
    "Direct messages": direct_messages,
    "Messages in the log channel": log_news,
    "Reasons in the audit log": audit_log,
    "What stands in the way of a role": obstacles,
    "Refusals": refusals,
    "Durations that cannot be read": unreadable_durations,
    "Permissions": permissions,
    "Suggestions while typing": choices,
}


def said(words: Words, cast: Cast) -> Iterator[tuple[str, str, Said]]:
    """Every example in these words: its section, its name and what is said."""
    for title, section in SECTIONS.items():
        for name, one in section(words, cast):
            yield title, name, one


__all__ = ["LONGEST", "PLAIN", "SECTIONS", "Cast", "Example", "Said", "said"]
