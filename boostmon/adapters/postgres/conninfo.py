"""What a connection to PostgreSQL is made from: the URL, our defaults, and a description without secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from boostmon.app.errors import StorageMisconfigured

# The documented form of a URL, for error messages.
URL_EXAMPLE = "postgresql://user:password@host:5432/database"

# Numbers as libpq takes them (its chapter "Parameter Key Words"): a host that vanished is noticed after
# 10 s when something was sent to it, after 60 s (30 and three times 10) when we only listen.
_DEFAULTS: Mapping[str, str | int] = {
    "connect_timeout": 5,  # seconds; libpq knows no fraction
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and as whom it is used, fit for logs: it never holds the password."""

    host: str
    port: str
    database: str
    user: str

    def __str__(self) -> str:
        return f"database {self.database!r} at {self.host}:{self.port} as user {self.user!r}"


def connection_parameters(url: str, *, application_name: str) -> dict[str, Any]:
    """Return the keywords for `psycopg.connect`: the URL's own, completed by our defaults.

    What the URL says (such as `?connect_timeout=2`) wins over a default.

    Raises:
        StorageMisconfigured: `url` is not a PostgreSQL URL; the message repeats nothing of it, since a
            password may be anywhere in a URL that cannot be read.
    """
    scheme = url.partition("://")[0]
    if "+" in scheme:
        raise StorageMisconfigured(f"the database URL names a driver ({scheme}://); write it like {URL_EXAMPLE}")
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        given = {"port": "unreadable"}
    if _shows_an_unencoded_password(given):
        raise StorageMisconfigured(
            f"the database URL cannot be read; write it like {URL_EXAMPLE}, "
            "with special characters in the password percent-encoded (@ is %40, : is %3A, / is %2F)"
        )
    return {**_DEFAULTS, "application_name": application_name, **given}


def require_readable(url: str, *, name: str) -> None:
    """Does nothing where `url` can be read.

    Raises:
        StorageMisconfigured: it cannot; `name` says which URL that is.
    """
    try:
        connection_parameters(url, application_name="")
    except StorageMisconfigured as error:
        raise StorageMisconfigured(f"beside it, {name}: {error.reason}") from None


def _shows_an_unencoded_password(given: Mapping[str, Any]) -> bool:
    """Tell whether libpq took a piece of a password for the host, the port or the database."""
    ports = str(given.get("port") or "5432")
    astray = str(given.get("host", "")) + ("" if "user" in given else str(given.get("dbname", "")))
    return "@" in astray or not ports.replace(",", "").isdigit()


def address_of(parameters: Mapping[str, Any]) -> Address:
    """Describe where `parameters` lead, with libpq's own defaults (environment included) filled in."""
    defaults = {
        option.keyword.decode(): option.val.decode() for option in pq.Conninfo.get_defaults() if option.val is not None
    }

    def value(keyword: str, otherwise: str) -> str:
        return str(parameters.get(keyword) or defaults.get(keyword) or otherwise)

    user = value("user", "unknown")
    host = value("host", "") or value("hostaddr", "local socket")
    return Address(host=host, port=value("port", "5432"), database=value("dbname", user), user=user)


def milliseconds(duration: timedelta) -> int:
    """Return `duration` in whole milliseconds, the unit of PostgreSQL's timeout settings."""
    return duration // timedelta(milliseconds=1)
