"""Giving and taking roles, telling people, and the connection to Discord, on nextcord."""
