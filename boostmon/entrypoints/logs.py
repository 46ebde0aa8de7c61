"""Structured logs: everything is logged by the standard library, and rendered here as lines or as JSON."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, override

import structlog

from boostmon.entrypoints.log_fields import LONGEST_MESSAGE, flattened, on_one_line
from boostmon.entrypoints.masking import masked

_LIBRARIES = {
    # It warns of each refusal, with the route and a piece of the token; our adapters log what a refusal means.
    "nextcord": logging.ERROR,
    # Several warnings a second during an outage, of which `Database` tells once when it begins and when it ends.
    "psycopg.pool": logging.ERROR,
    "schedule": logging.WARNING,
    "asyncio": logging.WARNING,
}
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_OURS = frozenset({"event", "level", "logger", "timestamp", "exception", "exc_info", "stack"})
"""What the rendered line means by these names, no `extra` may change."""


class _MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    """Masks tokens in the whole line, wherever they came from: message, fields, the text of an exception."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Masks tokens in what the parent writes."""
        return masked(super().format(record))


def configure_logs(*, json: bool, level: str) -> None:
    """Sends all logs to standard error: lines for people, or one JSON object a line for machines.

    What a call passes as `extra` becomes fields of the line. Libraries speak up when something is wrong, or when
    everything is wanted (`DEBUG`). The values of local variables, which may hold secrets, are never shown, and tokens
    are masked (see `masking`).
    """
    rendered: list[Any]
    if json:
        frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        rendered = [
            structlog.processors.ExceptionRenderer(frames),
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ]
    else:
        colors = sys.stderr.isatty()
        lines = structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback, sort_keys=False
        )
        rendered = [_in_words, lines]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _MaskingFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                _add_extra,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(level if level == "DEBUG" else least)


def _add_extra(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Adds what was passed as `extra`, under another name where it would replace a part of every line.

    structlog's own `ExtraAdder` would let `extra={"event": …}` take the message's place.
    """
    record: logging.LogRecord = event["_record"]
    event["event"] = on_one_line(str(event["event"]), most=LONGEST_MESSAGE)
    for given, value in vars(record).items():
        if given not in _OF_EVERY_RECORD:
            for name, field in flattened(given, value):
                event[f"{name}_" if name in _OURS else name] = field
    return event


def _in_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For people: what has parts, without Python's brackets."""
    for name, value in event.items():
        if isinstance(value, dict):
            event[name] = ", ".join(f"{part}={one}" for part, one in value.items())
        elif isinstance(value, list):
            event[name] = ", ".join(map(str, value))
    return event
