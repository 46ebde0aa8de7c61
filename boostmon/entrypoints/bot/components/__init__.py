"""What is pressed: buttons under the bot's messages. Nothing of them is kept in memory, so they outlive a restart."""

from boostmon.entrypoints.bot.components import texts as texts  # registers what it words
