"""What is wrong with a setting, in a line for an operator that shows no secret."""

from typing import Any

SECRETS = frozenset({"DISCORD_TOKEN", "DATABASE_URL", "DATABASE_DIRECT_URL"})
"""The names of those whose values are never shown."""
_SHOWN_CHARACTERS = 60


def problem_in(detail: Any) -> str:
    """One of pydantic's findings: the setting, its value unless that is secret, and what is allowed."""
    if not detail["loc"]:
        return str(detail["msg"]).removeprefix("Value error, ")
    name = str(detail["loc"][0])
    # On one line, whatever was written: each line names its setting.
    value = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(detail["input"]))
    if name in SECRETS or "@" in value:  # the latter may be a URL with a password
        return f"{name}: {_allowed(detail)}"
    return f"{name}={value[:_SHOWN_CHARACTERS]}: {_allowed(detail)}"


def _allowed(detail: Any) -> str:
    """Pydantic's findings as words for an operator: what is allowed."""
    context = detail.get("ctx", {})
    words = {
        "int_parsing": "is not a whole number",
        "int_from_float": "is not a whole number",
        "float_parsing": "is not a number",
        "enum": f"must be {context.get('expected')}",
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "timezone_aware": "has no offset; write one like 2026-12-31T18:00:00+00:00",
    }
    return words.get(detail["type"], str(detail["msg"]).removeprefix("Value error, "))
