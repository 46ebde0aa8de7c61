"""`/timeleft`: shows a member's timers to the asker alone."""

from boostmon.domain.ids import UserId
from boostmon.domain.lacks import lack_in
from boostmon.domain.managing import may_see_others
from boostmon.domain.member_events import MemberSeen
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person
from boostmon.texts import msgid
from boostmon.texts.cards import Card
from boostmon.texts.timeleft import ShownMember, timeleft_card


def _prepare(
    services: Services,
    asking: Asking,
    user: Person | None = options.user(msgid("Whose timers; left out, your own"), required=False),
    role: str | None = options.TIMED_ROLE,
) -> Job:
    whose = asking.by if user is None else UserId(user.id)
    only, view = asking.role(role), asking.view
    is_self = whose == asking.by
    # Who is shown the timers of others may change them, too.
    may_mend = not is_self or may_see_others(view.asker)
    held = asking.roles_of(user)
    shown = ShownMember(whose, held, is_self=is_self, may_mend=may_mend)
    seen = None if held is None else MemberSeen(view.id, whose, asking.at, held, asking.joined(user))

    def job() -> Card:
        left = services.use_cases.time_left(view.id, whose, by=asking.by, view=view, role=only, seen=seen)
        return timeleft_card(
            shown,
            left,
            view.roles,
            asking.words,
            at=asking.at,
            lack=lambda role: lack_in(view, role),
            is_lost=asking.is_lost,
        )

    return job


TIMELEFT = Command(
    "timeleft",
    msgid("See how long timed roles last; only you see the answer"),
    _prepare,
    suggest={"role": Completion.visible_role},
    is_private=True,
    reads=True,
)
