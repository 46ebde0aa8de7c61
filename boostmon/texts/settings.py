"""The answers of `/timersettings`: what is set, and what a change did to timers that run."""

from boostmon.app.ports import PolicyChange
from boostmon.domain.ids import ChannelId
from boostmon.domain.policy import DEFAULT_THRESHOLDS, Policy
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.english import approximate

NOBODY_TOLD = (
    "Timers without a channel of their own are told to nobody: there is no channel for them, and direct messages are "
    "off. `/timersettings channel` or `/timersettings dms` changes that."
)
NO_LOG = (
    "Without a log channel nobody hears of it when a role cannot be taken. "
    "`/timersettings log channel:#name` names one."
)


def settings_card(policy: Policy, change: PolicyChange | None = None) -> Card:
    """What is set in a server; `change`: what was just changed."""
    title = "Timer settings" if change is None else "Timer settings changed"
    card = Card(title=title, colour=Colour.NONE if change is None else Colour.ACTIVE)
    card.add_field(name="Warnings before the end", value=_thresholds(policy))
    card.add_field(name="Channel for members", value=_channel(policy.warning_channel, _otherwise(policy)))
    card.add_field(name="Direct messages", value="on" if policy.dms else "off")
    card.add_field(name="Log channel", value=_channel(policy.log_channel, "none"))
    if notes := _notes(policy, change):
        card.add_field(name="Note", value="\n".join(notes))
    return card


def _thresholds(policy: Policy) -> str:
    if not policy.thresholds:
        return "none; the end itself is told"
    listed = ", ".join(approximate(threshold, units=5) for threshold in policy.thresholds)
    return f"{listed} (default)" if policy.thresholds == DEFAULT_THRESHOLDS else listed


def _otherwise(policy: Policy) -> str:
    return "none; members are written to directly" if policy.dms else "none"


def _channel(channel: ChannelId | None, otherwise: str) -> str:
    return otherwise if channel is None else stamps.channel(channel)


def _notes(policy: Policy, change: PolicyChange | None) -> list[str]:
    notes = []
    if change is not None and change.before == change.after:
        notes.append("That was set already; nothing changed.")
    if change is not None and change.replanned:
        number = "One running timer goes" if change.replanned == 1 else f"{change.replanned} running timers go"
        notes.append(f"{number} by the new thresholds from now on.")
    if policy.warning_channel is None and not policy.dms:
        notes.append(NOBODY_TOLD)
    if policy.log_channel is None:
        notes.append(NO_LOG)
    return notes
