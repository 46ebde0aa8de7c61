"""How long to wait before what failed is tried again. No guild decides this: it holds for whoever runs the bot."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first` up to `cap`."""

    first: timedelta
    cap: timedelta

    def after(self, attempts: int) -> timedelta:
        """The wait after the given number of failed attempts (at least one)."""
        doublings = min(max(attempts, 1) - 1, 32)
        return min(self.first * (1 << doublings), self.cap)


@dataclass(frozen=True, slots=True)
class Patience:
    """The waits after a failed act in Discord.

    A failure that may pass by itself is tried again from 1 s up to 5 min apart. One that needs a human (rights, role
    order) from 1 min up to 1 h: Discord bans an address for a while after 10,000 answers of 401, 403 or 429 in ten
    minutes, so a refusal is never repeated in a tight loop.
    """

    retry: Backoff = Backoff(first=timedelta(seconds=1), cap=timedelta(minutes=5))
    blocked: Backoff = Backoff(first=timedelta(minutes=1), cap=timedelta(hours=1))


PATIENCE = Patience()
