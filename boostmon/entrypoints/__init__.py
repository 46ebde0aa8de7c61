"""Where processes start: settings, container, command line, bot, sweeper thread."""
