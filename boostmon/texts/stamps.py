"""References in Discord's own notation, which each reader's client shows in its own words and time zone.

Every message and every answer takes its stamps from here, so that one end is the same second wherever it is shown.
"""

from datetime import UTC, datetime, timedelta

from boostmon.domain.ids import ChannelId, RoleId, UserId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def user(id_: UserId) -> str:
    """Shown as the user's name."""
    return f"<@{id_}>"


def role(id_: RoleId) -> str:
    """Shown as the role's name in its colour; as unknown where the role does not exist any more."""
    return f"<@&{id_}>"


def channel(id_: ChannelId) -> str:
    """Shown as a link to the channel."""
    return f"<#{id_}>"


def moment(instant: datetime) -> str:
    """The full date and time: as true tomorrow as it is now, so it fits what stays where it was written."""
    return f"<t:{_seconds(instant)}:F>"


def distance(instant: datetime) -> str:
    """How far away the instant is, counted on by the reader's client: for answers that only their asker sees.

    In a message that stays, a sentence about what is to come would soon say that it is to come hours ago.
    """
    return f"<t:{_seconds(instant)}:R>"


def moment_and_distance(instant: datetime) -> str:
    """Both; for the same answers as `distance`."""
    return f"{moment(instant)} ({distance(instant)})"


def _seconds(instant: datetime) -> int:
    """Whole seconds since 1970, rounded to the nearest: Discord knows no fractions."""
    return round((instant - _EPOCH) / _SECOND)
