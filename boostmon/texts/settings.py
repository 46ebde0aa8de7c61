"""The answers of `/timersettings`: what is set, and what a change did to timers that run."""

from collections.abc import Iterable

from boostmon.app.ports import PolicyChange
from boostmon.domain.durations import MAX_DURATION, Months, usual_length
from boostmon.domain.ids import RoleId
from boostmon.domain.languages import Language
from boostmon.domain.policy import DEFAULT_THRESHOLDS, Policy, Rejoin, Stacking, TakenByHand
from boostmon.domain.zones import UTC_NAME
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.channels import IsLost, all_there, channel
from boostmon.texts.words import Words, msgid

NOBODY_TOLD = msgid(
    "Timers without a channel of their own are told to nobody: there is no channel for them, and direct messages are "
    "off. `/timersettings channel` or `/timersettings dms` changes that."
)
NO_LOG = msgid(
    "Without a log channel nobody hears of it when a role cannot be taken. "
    "`/timersettings log channel:#name` names one."
)

HEARS_NOTHING = msgid(
    "I do not hear of roles that others give or take: in Server Settings → Roles, allow my role **View Audit Log**."
)

UNTIL_ALLOWED = msgid(
    "Discord shows managers the commands only once you allow it: Server Settings → Integrations → my name → each "
    "command → Add Roles or Members. They can time roles below their own highest that have no permission they lack."
)

AUTOMATIC = msgid("Automatic")
BY_DISCORD = msgid("automatic: the one set for the server in Discord")
NAMES = {
    Language.EN: "English",
    Language.DE: "Deutsch",
    Language.FR: "Français",
    Language.ES: "Español",
    Language.PT_BR: "Português do Brasil",
}
"""Each in itself, so that whoever reads it finds it."""

STACKING = {
    Stacking.REPLACE: msgid("replaces the timer"),
    Stacking.EXTEND: msgid("adds to the time that is left"),
    Stacking.KEEP_LONGER: msgid("counts if it ends later than the timer"),
    Stacking.REFUSE: msgid("is refused while there is a timer"),
}
"""What becomes of a timer by a second `/settime`."""

TAKEN_BY_HAND = {
    TakenByHand.END: msgid("ends the timer"),
    TakenByHand.GIVE_BACK: msgid("is given back by me; the timer goes on"),
}
"""What follows when somebody takes a timed role."""

REJOIN = {
    Rejoin.COUNT_ON: msgid("timers go on; whoever returns gets the role back"),
    Rejoin.PAUSE: msgid("timers wait; whoever returns gets the role back, and the time runs on"),
    Rejoin.END: msgid("timers end"),
}
"""What becomes of the timers of members who leave."""
_UNSEEN = {
    Rejoin.COUNT_ON: msgid("timers go on; whoever is back gets the role by `/timeleft` or `/addtime`"),
    Rejoin.PAUSE: msgid(
        "timers wait, and go on by `/timeleft` or `/addtime` once the member is back; kicks and bans I see at once, "
        "who leaves by themselves within an hour or so"
    ),
    Rejoin.END: msgid("timers end; kicks and bans I see at once, who leaves by themselves within an hour or so"),
}
"""The same, as far as that goes without the members intent."""
_UNSEEN_WITHOUT_LOG = {
    Rejoin.COUNT_ON: _UNSEEN[Rejoin.COUNT_ON],
    Rejoin.PAUSE: msgid(
        "timers wait, and go on by `/timeleft` or `/addtime` once the member is back; I notice within an hour or so "
        "who left"
    ),
    Rejoin.END: msgid("timers end; I notice within an hour or so who left"),
}

MONTHS = {
    Months.CALENDAR: msgid("until the same day of the next month"),
    Months.THIRTY_DAYS: msgid("30 days, and a year 365"),
}
"""What a month is."""


def settings_card(
    policy: Policy,
    words: Words,
    change: PolicyChange | None = None,
    *,
    time_zone: str = UTC_NAME,
    hears: bool = True,
    sees: bool = True,
    is_lost: IsLost = all_there,
) -> Card:
    """What is set in a server; `change`: what was just changed. `time_zone` is that of servers that set none.

    `hears`: the bot may see the audit log; `sees`: Discord tells it of members who leave and return.
    """
    is_changed = change is not None and change.before != change.after
    card = Card(words("Timer settings changed"), colour=Colour.ACTIVE) if is_changed else Card(words("Timer settings"))
    members, log = policy.warning_channel, policy.log_channel
    card.add_field(words("Warnings before the end"), _thresholds(policy, words))
    otherwise = _otherwise(policy, words)
    card.add_field(words("Channel for members"), channel(members, words, is_lost) if members else otherwise)
    card.add_field(
        words("Direct messages"), words.context("a switch", "on") if policy.dms else words.context("a switch", "off")
    )
    card.add_field(words("Log channel"), channel(log, words, is_lost) if log else words.context("no channel", "none"))
    card.add_field(words("Language"), _language(policy, words))
    card.add_field(words("A second /settime"), words(STACKING[policy.stacking]))
    card.add_field(words("A role taken by hand"), words(TAKEN_BY_HAND[policy.taken_by_hand]))
    rejoin = REJOIN if sees else _UNSEEN if hears else _UNSEEN_WITHOUT_LOG
    card.add_field(words("When members leave"), words(rejoin[policy.rejoin]))
    card.add_field(words("Longest timer"), _longest(policy, words))
    card.add_field(words("Usual time"), _usual(policy, words))
    card.add_field(words("Roles that can be timed"), _timeable(policy, words))
    card.add_field(words("Managers"), _roles(policy.managers, words) or words("only members with **Manage Roles**"))
    card.add_field(words("Time zone"), _time_zone(policy, time_zone, words))
    card.add_field(words("A month"), words(MONTHS[policy.months]))
    card.add_field(words("Members pause their timers"), _self_pause(policy, words))
    if notes := [*_notes(policy, change, words), *([] if hears else [words(HEARS_NOTHING)])]:
        card.add_field(words("Note"), "\n".join(notes))
    return card


def _thresholds(policy: Policy, words: Words) -> str:
    if not policy.thresholds:
        return words("none; members are told of the end itself")
    listed = ", ".join(words.durations(policy.thresholds, units=5))
    return words("{durations} (default)", durations=listed) if policy.thresholds == DEFAULT_THRESHOLDS else listed


def _otherwise(policy: Policy, words: Words) -> str:
    return words("none; members are written to directly") if policy.dms else words.context("no channel", "none")


def _language(policy: Policy, words: Words) -> str:
    return words(BY_DISCORD) if policy.language is None else NAMES[policy.language]


def _longest(policy: Policy, words: Words) -> str:
    if policy.longest is None:
        return words("{durations} (default)", durations=words.duration(MAX_DURATION))
    return words.duration(policy.longest, units=5)


def _usual(policy: Policy, words: Words) -> str:
    if policy.default_duration is None:
        return words("none; `/settime` has to say how long")
    return words.amount(policy.default_duration, units=5)


def _time_zone(policy: Policy, usual: str, words: Words) -> str:
    if policy.time_zone is None:
        return words("{zone} (default)", zone=usual)
    return policy.time_zone


def _self_pause(policy: Policy, words: Words) -> str:
    if not policy.self_pause_days:
        return words("never; moderators can, with `/pausetime`")
    return words.plural(
        "{n} day a year for each timer, with `/mypause`",
        "{n} days a year for each timer, with `/mypause`",
        policy.self_pause_days,
    )


def _timeable(policy: Policy, words: Words) -> str:
    if policy.timeable is None:
        return words("all")
    return _roles(policy.timeable, words) or words("none at present")


def _roles(roles: Iterable[RoleId], words: Words) -> str:
    return words.listed([stamps.role(role) for role in sorted(roles)])


def _notes(policy: Policy, change: PolicyChange | None, words: Words) -> list[str]:
    notes = []
    if change is not None and change.before == change.after:
        notes.append(words("That was set already; nothing changed."))
    if change is not None and change.replanned:
        notes.append(
            words.plural(
                "One running timer goes by the new thresholds from now on.",
                "{n} running timers go by the new thresholds from now on.",
                change.replanned,
            )
        )
    if policy.warning_channel is None and not policy.dms:
        notes.append(words(NOBODY_TOLD))
    if policy.longest is not None and policy.longest < usual_length(policy.default_duration or policy.longest):
        notes.append(words("The usual time is longer than any timer can be, so `/settime` has to say how long."))
    if policy.managers and (change is None or change.before.managers != policy.managers):
        notes.append(words(UNTIL_ALLOWED))
    if policy.log_channel is None:
        notes.append(words(NO_LOG))
    return notes
