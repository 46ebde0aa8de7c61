"""The slash commands, their options and suggestions, and the buttons that carry on with them."""
