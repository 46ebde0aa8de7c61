"""What the bot needs of the application: one use case behind each command, and one behind Discord's events."""

from dataclasses import dataclass

from boostmon.app.changing.second_look import SecondLook
from boostmon.app.commands.add_time import AddTime
from boostmon.app.commands.clear_time import ClearTime
from boostmon.app.commands.pause_time import PauseTime
from boostmon.app.commands.remove_time import RemoveTime
from boostmon.app.commands.resume_time import ResumeTime
from boostmon.app.commands.set_time import SetTime
from boostmon.app.commands.time_left import TimeLeft
from boostmon.app.commands.undo import UndoChange
from boostmon.app.guilds.deleted_roles import EndDeletedRoles
from boostmon.app.guilds.settings import ChangeSettings, ShowSettings
from boostmon.app.guilds.unblocking import Unblock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases of the commands and events; each blocks and is called off the event loop."""

    set_time: SetTime
    add_time: AddTime
    remove_time: RemoveTime
    pause_time: PauseTime
    resume_time: ResumeTime
    clear_time: ClearTime
    time_left: TimeLeft
    show_settings: ShowSettings
    change_settings: ChangeSettings
    unblock: Unblock
    end_deleted_roles: EndDeletedRoles
    undo: UndoChange
    second_look: SecondLook
    """Not a command: to be asked around each that may be refused for where a role stands."""
