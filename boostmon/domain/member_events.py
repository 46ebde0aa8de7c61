"""Members who leave a guild, and who are there again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from boostmon.domain.ids import GuildId, RequestId, RoleId, UserId


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """They are a member no more. `by` made them go, as `entry` of the audit log says; None: nobody knows."""

    guild: GuildId
    user: UserId
    at: datetime
    by: UserId | None = None
    entry: RequestId | None = None


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """They became a member, for the first time or again; `joining` is this one time. They have the roles `held`.

    `is_late`: it is told with something that happened to them later, as Discord does each time. Mostly it was heard
    before; or it happened while nobody listened.
    """

    guild: GuildId
    user: UserId
    at: datetime
    held: Collection[RoleId]
    joining: RequestId
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A command shows that they are a member since `joined`, where that is told, and have the roles `held`."""

    guild: GuildId
    user: UserId
    at: datetime
    held: Collection[RoleId]
    joined: datetime | None = None


type MemberEvent = MemberLeft | MemberJoined | MemberSeen
