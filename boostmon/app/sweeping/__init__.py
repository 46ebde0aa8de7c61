"""The sweep: takes what is due, warns, and takes roles."""
