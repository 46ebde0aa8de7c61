"""What the bot needs of the application: one use case behind each command, and one behind Discord's events."""

from dataclasses import dataclass

from boostmon.app.clearing import ClearTime
from boostmon.app.commands import AddTime, PauseTime, RemoveTime, ResumeTime, SetTime
from boostmon.app.deleted_roles import EndDeletedRoles
from boostmon.app.second_look import SecondLook
from boostmon.app.settings import ChangeSettings, ShowSettings
from boostmon.app.timeleft import TimeLeft
from boostmon.app.unblocking import Unblock
from boostmon.app.undoing import UndoChange


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
