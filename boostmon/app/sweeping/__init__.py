"""The sweep: claims what is due, warns, and removes roles."""
