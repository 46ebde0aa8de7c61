"""What the asker may not do."""

from boostmon.domain.eligibility import AskerMayNot, CommandNotAllowed
from boostmon.texts.permissions import permission_names
from boostmon.texts.refusals.problems import Problem, explain
from boostmon.texts.words import Words


@explain.register
def _asker_may_not(_error: AskerMayNot, words: Words) -> Problem:
    return Problem(
        words("Only for moderators"),
        words(
            "To see the timers of others you need the permission **Manage Roles** in this server, not only in a "
            "channel. Leave `user` out, and you see your own."
        ),
    )


@explain.register
def _command_not_allowed(error: CommandNotAllowed, words: Words) -> Problem:
    permission = permission_names(error.needed, words)
    if error.in_channel_only:
        return Problem(
            words("That permission is only for this channel"),
            words(
                "You have {permission} in this channel alone, by the channel's own settings, and it does not count "
                "for this command. Ask whoever runs this server to give one of your roles {permission} under Server "
                "Settings → Roles, or to allow you the command under Server Settings → Integrations: then it works in "
                "channels that do not give you that permission by themselves.",
                permission=permission,
            ),
        )
    return Problem(
        words("You may not use that command"),
        words(
            "It needs the permission {permission} in this server. Ask whoever runs this server to give one of your "
            "roles {permission} under Server Settings → Roles.",
            permission=permission,
        ),
    )
