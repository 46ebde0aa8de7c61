"""A slash command as a declaration. `cog` turns the table of them into nextcord's commands."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import nextcord

from boostmon.app.use_cases import UseCases
from boostmon.entrypoints.bot.commands.changing import Changes
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Job
from boostmon.entrypoints.bot.reading.asking import Interaction


@dataclass(frozen=True, slots=True)
class Services:
    """What commands are carried out with."""

    use_cases: UseCases
    changes: Changes


type Prepare = Callable[..., Job]
"""Called with `Services`, `Asking`, and the options by their names: checks what was typed, waiting for nothing, and
says what is to be done. Its parameters are the command's options: nextcord reads their names and annotations, and what
Discord shows of each from the `SlashOption` that stands in the place of a default."""

type Suggest = Callable[[Completion, Interaction, str], Coroutine[Any, Any, None]]
"""Answers the autocomplete of an option."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of that name, or a sub-command in a `Group`.

    `permissions` are what a member needs to be shown it; a server may decide otherwise. `suggest` answers the
    autocomplete of the options of those names. `is_private`: its answer is for the asker's eyes only. `reads`: it
    changes nothing.
    """

    name: str
    description: str
    prepare: Prepare
    permissions: nextcord.Permissions | None = None
    suggest: Mapping[str, Suggest] = field(default_factory=dict)
    is_private: bool = False
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A name that is never sent by itself, and the sub-commands that go by it."""

    name: str
    description: str
    commands: tuple[Command, ...]
    permissions: nextcord.Permissions | None = None
