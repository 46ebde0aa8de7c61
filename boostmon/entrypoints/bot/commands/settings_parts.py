"""What the sub-commands of `/timersettings` have in common: who may use them, and the answer to a change."""

from collections.abc import Callable
from dataclasses import dataclass

from boostmon.app.ports import Asked, PolicyChange
from boostmon.domain.eligibility import ensure_allowed
from boostmon.domain.ids import GuildId
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Asking
from boostmon.texts.cards import Card
from boostmon.texts.settings import settings_card


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """Whose policy is to be changed, and who asks for it."""

    guild: GuildId
    asked: Asked


def settings_request(asking: Asking) -> SettingsRequest:
    """Who asks, if they may.

    Raises:
        CommandNotAllowed: they may not manage the server.
    """
    ensure_allowed(asking.view.asker, Permission.MANAGE_SERVER)
    return SettingsRequest(asking.view.id, asking.asked(None))


def changing(asking: Asking, change: Callable[[], PolicyChange]) -> Job:
    """Makes the change, and shows what is set then."""

    def job() -> Card:
        changed = change()
        return settings_card(changed.after, asking.words, changed)

    return job
