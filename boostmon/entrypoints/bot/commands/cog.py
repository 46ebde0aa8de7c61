"""Turns the table of commands into nextcord's commands, for one bot."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from inspect import Parameter, Signature, signature
from types import MethodType
from typing import Any

import nextcord
from nextcord import IntegrationType, InteractionContextType, SlashApplicationCommand, SlashApplicationSubcommand

from boostmon.entrypoints.bot.commands.command import Command, Group, Services
from boostmon.entrypoints.bot.commands.completion import Completion
from boostmon.entrypoints.bot.conversing.conversation import Conversations
from boostmon.entrypoints.bot.reading.asking import Interaction
from boostmon.texts.registered import by_locale

type Callback = Callable[..., Coroutine[Any, Any, None]]


class CommandsCog(nextcord.ClientCog):
    """The commands of a table, made for this bot alone.

    Made by nextcord's decorators they would belong to a class, and two bots of one process would take each other's
    registered ids for their own.
    """

    def __init__(
        self,
        table: Iterable[Command | Group],
        services: Services,
        completion: Completion,
        conversations: Conversations,
    ) -> None:
        super().__init__()
        self._services = services
        self._completion = completion
        self._converse = conversations.converse
        self._commands = [self._made(one) for one in table]

    @property
    def application_commands(self) -> list[nextcord.BaseApplicationCommand]:
        """The commands; nextcord asks a cog for them."""
        return [*self._commands]

    def _made(self, one: Command | Group) -> SlashApplicationCommand:
        callback = self._callback(one) if isinstance(one, Command) else _never_sent
        made = SlashApplicationCommand(
            name=one.name,
            description=one.description,
            callback=callback,
            default_member_permissions=one.permissions,
            contexts=[InteractionContextType.guild],
            integration_types=[IntegrationType.guild_install],
        )
        if isinstance(one, Command):
            self._let_suggest(made, one)
        else:
            for child in one.commands:
                below = made.subcommand(name=child.name, description=child.description)(self._callback(child))
                self._let_suggest(below, child)
        made.from_callback(callback)
        _translate(made)
        return made

    def _callback(self, command: Command) -> Callback:
        async def callback(interaction: Interaction, **given: Any) -> None:
            prepare = partial(command.prepare, self._services, **given)
            await self._converse(interaction, prepare, hidden=command.is_private, reads=command.reads)

        as_nextcord_reads_it: Any = callback
        as_nextcord_reads_it.__signature__ = Signature(
            [Parameter("interaction", Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction), *_options(command)]
        )
        return callback

    def _let_suggest(self, made: SlashApplicationCommand | SlashApplicationSubcommand, command: Command) -> None:
        for option, answer in command.suggest.items():
            made.on_autocomplete(option)(MethodType(answer, self._completion))


def _translate(made: SlashApplicationCommand | SlashApplicationSubcommand) -> None:
    """Adds what the command and its options are called in other languages. Their names are English in all."""
    made.description_localizations = by_locale(made.description)
    for option in made.options.values():
        option.description_localizations = by_locale(option.description)
        option.choice_localizations = {str(name): by_locale(str(name)) for name in option.choices or ()}
    for child in made.children.values():
        _translate(child)


async def _never_sent(interaction: Interaction) -> None:
    """Discord offers the sub-commands alone."""


def _options(command: Command) -> list[Parameter]:
    _services, _asking, *options = signature(command.prepare).parameters.values()
    return options
