"""The audit log as Discord writes it; simcord's entries have another form."""

from enum import Enum
from typing import Any, Final, override

from simcord.backend import Backend, serializers
from simcord.backend.models import AuditLogEntry

ENTRY_CREATED: Final = "GUILD_AUDIT_LOG_ENTRY_CREATE"
#: An action that simcord has no name for.
BOT_ADD: Final = 28
#: What every entry has; the rest is left out where there is none.
_ALWAYS: Final = frozenset({"id", "action_type", "user_id", "target_id"})


class Logging(Enum):
    """What becomes of entries: written and sent, written alone, or neither."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


class Records(Backend):
    """simcord's state, with an audit log as Discord keeps it.

    What roles were given and taken stands among an entry's `changes`, and what it does not have is left out.
    """

    logging = Logging.ON

    @override
    def record_audit_log(
        self,
        guild_id: int,
        action_type: int,
        *,
        target_id: int | None = None,
        changes: list[dict[str, Any]] | None = None,
        options: dict[str, Any] | None = None,
        reason: str | None = None,
        user_id: int | None = None,
    ) -> AuditLogEntry:
        given = options or {}
        roles = [{"key": key, "new_value": value} for key, value in given.items() if key.startswith("$")]
        entry = AuditLogEntry(
            id=self.snowflake(),
            action_type=int(action_type),
            user_id=self.bot_user.id if user_id is None else user_id,
            target_id=target_id,
            reason=reason,
            changes=[*(changes or []), *roles],
            options={key: value for key, value in given.items() if not key.startswith("$")},
        )
        if self.logging is not Logging.OFF:
            self.get_guild(guild_id).audit_log_entries.append(entry)
        if self.logging is Logging.ON:
            self.emit(ENTRY_CREATED, {**wire(entry), "guild_id": str(guild_id)})
        return entry


def wire(entry: AuditLogEntry) -> dict[str, Any]:
    """An entry as it is sent."""
    shown: dict[str, Any] = serializers.audit_log_entry_payload(entry)
    return {key: value for key, value in shown.items() if value or key in _ALWAYS}
