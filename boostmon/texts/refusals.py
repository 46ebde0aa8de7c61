"""Every refusal in words: what is the case, why, and what to do about it. The one place where errors are worded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import assert_never

from boostmon.app.changing.changes import TooManyConflicts
from boostmon.app.changing.granting import GrantHeld, GrantRefused
from boostmon.app.commands.errors import (
    AmbiguousRole,
    ChannelAndOff,
    GuildUnseen,
    NoChannelChosen,
    Place,
    Stopping,
    TooManyCommands,
    UnknownRole,
)
from boostmon.app.errors import StorageOutcomeUnknown, StorageUnavailable
from boostmon.domain.channels import ChannelClosedToAsker, ChannelUnknown, ChannelUnusable
from boostmon.domain.durations import DurationProblem, InvalidDuration, NotPositive, TooLong, TooShort, approximate
from boostmon.domain.eligibility import (
    AskerMayNot,
    BotMayNotManageRoles,
    CommandNotAllowed,
    MemberGone,
    ObstructedRole,
    RoleGone,
    RoleNotTimeable,
    TimerOnBot,
)
from boostmon.domain.errors import BoostMonError
from boostmon.domain.lacks import Lack
from boostmon.domain.selection import NoTimer, SeveralTimers
from boostmon.domain.thresholds import (
    DEFAULT_WORD,
    LONGEST_THRESHOLD,
    MOST_THRESHOLDS,
    NO_WARNINGS,
    SHORTEST_THRESHOLD,
    CommaInThreshold,
    InvalidThresholds,
    ThresholdOutOfBounds,
    ThresholdProblem,
    ThresholdTwice,
    TooManyThresholds,
    UnreadableThreshold,
)
from boostmon.domain.timers import (
    AlreadyPaused,
    Ending,
    EndsLater,
    EndsSooner,
    NotPaused,
    Paused,
    PausedHasNoEnd,
    Running,
    TimeIsUp,
    Timer,
    TooMuchTime,
)
from boostmon.texts import stamps
from boostmon.texts.duration_problems import EXAMPLES, in_message
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.permissions import permission_names
from boostmon.texts.quoting import escaped
from boostmon.texts.similar import similar

MOST_LISTED = 20
"""Roles that are listed in one text; with what is said of each they stay far below a message's limits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal, ready to be shown: `title` says what is the case, `text` why and what to do.

    `why` is the class of the error, for the log.
    """

    title: str
    text: str
    why: str | None = field(default=None, compare=False)


@singledispatch
def explain(error: BoostMonError) -> Problem:
    """The refusal in words; a further class of errors registers its own text here.

    Raises:
        TypeError: nobody has worded this class of errors.
    """
    raise TypeError(f"no text for {type(error).__name__}")


def apology(reference: str) -> Problem:
    """What is said about a fault of BoostMon's own; `reference` stands in the log beside the traceback."""
    return Problem(
        "Something went wrong",
        "That is a fault of mine, not of what you typed. `/timeleft` shows how things stand. "
        f"If it happens again, tell whoever runs me this reference: `{reference}`",
    )


_OBSTRUCTED: dict[ObstructedRole, str] = {
    ObstructedRole.EVERYONE: "Everybody has the role {role}, and nobody can be given or lose it. Choose another one.",
    ObstructedRole.PREMIUM: (
        "Discord itself gives {role} to those who boost the server, and takes it back; no bot can. Choose another one."
    ),
    ObstructedRole.MANAGED: (
        "{role} belongs to an app or an integration, and only that can give or take it. Choose another one."
    ),
    ObstructedRole.ABOVE_BOT: (
        "{role} stands at or above my own highest role, so Discord does not let me give or take it. "
        "In Server Settings → Roles, drag {own} above it; then try again."
    ),
    ObstructedRole.ABOVE_ASKER: (
        "{role} stands at or above your own highest role. Somebody with a higher role has to do this."
    ),
    ObstructedRole.BEYOND_ASKER: (
        "{role} has permissions that you do not have: {beyond}. This server allows you the command under Integrations, "
        "but you lack **Manage Roles**, and without it you can time only roles that may do no more than you. "
        "Somebody with **Manage Roles** has to do this."
    ),
}


_UNCONFIRMED = (
    "\nThat is what I remember: Discord did not tell me in time how the roles stand now. If somebody has just moved "
    "them, try again in a minute."
)


@explain.register
def _invalid_duration(error: InvalidDuration) -> Problem:
    return Problem("That duration does not work", f"{in_message(error.problem)}\nExamples: {EXAMPLES}.")


@explain.register
def _invalid_thresholds(error: InvalidThresholds) -> Problem:
    return Problem(
        "Those warnings do not work",
        f"{_wrong_with(error.problem)}\nUp to {MOST_THRESHOLDS} durations with commas between them, each from "
        f"{approximate(SHORTEST_THRESHOLD)} to {approximate(LONGEST_THRESHOLD)}, for example `1d, 60m, 10m`; or "
        f"`{NO_WARNINGS}`, or `{DEFAULT_WORD}`.",
    )


def _wrong_with(problem: ThresholdProblem) -> str:
    match problem:
        case TooManyThresholds(number=number):
            return f"These are {number}; {MOST_THRESHOLDS} are the most."
        case ThresholdOutOfBounds(threshold=threshold):
            which = "short" if threshold < SHORTEST_THRESHOLD else "long"
            return f"{approximate(threshold, units=5)} before the end is too {which}."
        case UnreadableThreshold(part=part, problem=unreadable):
            return _unreadable(part, unreadable)
        case CommaInThreshold(part=part):
            return (
                f"“{escaped(part, 40)}” may be one duration or two. Write a number with a dot, as in `1.5h`, and a "
                "space after a comma between two."
            )
        case ThresholdTwice(threshold=threshold):
            return f"{approximate(threshold, units=5)} is there twice."
        case _ as never:
            assert_never(never)


def _unreadable(part: str, problem: DurationProblem) -> str:
    """A threshold has bounds of its own, so that those of a duration would mislead."""
    match problem:
        case TooLong():
            return f"“{escaped(part, 40)}” before the end is too long."
        case TooShort() | NotPositive():
            return f"“{escaped(part, 40)}” before the end is too short."
        case _:
            return in_message(problem)


@explain.register
def _too_much_time(error: TooMuchTime) -> Problem:
    wanted, limit = approximate(error.wanted), approximate(error.limit)
    return Problem(
        "That is too much time",
        f"The timer would run for {wanted}; {limit} is the most. Add less, or start afresh with `/settime`.",
    )


@explain.register
def role_not_timeable(error: RoleNotTimeable, lack: Lack | None = None) -> Problem:
    """Names the bot's own role where `lack`, what the bot lacks for the role, is known."""
    # @everyone is written out: as a mention it would be shown as @@everyone.
    role = "@everyone" if error.problem is ObstructedRole.EVERYONE else stamps.role(error.role.id)
    own = "my role" if lack is None or lack.own_role is None else stamps.role(lack.own_role)
    text = _OBSTRUCTED[error.problem].format(role=role, own=own, beyond=permission_names(error.beyond))
    return Problem("That role cannot be timed", f"{text}{_UNCONFIRMED if error.is_unconfirmed else ''}")


@explain.register
def _role_gone(error: RoleGone) -> Problem:
    return Problem(
        "That role does not exist",
        f"This server has no role with the id {error.role} (any more). Choose another one; "
        "a timer that is still on it can be ended with `/cleartime`.",
    )


@explain.register
def _unknown_role(error: UnknownRole) -> Problem:
    near = ", ".join(f"“{escaped(name)}”" for name in similar(error.written, error.names))
    hint = f" Did you mean {near}?" if near else ""
    return Problem(
        "There is no such role",
        f"No role here is called “{escaped(error.written)}”.{hint}\n"
        "Pick one from the list that opens while you type, or mention it.",
    )


@explain.register
def _ambiguous_role(error: AmbiguousRole) -> Problem:
    lines = [f"- {stamps.role(role.id)}, id {role.id}" for role in error.roles]
    return Problem(
        "Which role?",
        f"{len(error.roles)} roles here are called “{escaped(error.written)}”:\n{_listed(lines)}\n"
        "Pick one from the list that opens while you type, or give its id.",
    )


@explain.register
def _member_gone(error: MemberGone) -> Problem:
    return Problem(
        "Not a member of this server",
        f"{stamps.user(error.user)} is not (or no longer) here, so there is nobody to give a role to. "
        "A timer that they left behind can be ended with `/cleartime`.",
    )


@explain.register
def _bot_may_not(_error: BotMayNotManageRoles) -> Problem:
    return Problem(
        "I may not manage roles",
        "I lack the permission **Manage Roles**. In Server Settings → Roles → my role, switch it on; then try again.",
    )


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


@explain.register
def _channel_unusable(error: ChannelUnusable) -> Problem:
    return Problem(
        "I cannot write in that channel",
        f"In {stamps.channel(error.channel.id)} I lack {_bold(error.channel.missing)}. Allow me that in the channel's "
        "settings, or choose another channel.",
    )


@explain.register
def _channel_closed_to_asker(error: ChannelClosedToAsker) -> Problem:
    return Problem(
        "You cannot write in that channel",
        f"In {stamps.channel(error.channel.id)} you lack {_bold(error.channel.asker_lacks)}, so I do not write there "
        "for you either. Choose a channel that you can write in, or ask somebody who can.",
    )


@explain.register
def _channel_unknown(error: ChannelUnknown) -> Problem:
    return Problem(
        "There is no such channel",
        f"This server has no channel with the id {error.channel} (any more). Pick one from the list that opens while "
        "you type.",
    )


def _bold(permissions: Sequence[str]) -> str:
    return ", ".join(f"**{name}**" for name in permissions)


@explain.register
def _no_channel_chosen(error: NoChannelChosen) -> Problem:
    what = {Place.MEMBERS: "Members are told", Place.LOG: "I write to those who run this server"}[error.place]
    command = f"`/timersettings {error.place}"
    if error.current is None:
        return Problem(
            "No channel is set",
            f"Nothing was changed. {command} channel:#name` sets one.",
        )
    return Problem(
        "Which channel?",
        f"{what} in {stamps.channel(error.current)} now; nothing was changed. {command} channel:#name` chooses "
        f"another one, and {command} off:True` switches it off.",
    )


@explain.register
def _channel_and_off(error: ChannelAndOff) -> Problem:
    return Problem(
        "A channel, or none?",
        "You named a channel and said that there is to be none; nothing was changed. "
        f"Leave out `channel` or `off` in `/timersettings {error.place}`.",
    )


@explain.register
def _timer_on_bot(_error: TimerOnBot) -> Problem:
    return Problem(
        "I cannot have a timer",
        "I hand out roles for a time and take none myself. Choose another member.",
    )


@explain.register
def _no_timer(error: NoTimer) -> Problem:
    if error.role is None:
        return Problem("No timer", f"{stamps.user(error.user)} has no timer in this server. `/settime` starts one.")
    return Problem(
        "No timer on that role",
        f"{stamps.user(error.user)} has no timer on {stamps.role(error.role)}. "
        "`/timeleft` shows the timers there are, `/settime` starts one.",
    )


@explain.register
def _several_timers(error: SeveralTimers) -> Problem:
    if not error.timers:
        return Problem(
            "Which timer?",
            f"{stamps.user(error.user)} has more than one timer. Say which one with the option `role`.",
        )
    lines = [f"- {stamps.role(timer.key.role)}: {standing(timer)}" for timer in error.timers]
    return Problem(
        "Which timer?",
        f"{stamps.user(error.user)} has {len(error.timers)} timers:\n{_listed(lines)}\n"
        "Say which one with the option `role`.",
    )


def standing(timer: Timer) -> str:
    """How a timer stands, in a few words for its asker alone."""
    match timer.state:
        case Paused(remaining=remaining):
            return f"paused, {approximate(remaining)} left"
        case Ending():
            return "time is up"
        case running:
            return f"ends {stamps.distance(running.ends_at)}"


@explain.register
def _already_paused(error: AlreadyPaused) -> Problem:
    left = approximate(error.timer.remaining(error.timer.updated_at))
    return Problem("Paused already", f"{_whose(error.timer)} is paused with {left} left. `/resumetime` lets it go on.")


@explain.register
def _not_paused(error: NotPaused) -> Problem:
    if isinstance(error.timer.state, Ending):
        return _time_is_up(TimeIsUp(error.timer))
    return Problem("Not paused", f"{_whose(error.timer)} is running; only a paused one can go on.")


@explain.register
def _time_is_up(error: TimeIsUp) -> Problem:
    return Problem(
        "Time is up",
        f"{_whose(error.timer)} has ended, and I am taking the role. `/addtime` or `/settime` gives more time.",
    )


@explain.register
def _ends_later(error: EndsLater) -> Problem:
    return Problem(
        "That is not more time",
        f"{_whose(error.timer)} ends {_end(error.timer)}, which is not before {stamps.moment(error.moment)}. "
        "`/removetime` with that moment makes it end then; `/addtime` with a length such as `2h` adds to what remains.",
    )


@explain.register
def _ends_sooner(error: EndsSooner) -> Problem:
    return Problem(
        "That is not less time",
        f"{_whose(error.timer)} ends {_end(error.timer)}, which is not after {stamps.moment(error.moment)}. "
        "`/addtime` with that moment makes it end then; `/removetime` with a length such as `2h` takes from what "
        "remains.",
    )


@explain.register
def _paused_has_no_end(error: PausedHasNoEnd) -> Problem:
    left = approximate(error.timer.remaining(error.timer.updated_at))
    return Problem(
        "Paused",
        f"{_whose(error.timer)} is paused with {left} left, so it has no end that could be moved to "
        f"{stamps.moment(error.moment)}. Let it go on with `/resumetime` first, or write a length such as `2h`.",
    )


def _end(timer: Timer) -> str:
    return stamps.moment(timer.state.ends_at) if isinstance(timer.state, Running) else "now"


def _whose(timer: Timer) -> str:
    return f"The timer of {stamps.user(timer.key.user)} on {stamps.role(timer.key.role)}"


@explain.register
def grant_refused(error: GrantRefused, lack: Lack | None = None) -> Problem:
    """Says exactly what is missing where `lack`, what the bot lacks for the role, is known."""
    return Problem(
        "Discord did not let me give the role",
        f"{in_the_way(error.obstacle, error.key.role, lack=lack)}\n"
        "The timer is as it was before; once that is mended, try again.",
    )


@explain.register
def _grant_held(error: GrantHeld) -> Problem:
    seconds = max(round(error.after.total_seconds()), 1)
    return Problem(
        "Discord wants me to slow down",
        "I may not give more roles at the moment. The timer is as it was before; "
        f"try again in {seconds} second{'' if seconds == 1 else 's'}.",
    )


@explain.register
def _too_many_commands(error: TooManyCommands) -> Problem:
    return Problem(
        "Too many commands at once",
        "More commands have come than I can carry out, so I did not begin this one. Nothing was changed; "
        f"try again in {round(error.seconds)} seconds.",
    )


@explain.register
def _too_many_conflicts(error: TooManyConflicts) -> Problem:
    return Problem(
        "Others are changing this timer",
        f"The timer of {stamps.user(error.user)} kept changing while I tried; nothing was changed by you. "
        "Look at it with `/timeleft`, then try again.",
    )


@explain.register
def _storage_unavailable(_error: StorageUnavailable) -> Problem:
    return Problem(
        "My database does not answer",
        "As far as I can tell, nothing was changed. Try again in a moment; `/timeleft` shows how things stand.",
    )


@explain.register
def _storage_outcome_unknown(_error: StorageOutcomeUnknown) -> Problem:
    return Problem(
        "My database broke off",
        "The change may have been made, or not. Look with `/timeleft` before you try again.",
    )


@explain.register
def _guild_unseen(_error: GuildUnseen) -> Problem:
    return Problem(
        "I cannot see this server",
        "Try again in a minute: I may have just been started. If it stays so, I was added without the scope `bot`; "
        "invite me again with it.",
    )


@explain.register
def _stopping(_error: Stopping) -> Problem:
    return Problem("I am being restarted", "Nothing was changed. Try again in a minute.")


def _listed(lines: list[str]) -> str:
    """The lines, and how many there are beyond those that fit."""
    more = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED]
    return "\n".join(shown if more <= 0 else [*shown, f"- and {more} more"])
