"""Where processes start: settings, the container, the command line, the bot, the sweeper's threads."""
