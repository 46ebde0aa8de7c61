"""What is pressed: buttons under the bot's messages. Nothing of them is kept in memory, so they outlive a restart."""
