"""From the declaration of a command to what nextcord makes of it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from nextcord import Permissions, SlashOption

from boostmon.entrypoints.bot.commands.cog import CommandsCog
from boostmon.entrypoints.bot.commands.command import Command, Group, Services
from boostmon.entrypoints.bot.conversing.conversation import Job, Preparation
from boostmon.entrypoints.bot.reading.asking import Asking, Interaction
from boostmon.texts.cards import Card


def _prepare(
    services: Services,
    asking: Asking,
    length: str = SlashOption(name="how-long", description="How long", required=True),
    times: int | None = SlashOption(description="How often", required=False),
    unit: str = SlashOption(description="In what", choices={"no time": "none", "nothing of ours": "ours"}),
) -> Job:
    return lambda: Card(f"{services.changes} {asking} {length} {times} {unit}")


async def _suggest(completion: object, interaction: Interaction, typed: str) -> None:
    cast("list[Any]", completion).append((interaction, typed))


COUNT = Command("count", "Count something", _prepare, Permissions(manage_roles=True), {"length": _suggest})
TREE = Group("tree", "What has branches", (COUNT, Command("leaf", "The end", _prepare, is_private=True, reads=True)))


@dataclass
class Heard:
    """The conversations that a command began, and what was suggested."""

    begun: list[tuple[Preparation, bool, bool]] = field(default_factory=list)
    completion: list[object] = field(default_factory=list)

    async def converse(self, _interaction: Interaction, prepare: Preparation, *, hidden: bool, reads: bool) -> None:
        self.begun.append((prepare, hidden, reads))

    def cog(self) -> CommandsCog:
        nothing = cast("Any", None)
        return CommandsCog([COUNT, TREE], Services(nothing, nothing), cast("Any", self.completion), cast("Any", self))


def payloads() -> dict[str, Any]:
    return {str(one.name): one.get_payload(None) for one in Heard().cog().application_commands}


def test_the_parameters_are_the_options() -> None:
    count = payloads()["count"]
    options = [(one["name"], one["description"], one.get("required", False)) for one in count["options"]]
    assert options == [("how-long", "How long", True), ("times", "How often", False), ("unit", "In what", True)]
    assert [one["type"] for one in count["options"]] == [3, 4, 3]
    assert [bool(one.get("autocomplete")) for one in count["options"]] == [True, False, False]
    assert (count["description"], count["default_member_permissions"]) == ("Count something", str(1 << 28))


def test_names_of_choices_are_translated_and_their_values_are_not() -> None:
    translated, other = payloads()["count"]["options"][2]["choices"]
    assert (translated["name"], translated["value"]) == ("no time", "none")
    assert translated["name_localizations"]["de"] == "keine Zeit"
    assert not other["name_localizations"]


def test_a_group_has_its_commands_below_it() -> None:
    tree = payloads()["tree"]
    assert [(one["name"], one["type"], len(one["options"])) for one in tree["options"]] == [
        ("count", 1, 3),
        ("leaf", 1, 3),
    ]
    assert tree["options"][0]["options"] == payloads()["count"]["options"]


def test_what_was_typed_is_handed_to_the_function_by_name() -> None:
    heard = Heard()
    count, tree = heard.cog().application_commands
    interaction = cast("Interaction", None)

    asyncio.run(cast("Any", count).callback(interaction, length="2h", times=None, unit="none"))
    asyncio.run(cast("Any", tree).children["leaf"].callback(interaction, length="1d", times=3, unit="ours"))

    [(prepare, hidden, reads), (below, hidden_below, reads_below)] = heard.begun
    assert (hidden, reads, hidden_below, reads_below) == (False, False, True, True)
    assert cast("Card", prepare(cast("Asking", "somebody"))()).title == "None somebody 2h None none"
    assert cast("Card", below(cast("Asking", "another"))()).title == "None another 1d 3 ours"


def test_suggestions_go_to_the_completion_of_that_bot() -> None:
    heard = Heard()
    count = cast("Any", heard.cog().application_commands[0])
    asyncio.run(count.options["how-long"].autocomplete_callback("an interaction", "2"))
    assert heard.completion == [("an interaction", "2")]
