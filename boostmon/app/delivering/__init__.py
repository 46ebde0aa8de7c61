"""The delivery of notices from the outbox to people."""
