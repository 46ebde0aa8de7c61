"""Pictures of what the bot writes, drawn as Discord's dark client shows it, for the README and the documentation."""
