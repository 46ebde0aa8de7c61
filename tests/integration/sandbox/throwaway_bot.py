"""A bot with nothing of BoostMon in it: nextcord as anybody would use it, to see whether it feels at home.

Run as a process with SANDBOX_URL and SANDBOX_TOKEN in its environment, or build it on a thread.
"""

import asyncio
import json
import os
from collections.abc import Callable
from typing import Any

import nextcord
from nextcord.ext import commands
from nextcord.http import Route

TEXTS = ("apple", "apricot", "banana")

LOCALIZED: dict[str, dict[nextcord.Locale | str, str]] = {
    "Choose a colour": {"de": "Wähle eine Farbe", "fr": "Choisir une couleur"}
}

Callback = Callable[..., Any]


def build() -> commands.Bot:
    """A bot that is not logged in yet, with all its commands."""
    intents = nextcord.Intents.none()
    intents.guilds = True
    intents.members = True
    bot = commands.Bot(intents=intents)
    for callback, description, permissions in COMMANDS:
        decorator: Callable[[Callback], nextcord.SlashApplicationCommand] = bot.slash_command(
            description=description,
            description_localizations=LOCALIZED.get(description),
            default_member_permissions=permissions,
        )
        command = decorator(callback)
        if callback is fruit:
            command.on_autocomplete("name")(offer)
    return bot


async def answer(
    interaction: nextcord.Interaction[Any],
    how: str = nextcord.SlashOption(
        description="How", choices=["now", "hidden", "later", "later hidden", "replaced", "edited", "never", "slow"]
    ),
    text: str = nextcord.SlashOption(description="What", required=False, default="hello", max_length=20),
) -> None:
    match how:
        case "now":
            await interaction.response.send_message(text)
        case "hidden":
            await interaction.response.send_message(text, ephemeral=True)
        case "later":
            await interaction.response.defer()
            embed = nextcord.Embed(title="Late", description=text, colour=0x2ECC71)
            await interaction.edit_original_message(embed=embed)
        case "later hidden":
            await interaction.response.defer(ephemeral=True)
            # The first follow-up completes the deferral and takes its visibility over.
            await interaction.followup.send(text)
        case "replaced":
            await interaction.response.defer()
            await interaction.delete_original_message()
            await interaction.followup.send(text, ephemeral=True)
        case "edited":
            await interaction.response.send_message("before")
            await interaction.edit_original_message(content=text)
        case "slow":
            await asyncio.sleep(3.3)  # past the three real seconds that Discord allows: being late is what is tested
            try:
                await interaction.response.send_message(text)
            except nextcord.NotFound as late:
                await interaction.client.get_channel(interaction.channel_id or 0).send(f"too late: {late.code}")


async def role(
    interaction: nextcord.Interaction[Any],
    user: nextcord.Member,
    role: nextcord.Role,
    take: bool = nextcord.SlashOption(description="Take it", required=False, default=False),
) -> None:
    act = user.remove_roles if take else user.add_roles
    try:
        await act(role, reason="a reason: é / 100 %")
    except nextcord.HTTPException as refused:
        await interaction.response.send_message(f"{refused.status} {refused.code}", ephemeral=True)
    else:
        await interaction.response.send_message("done")


async def dm(interaction: nextcord.Interaction[Any], user: nextcord.User, text: str) -> None:
    try:
        await user.send(text)
    except nextcord.HTTPException as refused:
        await interaction.response.send_message(f"{refused.status} {refused.code}", ephemeral=True)
    else:
        await interaction.response.send_message("sent")


async def post(
    interaction: nextcord.Interaction[Any],
    channel: nextcord.TextChannel,
    text: str,
    nonce: str = nextcord.SlashOption(required=False, default=""),
) -> None:
    body: dict[str, Any] = {"content": text} | ({"nonce": nonce, "enforce_nonce": True} if nonce else {})
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    try:
        message = await interaction.client.http.request(route, json=body)
    except nextcord.HTTPException as refused:
        await interaction.response.send_message(f"{refused.status} {refused.code}", ephemeral=True)
    else:
        await interaction.response.send_message(f"posted {message['id']} nonce {message['nonce']}")


async def colour(
    interaction: nextcord.Interaction[Any],
    name: str = nextcord.SlashOption(
        description="Which",
        description_localizations={"de": "Welche"},
        choices={"Red": "r", "Blue": "b"},
        choice_localizations={"Red": {"de": "Rot"}, "Blue": {"de": "Blau"}},
    ),
) -> None:
    await interaction.response.send_message(f"chosen: {name}")


async def fruit(
    interaction: nextcord.Interaction[Any],
    user: nextcord.Member,
    name: str = nextcord.SlashOption(description="Fruit", autocomplete=True),
) -> None:
    await interaction.response.send_message(f"{user.mention} likes {name}")


async def offer(interaction: nextcord.Interaction[Any], name: str) -> None:
    found = {f"@{text} fruit": text for text in TEXTS if text.startswith(name)}
    if name == "silence":
        return
    await interaction.response.send_autocomplete(found)


async def cache(interaction: nextcord.Interaction[Any]) -> None:
    guild = interaction.guild
    if guild is None:
        raise TypeError("this command is for guilds")
    seen = {
        "members": {m.name: [r.name for r in m.roles[1:]] for m in guild.members},
        "booster": [r.name for r in guild.roles if r.is_premium_subscriber()],
        "mine": [r.name for r in guild.roles if r.is_bot_managed()],
        "top": guild.me.top_role.name,
        "languages": [interaction.locale, interaction.guild_locale, guild.preferred_locale],
    }
    await interaction.response.send_message(json.dumps(seen)[:2000])


class Buttons(nextcord.ui.View):
    """Each button has another way to answer a press; the numbers are Discord's kinds of an answer."""

    def __init__(self) -> None:
        super().__init__(timeout=None, auto_defer=False)
        self.add_item(nextcord.ui.Button(label="Elsewhere", url="https://example.com/"))
        self.add_item(nextcord.ui.Button(label="Off", disabled=True))

    @nextcord.ui.button(label="Say")
    async def kind_4(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        pressed = interaction.message.content if interaction.message else "nothing"
        await interaction.response.send_message(f"{interaction.user} pressed {pressed}")

    @nextcord.ui.button(label="Say it privately")
    async def kind_4_hidden(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.send_message("between us", ephemeral=True)

    @nextcord.ui.button(label="Think")
    async def kind_5(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True, with_message=True)
        await interaction.edit_original_message(content="thought about it")

    @nextcord.ui.button(label="Change later", style=nextcord.ButtonStyle.danger)
    async def kind_6(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_message(content="changed later", view=None)

    @nextcord.ui.button(label="Change")
    async def kind_7(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content="changed", view=None)
        await interaction.followup.send("and told you", ephemeral=True)

    @nextcord.ui.button(label="Remove")
    async def delete(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.delete_original_message()

    @nextcord.ui.button(label="Ignore")
    async def ignore(self, _: Any, interaction: nextcord.Interaction[Any]) -> None:
        """Nothing: the press is never answered."""


async def buttons(
    interaction: nextcord.Interaction[Any],
    text: str,
    hidden: bool = nextcord.SlashOption(description="For you alone", required=False, default=False),
    apart: bool = nextcord.SlashOption(description="In a message that answers nothing", required=False, default=False),
) -> None:
    if apart:
        await interaction.response.send_message("see below", ephemeral=True)
        await interaction.client.get_channel(interaction.channel_id or 0).send(text, view=Buttons())
        return
    await interaction.response.send_message(text, view=Buttons(), ephemeral=hidden)


COMMANDS: tuple[tuple[Callback, str, nextcord.Permissions | None], ...] = (
    (answer, "Answer in one of many ways", None),
    (role, "Give or take a role", nextcord.Permissions(manage_roles=True)),
    (dm, "Write to a user directly", None),
    (post, "Write in a channel", None),
    (fruit, "Choose a fruit", None),
    (cache, "What the bot's cache says", None),
    (buttons, "Answer with buttons", None),
    (colour, "Choose a colour", None),
)
"""Each with its description, and with what a member needs for it."""


if __name__ == "__main__":
    Route.BASE = os.environ["SANDBOX_URL"]
    build().run(os.environ["SANDBOX_TOKEN"])
