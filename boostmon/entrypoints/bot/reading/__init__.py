"""What an interaction says, as values of the domain."""
