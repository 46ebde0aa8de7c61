"""`/removetime`: takes time away; at zero or below the timer ends."""

from boostmon.domain.durations import typed
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Whose time shrinks")),
    duration: str = options.duration(
        msgid("How much less, e.g. 30m, 2h; with nothing left it ends now. Or until when, e.g. Friday 18:00")
    ),
    role: str | None = options.TIMED_ROLE,
    reason: str | None = options.REASON,
) -> Job:
    when = typed(duration, now=asking.at, language=asking.words.language)
    target, asked = asking.target(user, role), asking.asked(reason)
    return lambda: services.changes.remove_time(target, when, asking, asked)


REMOVETIME = Command(
    "removetime",
    msgid("Give a member less time with a role"),
    _prepare,
    options.MODERATORS,
    suggest={"duration": Completion.removed_duration, "role": Completion.timed_role},
)
