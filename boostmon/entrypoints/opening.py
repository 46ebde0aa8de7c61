"""The first line of a process's log: what runs, on which versions, with which settings."""

import logging
import platform
from importlib.metadata import version

from boostmon.adapters.postgres.conninfo import address_of, connection_parameters
from boostmon.entrypoints.setting_texts import changed
from boostmon.entrypoints.settings import Settings, StorageChoice

_log = logging.getLogger(__name__)


def log_start(settings: Settings, mode: str) -> None:
    """Writes it; never a secret.

    Raises:
        StorageMisconfigured: the database's URL cannot be read.
    """
    _log.info(
        "starting",
        extra={
            "mode": mode,
            "version": version("boostmon"),
            "python": platform.python_version(),
            "nextcord": version("nextcord"),
            "storage": _storage(settings),
            "settings": changed(settings),
        },
    )


def _storage(settings: Settings) -> str:
    if settings.storage is StorageChoice.MEMORY:
        return "memory"
    if settings.database_url is None:
        return f"embedded PostgreSQL in {settings.data_dir}"
    return str(address_of(connection_parameters(settings.database_url.get_secret_value(), application_name="boostmon")))
