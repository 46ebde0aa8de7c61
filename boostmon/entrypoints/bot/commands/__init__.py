"""The slash commands, their options and suggestions, and the buttons that continue them."""
