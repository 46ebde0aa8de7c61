"""`boostmon doctor`: whether everything is there that BoostMon needs, and what to do where it is not."""

import os
from collections.abc import Callable, Iterator

from boostmon.entrypoints.doctor.finding import Finding
from boostmon.entrypoints.doctor.of_database import DatabaseFindings
from boostmon.entrypoints.doctor.of_discord import discord_findings
from boostmon.entrypoints.settings import Settings, WrongSettings, load_settings, names_in_env_file, unknown_settings


def diagnose(echo: Callable[[str], object]) -> bool:
    """Tells every finding as it comes; says whether all is well."""
    well = True
    for finding in findings():
        echo(str(finding))
        well = well and finding.is_well
    return well


def findings() -> Iterator[Finding]:
    """All findings: settings, then the database, then Discord. What follows from what fails is left out."""
    try:
        settings = load_settings()
    except WrongSettings as error:
        remedy = "mend it; the page on settings says what it may be"
        yield from (Finding(f"Setting {problem}", remedy) for problem in error.problems)
        return
    yield from _settings(settings)
    database = DatabaseFindings()
    yield from database.findings(settings)
    yield from discord_findings(settings, database.timed)


def _settings(settings: Settings) -> Iterator[Finding]:
    unknown = unknown_settings([*os.environ, *names_in_env_file()])
    yield from (Finding(f"Settings: {line}", "mend the name, or remove it: it does nothing") for line in unknown)
    if not unknown:
        yield Finding(f"Settings: all can be read; dates are in {settings.time_zone}")
