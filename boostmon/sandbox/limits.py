"""Discord's rate limits: buckets per route and top-level resource, and one for the whole bot.

Windows are fixed and start with their first request; seconds are real ones, whatever the sandbox's
clock does, because they are about traffic. While limits are not enforced the headers are sent all the
same, with room that nobody uses up: nextcord throttles a route whose answers lack them.
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_ID = re.compile(r"(?<=/)\d+(?=/|$)")
_EXEMPT = re.compile(r"/(interactions/|webhooks/\d+/)")
_MAJOR = re.compile(r"/(guilds|channels|webhooks)/(\d+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `requests` in a window of `seconds`."""

    requests: int
    seconds: float


#: Close to what Discord's headers have shown; Discord publishes none of these and changes them at will.
OBSERVED = {
    "PUT /guilds/:id/members/:id/roles/:id": Rule(10, 10),
    "DELETE /guilds/:id/members/:id/roles/:id": Rule(10, 10),
    "POST /channels/:id/messages": Rule(5, 5),
    "POST /users/@me/channels": Rule(10, 10),
    "PATCH /guilds/:id/members/:id": Rule(10, 10),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is enforced. `buckets` maps `METHOD /route/with/:id` to a rule; other routes get `default`."""

    per_second: int | None = 50
    buckets: Mapping[str, Rule] = field(default_factory=lambda: dict(OBSERVED))
    default: Rule = Rule(50, 1.0)
    enforced: bool = True


OFF = Limits(per_second=None, buckets={}, default=Rule(1000, 1.0), enforced=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the headers that tell the client about its bucket."""

    headers: Mapping[str, str]
    retry_after: float | None = None
    is_global: bool = False


@dataclass(slots=True)
class _Window:
    opened: float
    used: int = 0


class RateLimits:
    """Counts requests against `limits`, by a clock of real seconds."""

    def __init__(self, limits: Limits = OFF, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}

    def enforce(self, limits: Limits) -> None:
        """Start over with other limits."""
        self.limits = limits
        self._windows.clear()

    def take(self, method: str, path: str) -> Verdict:
        """Count one request and say whether Discord would let it pass."""
        now = self._clock()
        if self.limits.per_second is not None and not _EXEMPT.match(path):
            window = self._window(("global", ""), 1.0, now)
            if window.used >= self.limits.per_second:
                wait = window.opened + 1.0 - now
                return Verdict(limited_headers(wait, "global"), wait, is_global=True)
            window.used += 1
        return self._take_from_bucket(method, path, now)

    def _take_from_bucket(self, method: str, path: str, now: float) -> Verdict:
        route = template(method, path)
        rule = self.limits.buckets.get(route, self.limits.default)
        window = self._window((route, _major(path)), rule.seconds, now)
        wait = max(window.opened + rule.seconds - now, 0.001)
        refused = self.limits.enforced and window.used >= rule.requests
        if not refused:
            window.used += 1
        headers = {
            "X-RateLimit-Limit": str(rule.requests),
            "X-RateLimit-Remaining": str(max(rule.requests - window.used, 0 if self.limits.enforced else 1)),
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            # The name is the route's alone: two guilds share it although their counts are apart.
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        if refused:
            return Verdict(headers | limited_headers(wait, "user"), wait)
        return Verdict(headers)

    def _window(self, key: tuple[str, str], seconds: float, now: float) -> _Window:
        window = self._windows.get(key)
        if window is None or now >= window.opened + seconds:
            window = self._windows[key] = _Window(now)
        return window


def limited_headers(wait: float, scope: str) -> dict[str, str]:
    """The headers of a 429 that asks for `wait` seconds."""
    headers = {"Retry-After": f"{wait:.3f}", "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return headers


def template(method: str, path: str) -> str:
    """`PUT /guilds/:id/members/:id/roles/:id`: a request without its ids and tokens."""
    route = re.sub(r"^/webhooks/\d+/[^/]+", "/webhooks/:id/:token", path)
    route = re.sub(r"^/interactions/\d+/[^/]+", "/interactions/:id/:token", route)
    return f"{method} {_ID.sub(':id', route)}"


def _major(path: str) -> str:
    match = _MAJOR.match(path)
    return match[0] if match else ""
