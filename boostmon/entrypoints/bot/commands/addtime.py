"""`/addtime`: adds time to a timer, or starts one on the role that is named."""

from boostmon.domain.durations import typed
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import Job, giving
from boostmon.entrypoints.bot.reading.asking import Asking, Person, member
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Whose time grows")),
    duration: str = options.duration(
        msgid("How much more, e.g. 30m, 2h, 2 weeks; or until when, e.g. Friday 18:00, 24 Dec")
    ),
    role: str | None = options.role(msgid("Which role; one without a timer gets one. Not needed for the only timer")),
    reason: str | None = options.REASON,
) -> Job:
    when = typed(duration, now=asking.at, language=asking.words.language)
    member(user)
    target = asking.target(user, role)
    asked, held = asking.asked(reason), asking.roles_of(user)

    def job() -> Reply:
        return services.changes.add_time(target, when, asking, asked, held=held)

    return giving(target, held, job)


ADDTIME = Command(
    "addtime",
    msgid("Give a member more time with a role"),
    _prepare,
    options.MODERATORS,
    suggest={"duration": Completion.added_duration, "role": Completion.role_to_add},
)
