"""The bot: Discord's slash commands and buttons in front of the use cases."""

from boostmon.entrypoints.bot.client import BotClient, build_bot

__all__ = ["BotClient", "build_bot"]
