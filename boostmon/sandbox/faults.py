"""Faults on demand: each strikes requests with a given method and path, a number of times."""

import fnmatch
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Scope = Literal["user", "shared", "global"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer instead of the act: an error of Discord's, or of what stands in front of it."""

    status: int
    code: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Impostor:
    """An answer, instead of the act, of something that is not Discord: a proxy's page, half a JSON, a redirect."""

    body: str = "<html>All is well.</html>"
    status: int = 200
    content_type: str = "text/html"
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Throttle:
    """A 429 that asks for `retry_after` seconds. `via` off: as Cloudflare answers a banned address."""

    scope: Scope = "user"
    retry_after: float = 1.0
    via: bool = True


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """The act is done, but its answer never comes: the connection breaks after `hold` real seconds."""

    hold: float = 0.0


@dataclass(frozen=True, slots=True)
class Latency:
    """The act and its answer come `seconds` real seconds late."""

    seconds: float


Kind = Refusal | Impostor | Throttle | LostAnswer | Latency


@dataclass(slots=True)
class _Armed:
    kind: Kind
    method: str
    path: str
    left: int | None


@dataclass(slots=True)
class Faults:
    """The faults that are armed. Several may match one request; of each kind the first one strikes.

    `struck` counts those that struck, by the name of their kind.
    """

    struck: Counter[str] = field(default_factory=Counter)
    _armed: list[_Armed] = field(default_factory=list)

    def arm(self, kind: Kind, method: str = "*", path: str = "*", times: int | None = 1) -> None:
        """Let `kind` strike the next `times` requests that match; None: until `clear`.

        `path` is a shell pattern over what follows the API's base, for instance `/guilds/*/roles/*`.
        """
        self._armed.append(_Armed(kind, method.upper(), path, times))

    def clear(self) -> None:
        """Disarms every fault."""
        self._armed.clear()

    def take(self, method: str, path: str) -> dict[type[Any], Kind]:
        """The faults that strike this request, by kind; each is counted as used."""
        struck: dict[type[Any], Kind] = {}
        for armed in list(self._armed):
            if type(armed.kind) in struck or not _matches(armed, method, path):
                continue
            struck[type(armed.kind)] = armed.kind
            self.struck[type(armed.kind).__name__] += 1
            if armed.left is not None:
                armed.left -= 1
                if armed.left <= 0:
                    self._armed.remove(armed)
        return struck


def _matches(armed: _Armed, method: str, path: str) -> bool:
    return armed.method in {"*", method} and fnmatch.fnmatchcase(path, armed.path)
