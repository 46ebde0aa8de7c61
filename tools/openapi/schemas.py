"""Makes Discord's published schemas strict enough to catch a misspelt field, and mends what is too narrow."""

from collections.abc import Mapping
from typing import Any, Final

_COMMAND_FIELD: Final = "default_member_permissions"

# Discord's reference for application commands has these; its OpenAPI file lacks them or gives another type.
# The permissions are a bit set sent as a decimal string, because it does not fit a JavaScript number.
_COMMAND_AMENDMENTS: Final[Mapping[str, object]] = {
    _COMMAND_FIELD: {"type": ["string", "null"], "pattern": "^[0-9]+$"},
    "nsfw": {"type": "boolean"},
    "guild_id": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]},
}

# nextcord repeats the type when it edits a command; Discord takes no notice.
_COMMAND_TOLERATED: Final[Mapping[str, object]] = {"type": {"type": "integer"}}

# nextcord writes "not read aloud" into every edit of an answer, where nothing could be; Discord takes no notice.
_ANSWER_EDIT: Final = "IncomingWebhookUpdateRequestPartial"
_ANSWER_EDIT_TOLERATED: Final[Mapping[str, object]] = {"tts": {"const": False}}


def closed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the description in which an object has the listed properties and no others.

    The published schemas leave objects open, so that `colour` for `color` would pass unseen. Objects that say
    themselves what else they may hold stay as they are.
    """
    copy = {key: _closed(value) for key, value in document.items()}
    edit = copy.get("components", {}).get("schemas", {}).get(_ANSWER_EDIT)
    if edit is not None:
        edit["properties"] = {**_ANSWER_EDIT_TOLERATED, **edit["properties"]}
    return copy


def _closed(node: object) -> Any:
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _closed(value) for key, value in node.items()}
    # A property may itself be called "properties"; a schema's own is beside its type.
    if node.get("type") == "object" and isinstance(node.get("properties"), dict):
        copy.setdefault("additionalProperties", False)
        if _COMMAND_FIELD in node["properties"]:
            copy["properties"] = {**_COMMAND_TOLERATED, **copy["properties"], **_COMMAND_AMENDMENTS}
    return copy
