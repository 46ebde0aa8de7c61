"""Structured logs: everything is logged by the standard library, and rendered here as lines or as JSON."""

import logging
import sys
from typing import Any

import structlog

_LIBRARIES = {
    # It warns of each refusal, with the route and a piece of the token; our adapters log what a refusal means.
    "nextcord": logging.ERROR,
    # Several warnings a second during an outage, of which `Database` tells once when it begins and when it ends.
    "psycopg.pool": logging.ERROR,
    "schedule": logging.WARNING,
    "asyncio": logging.WARNING,
}


def configure_logs(*, json: bool, level: str) -> None:
    """Sends all logs to standard error: lines for people, or one JSON object a line for machines.

    Libraries speak up when something is wrong, or when everything is wanted (`DEBUG`).
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _plain_values,
    ]
    rendered: list[Any]
    if json:
        rendered = [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(default=str)]
    else:
        colors = sys.stderr.isatty()
        rendered = [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(level if level == "DEBUG" else least)


def _plain_values(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Timer keys and the like as text: a log line is read by people, or by machines that know no classes of ours."""
    plain = (str, int, float, bool, type(None), tuple, dict)
    return {
        name: value if name.startswith("_") or isinstance(value, plain) else str(value) for name, value in event.items()
    }
