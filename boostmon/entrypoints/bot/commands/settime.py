"""`/settime`: starts a timer, or replaces one."""

import nextcord

from boostmon.domain.channels import ensure_usable
from boostmon.domain.durations import typed
from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import GivesRole, Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person, chosen_channel, chosen_role, has_role, member
from boostmon.entrypoints.bot.reading.guild_view import Channel
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Who gets the role")),
    role: nextcord.Role | None = options.ROLE_TO_GIVE,
    duration: str | None = options.duration(
        msgid("How long, e.g. 2h, 1d 12h; or until when, e.g. Friday 18:00; left out, the usual time"), required=False
    ),
    starts: str | None = options.duration(
        msgid("When it begins, e.g. in 3d, Friday 18:00; the role is given then; left out, at once"), required=False
    ),
    channel: Channel | None = options.WARNING_CHANNEL,
    reason: str | None = options.REASON,
) -> Job:
    when = None if duration is None else typed(duration, now=asking.at, language=asking.words.language)
    begins = None if starts is None else typed(starts, now=asking.at, language=asking.words.language)
    key = TimerKey(asking.view.id, member(user), chosen_role(asking, role))
    warned_in = chosen_channel(asking, channel)
    ensure_usable(warned_in)
    asked, had_role = asking.asked(reason), has_role(user, key.role)

    def job() -> Reply:
        return services.changes.set_time(key, when, asking, asked, channel=warned_in, had_role=had_role, starts=begins)

    return GivesRole(key, job) if begins is None else job


SETTIME = Command(
    "settime",
    msgid("Give a member a role for a time"),
    _prepare,
    options.MODERATORS,
    suggest={"duration": Completion.set_duration, "starts": Completion.start},
)
