"""Delivers notices from the outbox to people."""
