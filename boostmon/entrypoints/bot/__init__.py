"""The bot: Discord's slash commands in front of the use cases. Every option name and embed is here."""

from boostmon.entrypoints.bot.client import Bot, build_bot
from boostmon.entrypoints.bot.use_cases import UseCases

__all__ = ["Bot", "UseCases", "build_bot"]
