"""`/mypause` and `/myresume`: members stop the countdown of their own timers, and let it go on; shown to them alone."""

from boostmon.domain.durations import typed
from boostmon.entrypoints.bot.commands import options
from boostmon.entrypoints.bot.commands.command import Command, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.components.replies import Reply
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.texts import msgid
from boostmon.texts.self_pausing import self_paused_card


def _pause(
    services: Services,
    asking: Asking,
    duration: str | None = options.duration(
        msgid("For how long, e.g. 3d; or until when, e.g. Friday 18:00; left out, for all the days you have left"),
        required=False,
    ),
    role: str | None = options.TIMED_ROLE,
) -> Job:
    when = None
    if duration is not None:
        when = typed(duration, now=asking.at, language=asking.words.language)
    only, asked, pause = asking.role(role), asking.asked(None), services.use_cases.self_pause

    def job() -> Reply:
        paused = pause(asking.view.id, asked=asked, role=only, duration=when)
        return Reply(self_paused_card(paused, asking.words, is_lost=asking.is_lost), key=paused.changed.key)

    return job


def _resume(services: Services, asking: Asking, role: str | None = options.TIMED_ROLE) -> Job:
    only, asked, resume = asking.role(role), asking.asked(None), services.use_cases.self_resume

    def job() -> Reply:
        resumed = resume(asking.view.id, asked=asked, role=only)
        return Reply(self_paused_card(resumed, asking.words, is_lost=asking.is_lost), key=resumed.changed.key)

    return job


MYPAUSE = Command(
    "mypause",
    msgid("Stop your own countdown for a while, if this server lets members; only you see the answer"),
    _pause,
    suggest={"duration": Completion.self_paused_duration, "role": Completion.visible_role},
    is_private=True,
)
MYRESUME = Command(
    "myresume",
    msgid("Let your own countdown go on that you paused; only you see the answer"),
    _resume,
    suggest={"role": Completion.visible_role},
    is_private=True,
)
