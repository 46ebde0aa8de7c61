"""The use cases, and the ports that say what they need from the world."""
