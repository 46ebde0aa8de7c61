"""The bot: Discord's slash commands in front of the use cases. Every option name and embed is here."""

from boostmon.entrypoints.bot.client import BotClient, build_bot

__all__ = ["BotClient", "build_bot"]
