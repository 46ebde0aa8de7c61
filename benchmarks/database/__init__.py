"""What one process and its database do: drain, idle, lateness, crash, start-up and memory."""
