"""News for the log channel of roles that somebody gives or takes by hand, and that BoostMon does not leave at that."""

from collections.abc import Sequence

from boostmon.domain.notices import FoughtNotice, GivenAgainNotice
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.words import Words


def fought_cards(notices: Sequence[FoughtNotice], words: Words) -> list[Card]:
    """Of roles that are given back no more; one card for all, or none."""
    lines = [
        words("{actor} took {role} from {user} again each time that I gave it back.", **_who(one)) for one in notices
    ]
    what = words(
        "I stopped, and paused the timer, so that no time is lost. See to it that the role is left alone; then "
        "`/resumetime` gives it back and lets the timer go on."
    )
    return _card(words("Somebody takes a role that I give back"), lines, what)


def again_cards(notices: Sequence[GivenAgainNotice], words: Words) -> list[Card]:
    """Of roles that members had who get them once; one card for all, or none."""
    lines = [words("{actor} gave {role} to {user}, who has had a timer on it before.", **_who(one)) for one in notices]
    what = words(
        "By its rule, each member gets one timer on it, so I take the role again. With `/timerrule set once:False`, "
        "members can have it more than once."
    )
    return _card(words("A role was given a second time"), lines, what)


def _card(title: str, lines: list[str], what: str) -> list[Card]:
    return [Card(title, "\n".join([*lines, what]), Colour.ATTENTION)] if lines else []


def _who(notice: FoughtNotice | GivenAgainNotice) -> dict[str, str]:
    key = notice.key
    return {"actor": stamps.user(notice.by), "role": stamps.role(key.role), "user": stamps.user(key.user)}
