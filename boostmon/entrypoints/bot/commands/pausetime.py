"""`/pausetime`: freezes what remains, for a while or until it is resumed."""

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
    user: Person = options.user(msgid("Whose countdown stops")),
    duration: str | None = options.duration(
        msgid("For how long, e.g. 3d, 2 weeks; or until when, e.g. Friday 18:00; left out, until it is resumed"),
        required=False,
    ),
    role: str | None = options.TIMED_ROLE,
    reason: str | None = options.REASON,
) -> Job:
    when = None
    if duration is not None:
        when = typed(duration, now=asking.at, language=asking.words.language)
    target, asked = asking.target(user, role), asking.asked(reason)
    return lambda: services.changes.pause_time(target, asking, asked, duration=when)


PAUSETIME = Command(
    "pausetime",
    msgid("Stop a member's countdown, keeping what remains"),
    _prepare,
    options.MODERATORS,
    suggest={"duration": Completion.paused_duration, "role": Completion.timed_role},
)
