"""Who really gave and took which role, whether the bot, a person or another bot, as the loopback Discord saw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from simcord.enums import AuditLogAction

from boostmon.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Handed:
    """A role that somebody other than BoostMon gave or took. `by` is None where it went with a member who left."""

    at: datetime
    user_id: int
    role_id: int
    gives: bool
    by: int | None


@dataclass(frozen=True, slots=True)
class Logged:
    """A role that somebody gave or took by the audit log's `entry`, which was sent, or only written."""

    entry: int
    at: datetime
    user_id: int
    role_id: int
    gives: bool
    by: int


def logged(world: World) -> tuple[Logged, ...]:
    """All that the audit log has of roles."""
    return tuple(
        Logged(
            entry.id,
            discord.utils.snowflake_time(entry.id),
            entry.target_id or 0,
            int(role["id"]),
            change["key"] == "$add",
            entry.user_id,
        )
        for entry in world.guild.audit_log_entries
        if entry.action_type == AuditLogAction.MEMBER_ROLE_UPDATE
        for change in entry.changes
        for role in change["new_value"]
    )


class Witness:
    """Watches a world, on its thread."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._roles = {user: set(member.role_ids) for user, member in world.guild.members.items()}
        self.seen: list[Handed] = []
        world.backend.subscribers.append(self._on_event)

    def _on_event(self, event: str, payload: Mapping[str, Any]) -> None:
        if event in {"GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE"}:
            # Nobody but the bot changes roles by requests.
            by = self._world.bot_id if self._world.doer is None else self._world.doer
            self._compare(int(payload["user"]["id"]), {int(role) for role in payload["roles"]}, by)
        elif event == "GUILD_MEMBER_REMOVE":
            self._compare(int(payload["user"]["id"]), set(), None)

    def _compare(self, user: int, roles: set[int], by: int | None) -> None:
        before = self._roles.get(user, set())
        self._roles[user] = roles
        if by == self._world.bot_id:
            return
        now = self._world.now()
        self.seen += [Handed(now, user, role, True, by) for role in sorted(roles - before)]
        self.seen += [Handed(now, user, role, False, by) for role in sorted(before - roles)]
