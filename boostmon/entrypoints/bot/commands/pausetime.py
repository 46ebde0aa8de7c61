"""`/pausetime`: freezes what remains."""

from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Whose countdown stops")),
    role: str | None = options.TIMED_ROLE,
    reason: str | None = options.REASON,
) -> Job:
    target, asked = asking.target(user, role), asking.asked(reason)
    return lambda: services.changes.pause_time(target, asking, asked)


PAUSETIME = Command(
    "pausetime",
    msgid("Stop a member's countdown, keeping what remains"),
    _prepare,
    options.MODERATORS,
    suggest={"role": Completion.timed_role},
)
