"""References in Discord's own notation, which each reader's client shows in its own words and time zone."""

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
    """The full date and time, and how far away it is."""
    seconds = _seconds(instant)
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def distance(instant: datetime) -> str:
    """How far away the instant is, counted down by the reader's client."""
    return f"<t:{_seconds(instant)}:R>"


def _seconds(instant: datetime) -> int:
    """Whole seconds since 1970, rounded to the nearest: Discord knows no fractions."""
    return round((instant - _EPOCH) / _SECOND)
