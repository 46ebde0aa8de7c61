"""Keeps an unreadable event from ending the connection, and with it the process.

nextcord 3.2 reads an event's payload in the loop that receives; what its parsers raise there passes every handler up
to `Client.connect`, which takes it for the end. Discord adds types and leaves out fields now and then.
"""

import logging
from collections.abc import Callable
from typing import Any

import nextcord

_log = logging.getLogger(__name__)

_PRESS = nextcord.InteractionType.component.value


def read_presses_alone(client: nextcord.Client) -> None:
    """From now on a press is heard whatever the components of its message are, if what was pressed is one of them.

    nextcord 3.2 reads the whole message first, and raises KeyError on what it does not know there: the press would be
    lost. What was pressed is told by the press itself. It is taken for that only if Discord's own copy of the message
    has it, whatever a client sends: otherwise the press is of no `custom_id`. To be called before `survive_odd_events`.
    """
    parsers = client._connection.parsers  # noqa: SLF001 - as in `survive_odd_events`
    parse = parsers["INTERACTION_CREATE"]

    def parse_without_components(payload: Any) -> None:
        message = payload.get("message") if isinstance(payload, dict) else None
        if isinstance(message, dict):
            data, is_press = payload.get("data"), payload.get("type") == _PRESS
            if (
                is_press
                and isinstance(data, dict)
                and data.get("custom_id") not in _custom_ids(message.get("components"))
            ):
                payload = {**payload, "data": {**data, "custom_id": ""}}
            payload = {**payload, "message": {**message, "components": []}}
        parse(payload)

    parsers["INTERACTION_CREATE"] = parse_without_components


def _custom_ids(components: Any) -> list[str]:
    """Those of all components, however deep they lie; of whatever shape they are."""
    found, left = [], [components]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if isinstance(value.get("custom_id"), str):
                found.append(value["custom_id"])
            left += value.values()
        elif isinstance(value, list):
            left += value
    return found


def survive_odd_events(client: nextcord.Client) -> None:
    """From now on an event of the client that cannot be parsed is logged and passed over."""
    parsers = client._connection.parsers  # noqa: SLF001 - the gateway looks its parsers up here, and nowhere else
    for event, parse in parsers.items():
        parsers[event] = _surviving(event, parse)


def _surviving(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse_or_log(payload: Any) -> None:
        try:
            parse(payload)
        except Exception:  # noqa: BLE001 - whatever it is, the next event is worth hearing
            _log.exception("an event of Discord's could not be read", extra={"event_type": event})

    return parse_or_log
