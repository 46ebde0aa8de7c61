"""One finding of the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, and, where it is not well, what to do about it.

    A `hint` may be nothing: only whoever set BoostMon up can tell.
    """

    what: str
    remedy: str | None = None
    hint: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done."""
        return self.remedy is None or self.hint

    def __str__(self) -> str:
        if self.remedy is None:
            return f"✓ {self.what}"
        return f"{'!' if self.hint else '✗'} {self.what}\n    → {self.remedy}"
