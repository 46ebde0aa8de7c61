"""Every slash command of the bot."""

from boostmon.entrypoints.bot.commands.addtime import ADDTIME
from boostmon.entrypoints.bot.commands.cleartime import CLEARTIME
from boostmon.entrypoints.bot.commands.command import Command, Group
from boostmon.entrypoints.bot.commands.movetime import MOVETIME
from boostmon.entrypoints.bot.commands.mypause import MYPAUSE, MYRESUME
from boostmon.entrypoints.bot.commands.pausetime import PAUSETIME
from boostmon.entrypoints.bot.commands.removetime import REMOVETIME
from boostmon.entrypoints.bot.commands.resumetime import RESUMETIME
from boostmon.entrypoints.bot.commands.settime import SETTIME
from boostmon.entrypoints.bot.commands.timeleft import TIMELEFT
from boostmon.entrypoints.bot.commands.timerrule import TIMERRULE
from boostmon.entrypoints.bot.commands.timersettings import TIMERSETTINGS

COMMANDS: tuple[Command | Group, ...] = (
    SETTIME,
    ADDTIME,
    REMOVETIME,
    PAUSETIME,
    RESUMETIME,
    CLEARTIME,
    MOVETIME,
    TIMELEFT,
    MYPAUSE,
    MYRESUME,
    TIMERSETTINGS,
    TIMERRULE,
)
