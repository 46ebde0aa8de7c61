"""`/movetime`: gives what remains to one member to another."""

from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import GivesRole, Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person, member
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    giver: Person = options.user(msgid("Whose time goes to the other"), name="from"),
    to: Person = options.user(msgid("Who gets the time and the role")),
    role: str | None = options.TIMED_ROLE,
    reason: str | None = options.REASON,
) -> Job:
    target, receiver, held = asking.target(giver, role), member(to), asking.roles_of(to)
    asked = asking.asked(reason)

    def job() -> Reply:
        return services.changes.move_time(target, receiver, asking, asked, held=held)

    # Without a role in the command, only what is stored tells which is meant.
    return job if target.role is None else GivesRole(TimerKey(target.guild, receiver, target.role), job)


MOVETIME = Command(
    "movetime",
    msgid("Move what remains of a member's timed role to another member"),
    _prepare,
    options.MODERATORS,
    suggest={"role": Completion.moved_role},
)
