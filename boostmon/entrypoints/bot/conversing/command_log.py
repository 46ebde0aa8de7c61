"""One line of the log for each command and press: who asked, for whom, what came of it, and how long it took."""

import logging
from typing import Any

from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.entrypoints.bot.components.ids import Keep, Undo, decode
from boostmon.entrypoints.bot.reading.asking import Interaction, option_id, option_value

_log = logging.getLogger(__name__)

DONE, ASKED, REFUSED, DROPPED = "done", "asked to confirm", "refused", "dropped"


def tell(
    interaction: Interaction,
    outcome: str,
    seconds: float,
    *,
    why: str | None = None,
    key: TimerKey | None = None,
    is_minor: bool = False,
) -> None:
    """Writes the line. `why` is the class of a refusal; `key` the timer, where one was found; minor ones are DEBUG."""
    level = logging.DEBUG if is_minor else logging.INFO
    if not _log.isEnabledFor(level):
        return
    asker = interaction.user
    fields = {
        **_asked(interaction),
        "by": None if asker is None else asker.id,
        "guild": interaction.guild_id,
        "interaction": interaction.id,
        "outcome": outcome,
        "why": why,
        "ms": round(1000 * seconds),
    }
    if key is not None:
        fields |= {"user": int(key.user), "role": int(key.role)}
    _log.log(level, "command", extra={name: value for name, value in fields.items() if value is not None})


def _asked(interaction: Interaction) -> dict[str, Any]:
    """What was asked for, as far as the interaction itself says: the role perhaps as it was typed."""
    command: Any = interaction.application_command
    if command is None:
        return _pressed(interaction)
    return {
        "command": getattr(command, "qualified_name", command.name),
        "user": option_id(interaction, "user"),
        "role": option_id(interaction, "role") or option_value(interaction, "role"),
        "duration": option_value(interaction, "duration"),
    }


def _pressed(interaction: Interaction) -> dict[str, Any]:
    custom_id = dict(interaction.data or {}).get("custom_id")
    try:
        wish = decode(str(custom_id))
    except BoostMonError:
        return {"command": "a button"}
    named = {"command": f"{type(wish).__name__.lower()} button"}
    return (
        named
        if isinstance(wish, Undo | Keep)
        else {**named, "user": int(wish.shown.user), "role": int(wish.shown.role)}
    )
