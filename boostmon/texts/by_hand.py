"""News for the log channel of roles that somebody gives or takes by hand, and that BoostMon does not leave at that."""

from collections.abc import Sequence

from boostmon.domain.ids import NOBODY
from boostmon.domain.notices import FoughtNotice, GivenAgainNotice, Notice, UntimedNotice
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.words import Words


def by_hand_cards(notices: Sequence[Notice], words: Words) -> list[Card]:
    """One for each kind of such news that is among the notices."""
    fought = _fought_cards([one for one in notices if isinstance(one, FoughtNotice)], words)
    again = _again_cards([one for one in notices if isinstance(one, GivenAgainNotice)], words)
    return [*fought, *again, *_untimed_cards([one for one in notices if isinstance(one, UntimedNotice)], words)]


def _fought_cards(notices: Sequence[FoughtNotice], words: Words) -> list[Card]:
    """Of roles that are given back no more; one card for all, or none."""
    lines = [
        words("{actor} took {role} from {user} again each time that I gave it back.", **_who(one, words))
        for one in notices
    ]
    what = words(
        "I stopped, and paused the timer, so that no time is lost. See to it that the role is left alone; then "
        "`/resumetime` gives it back and lets the timer go on."
    )
    return _card(words("Somebody takes a role that I give back"), lines, what)


def _again_cards(notices: Sequence[GivenAgainNotice], words: Words) -> list[Card]:
    """Of roles that members had who get them once; one card for all, or none."""
    lines = [
        words("{actor} gave {role} to {user}, who has had a timer on it before.", **_who(one, words)) for one in notices
    ]
    what = words(
        "By its rule, each member gets one timer on it, so I take the role again. With `/timerrule set once:False`, "
        "members can have it more than once."
    )
    return _card(words("A role was given a second time"), lines, what)


def _untimed_cards(notices: Sequence[UntimedNotice], words: Words) -> list[Card]:
    """Of roles that members got unheard whose rule starts a timer; one card for all, or none."""
    lines = [
        words.plural(
            "{n} member got {role} without my hearing of it, and has no timer on it.",
            "{n} members got {role} without my hearing of it, and have no timer on it.",
            one.members,
            role=stamps.role(one.key.role),
        )
        for one in notices
    ]
    what = words(
        "By its rule, a timer starts for whoever gets it. But the audit log does not say who they are, or I may not "
        "see it: I need **View Audit Log**. Use `/settime` for those members with the role who have no timer."
    )
    return _card(words("A role was given without my hearing of it"), lines, what)


def _card(title: str, lines: list[str], what: str) -> list[Card]:
    return [Card(title, "\n".join([*lines, what]), Colour.ATTENTION)] if lines else []


def _who(notice: FoughtNotice | GivenAgainNotice, words: Words) -> dict[str, str]:
    key = notice.key
    by = words("Somebody whom I do not know") if notice.by == NOBODY else stamps.user(notice.by)
    return {"actor": by, "role": stamps.role(key.role), "user": stamps.user(key.user)}
