"""The check of recorded requests against Discord's OpenAPI description; see `__main__` for how to call it."""
