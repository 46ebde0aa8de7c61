"""Use cases and the ports they speak to; imports the domain only."""
