"""`boostmon doctor`: checks that everything BoostMon needs is there, and says what to do if it is not."""

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

from boostmon.entrypoints.doctor.finding import Finding
from boostmon.entrypoints.doctor.of_database import DatabaseFindings
from boostmon.entrypoints.doctor.of_discord import discord_findings
from boostmon.entrypoints.settings import Settings, WrongSettings, doubtful_names, load_settings


def diagnose(echo: Callable[[str], object]) -> bool:
    """Tells every finding as it comes; says whether all is well."""
    well = True
    for finding in findings():
        echo(str(finding))
        well = well and finding.is_well
    return well


def findings() -> Iterator[Finding]:
    """All findings: versions, settings, then the database, then Discord. What follows from what fails is left out."""
    yield Finding(
        f"Versions: BoostMon {version('boostmon')}, nextcord {version('nextcord')}, Python {platform.python_version()}"
    )
    try:
        settings = load_settings()
    except WrongSettings as error:
        remedy = "correct it; boostmon run --help lists all settings"
        yield from (Finding(f"Settings: {problem}", remedy) for problem in error.problems)
        return
    yield from _settings(settings)
    database = DatabaseFindings()
    yield from database.findings(settings)
    yield from discord_findings(settings, database.timed, database.by_hand)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding(f"Settings: all can be read; dates are in {settings.time_zone}")
    for line in doubtful_names():
        yield Finding(
            f"Settings: {line}", "if so, correct the name; if it is another program's, all is well", hint=True
        )
