"""The sub-commands of `/timersettings` that say what timers of a server may be, and what commands do to them."""

from nextcord import SlashOption

from boostmon.domain.policy import Stacking
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.settings_parts import changing, settings_request
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.texts import msgid

_STACKING = SlashOption(
    description=msgid("What becomes of the time that is left"),
    required=True,
    choices={
        msgid("replace: the new time counts from now"): str(Stacking.REPLACE),
        msgid("extend: the new time is added to what is left"): str(Stacking.EXTEND),
        msgid("keep longer: the later end counts"): str(Stacking.KEEP_LONGER),
        msgid("refuse: the timer stays as it is"): str(Stacking.REFUSE),
    },
)


def _set_stacking(services: Services, asking: Asking, rule: str = _STACKING) -> Job:
    request, change = settings_request(asking), services.use_cases.change_policy
    return changing(asking, lambda: change.stacking(request.guild, Stacking(rule), asked=request.asked))


RULES = (
    Command(
        "stacking",
        msgid("Set what /settime does for a member who has a timer on that role already"),
        _set_stacking,
        is_private=True,
    ),
)
