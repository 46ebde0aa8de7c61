"""`/resumetime`: lets a paused timer go on from what remained."""

from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job, giving
from boostmon.entrypoints.bot.reading.asking import Asking, Person
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Whose countdown goes on")),
    role: str | None = options.TIMED_ROLE,
    reason: str | None = options.REASON,
) -> Job:
    target, asked = asking.target(user, role), asking.asked(reason)
    held = asking.roles_of(user)
    return giving(target, held, lambda: services.changes.resume_time(target, asking, asked, held=held))


RESUMETIME = Command(
    "resumetime",
    msgid("Let a member's paused countdown go on"),
    _prepare,
    options.MODERATORS,
    suggest={"role": Completion.timed_role},
)
