"""`/cleartime`: ends a timer by hand."""

import nextcord

from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking, Person
from boostmon.texts import msgid


def _prepare(
    services: Services,
    asking: Asking,
    user: Person = options.user(msgid("Whose timer ends")),
    role: str | None = options.TIMED_ROLE,
    keep_role: bool = options.KEEP_ROLE,  # noqa: FBT001 - Discord passes options by name
    reason: str | None = options.REASON,
) -> Job:
    target, asked = asking.target(user, role), asking.asked(reason)
    is_member = isinstance(user, nextcord.Member)
    return lambda: services.changes.clear_time(target, asking, asked, keep_role=keep_role, is_member=is_member)


CLEARTIME = Command(
    "cleartime",
    msgid("End a member's timer and take the role"),
    _prepare,
    options.MODERATORS,
    suggest={"role": Completion.timed_role},
)
