"""What the asker may not do."""

from boostmon.domain.eligibility import (
    AskerMayNot,
    CommandNotAllowed,
)
from boostmon.texts.refusals.problems import Problem, explain


@explain.register
def _asker_may_not(_error: AskerMayNot) -> Problem:
    return Problem(
        "Only for moderators",
        "To see the timers of others you need the permission **Manage Roles** in this server, not only in a channel. "
        "Leave `user` out, and you see your own.",
    )


@explain.register
def _command_not_allowed(error: CommandNotAllowed) -> Problem:
    permission = f"**{error.needed.label}**"
    remedy = f"Ask whoever runs this server to give one of your roles {permission} under Server Settings → Roles"
    if error.in_channel_only:
        return Problem(
            "That permission is only for this channel",
            f"You have {permission} in this channel alone, by the channel's own settings, and it does not count for "
            f"this command. {remedy}, or to allow you the command under Server Settings → Integrations: then it works "
            "in channels that do not give you that permission by themselves.",
        )
    return Problem(
        "You may not use that command",
        f"It needs the permission {permission} in this server. {remedy}.",
    )
