"""Texts of people and of Discord, as PostgreSQL takes them."""


def storable(text: str | None) -> str | None:
    """The text without what PostgreSQL refuses and JSON may carry: NUL, and halves of surrogate pairs."""
    return None if text is None else text.replace("\0", "").encode(errors="replace").decode()
