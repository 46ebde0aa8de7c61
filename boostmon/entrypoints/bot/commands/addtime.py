"""`/addtime`: adds time to a timer, or starts one on the role that is named."""

from boostmon.domain.durations import parse_when
from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import GivesRole, Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person, has_role, member
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
    when = parse_when(duration, now=asking.at, zone=services.zone, language=asking.words.language)
    member(user)
    target = asking.target(user, role)
    asked, had_role = asking.asked(reason), has_role(user, target.role)

    def job() -> Reply:
        return services.changes.add_time(target, when, asking, asked, had_role=had_role)

    if target.role is None or had_role:
        return job
    # Most probably: only what is stored tells whether there is a timer on it already.
    return GivesRole(TimerKey(target.guild, target.user, target.role), job)


ADDTIME = Command(
    "addtime",
    msgid("Give a member more time with a role"),
    _prepare,
    options.MODERATORS,
    suggest={"duration": Completion.added_duration, "role": Completion.role_to_add},
)
