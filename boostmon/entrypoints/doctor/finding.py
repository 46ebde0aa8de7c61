"""What the doctor says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, and, where it is not well, what to do about it."""

    what: str
    remedy: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        return self.remedy is None

    def __str__(self) -> str:
        return f"✓ {self.what}" if self.remedy is None else f"✗ {self.what}\n    → {self.remedy}"
