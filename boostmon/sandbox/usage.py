"""The right form of a command, for a person who typed it differently."""

from collections.abc import Sequence
from typing import Any

from simcord.backend.errors import SetupError
from simcord.enums import OptionType
from simcord.interactions import walk_to_subcommand

from boostmon.sandbox.errors import CannotDo

_NESTING = (OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP)
_EXAMPLES = {
    OptionType.USER: "@alice",
    OptionType.ROLE: "@VIP",
    OptionType.CHANNEL: "#warnings",
    OptionType.BOOLEAN: "True",
    OptionType.INTEGER: "5",
    OptionType.NUMBER: "5",
}


def leaf_of(root: dict[str, Any], words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The (sub-)command that the words name, and the path to it below the root.

    Raises `CannotDo` with the right form when Discord's client has no such command to send: one with sub-commands
    is never sent by itself, and options go by their names.
    """
    try:
        leaf, nesting = walk_to_subcommand(root, list(words[1:]))
    except SetupError:
        raise CannotDo(_wrong_form(root, words)) from None
    if _below(leaf):
        raise CannotDo(f"/{' '.join(words)} is never sent by itself; write {_offered(leaf, words)}")
    return leaf, nesting


def _wrong_form(root: dict[str, Any], words: Sequence[str]) -> str:
    node, path = root, [words[0]]
    for word in words[1:]:
        child = next((o for o in _below(node) if o["name"] == word), None)
        if child is None:
            break
        node, path = child, [*path, word]
    rest = words[len(path) :]
    if _below(node):
        return f"/{' '.join(path)} has no {rest[0]!r}; write {_offered(node, path)}"
    if not node.get("options"):
        return f"/{' '.join(path)} takes no options, so write just that"
    return f"Options go by their names; write {_with_names(node, path, rest)}"


def _with_names(leaf: dict[str, Any], path: Sequence[str], words: Sequence[str]) -> str:
    """`/settime user:@alice role:@VIP duration:2h`, with the typed words in the order of the options."""
    specs = leaf["options"]
    values = [*words[: len(specs) - 1], *([" ".join(words[len(specs) - 1 :])] if len(words) >= len(specs) else [])]
    parts = []
    for number, spec in enumerate(specs):
        if number < len(values):
            parts.append(f"{spec['name']}:{values[number]}")
        elif spec.get("required"):
            parts.append(f"{spec['name']}:{_EXAMPLES.get(OptionType(spec['type']), '…')}")
    return f"/{' '.join([*path, *parts])}"


def _offered(node: dict[str, Any], path: Sequence[str]) -> str:
    forms = [f"/{' '.join([*path, child['name']])}" for child in _below(node)]
    return forms[0] if len(forms) == 1 else f"{', '.join(forms[:-1])} or {forms[-1]}"


def _below(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [option for option in node.get("options") or [] if option.get("type") in _NESTING]
