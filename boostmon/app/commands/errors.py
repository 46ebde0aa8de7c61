"""What can be wrong with a command before any rule about timers is applied."""

from collections.abc import Sequence
from enum import StrEnum

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import ChannelId


class UnknownRole(BoostMonError):
    """No role of the guild is called so. `written` is as typed; `names` are those that roles have.

    Those that come near are looked for when somebody is told, and not while somebody types.
    """

    def __init__(self, written: str, names: Sequence[str]) -> None:
        super().__init__(f"no role is called {written[:100]!r}")
        self.written = written
        self.names = tuple(names)


class AmbiguousRole(BoostMonError):
    """Several roles of the guild are called so. `written` is as typed."""

    def __init__(self, written: str, roles: Sequence[RoleFacts]) -> None:
        super().__init__(f"{len(roles)} roles are called {written!r}")
        self.written = written
        self.roles = tuple(roles)


class GuildUnseen(BoostMonError):
    """The command came from a guild of which the bot knows nothing (yet), or from outside of any."""


class Stopping(BoostMonError):
    """The bot is about to stop and takes no new commands."""


class Place(StrEnum):
    """A channel that a server may choose; the value is the sub-command of `/timersettings` that chooses it."""

    MEMBERS = "channel"
    LOG = "log"


class NoChannelChosen(BoostMonError):
    """Neither a channel was named nor said that there is to be none; `current` is the one that is set."""

    def __init__(self, place: Place, current: ChannelId | None) -> None:
        super().__init__(f"no channel was chosen for {place}")
        self.place = place
        self.current = current


class ChannelAndOff(BoostMonError):
    """A channel was named, and said that there is to be none."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"a channel was chosen for {place}, and switched off")
        self.place = place


class ListAndAll(BoostMonError):
    """Roles were named for the list of those that can be timed, and said that all can be."""


class NothingNamed(BoostMonError):
    """A rule was to be changed, and not said in what."""


class TooManyCommands(BoostMonError):
    """So many commands are in service that this one was not begun; it may be tried again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many commands at once")
        self.seconds = seconds


class QuestionTooOld(BoostMonError):
    """A question was answered so late that what it showed is not what would come of it."""


class OutdatedButton(BoostMonError):
    """A button was pressed that is not the bot's, or of another version of it."""
