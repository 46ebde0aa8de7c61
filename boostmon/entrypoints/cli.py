"""The command line. Exit codes: 0 fine, 1 failed, 2 wrong use."""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from boostmon.app.errors import DiscordUnreachable, StorageMisconfigured, StorageUnavailable, TokenRefused
from boostmon.domain.errors import BoostMonError
from boostmon.entrypoints.invitation import APPLICATION_ID, invitation
from boostmon.entrypoints.lifecycle import Stopped, StopSignal
from boostmon.entrypoints.logs import configure_logs
from boostmon.entrypoints.setting_texts import listing
from boostmon.entrypoints.settings import (
    DiscordChoice,
    LogFormat,
    LogLevel,
    Settings,
    StorageChoice,
    WrongSettings,
    asks_for_json,
    doubtful_names,
    load_settings,
)

FAILED, WRONG_USE = 1, 2

_log = logging.getLogger(__name__)

_SETTINGS = f"\b\nSettings, from the environment or a file .env in this folder [default]:\n{listing()}"
_OF_THE_DATABASE = ("DATABASE_URL", "BOOSTMON_DATA_DIR", "BOOSTMON_DATABASE_WAIT", "BOOSTMON_LOG_FORMAT")
_SOME_SETTINGS = (
    "\b\nSettings, from the environment or a file .env in this folder [default]:\n"
    f"{listing(_OF_THE_DATABASE)}\n  boostmon run --help lists all."
)

LOGIN_NEEDED = f"""\
DISCORD_TOKEN is not set, so BoostMon cannot log in to Discord.

  1. Open https://discord.com/developers/applications, choose your application (or make one), then "Bot".
  2. Press "Reset Token" and copy it.
  3. Set it: export DISCORD_TOKEN=... (or write DISCORD_TOKEN=... into a file .env in this folder).
  4. Invite the bot to your server, with your application's id in place of {APPLICATION_ID}:
     {invitation()}

To try BoostMon without a token or a server: boostmon sandbox
"""

app = typer.Typer(
    help="Temporary roles for Discord that end on time, confirmed by Discord.",
    epilog="boostmon COMMAND --help says more about each; boostmon run --help lists the settings.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The console script."""
    app()


def _version(value: bool) -> None:
    if value:
        typer.echo(f"boostmon {version('boostmon')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(epilog=_SETTINGS, short_help="Serve commands, warn, and remove roles, in one process.")
def run() -> None:
    """Serve slash commands, warn members, and remove roles on time, all in one process."""
    _run_bot(sweeps=True)


@app.command(epilog=_SETTINGS, short_help="Serve commands only; run a sweeper as well.")
def bot() -> None:
    """Serve slash commands only; run `boostmon sweeper` on the same database as well."""
    _run_bot(sweeps=False)


@app.command(epilog=_SETTINGS, short_help="Warn and remove roles only; any number may run.")
def sweeper() -> None:
    """Warn members and remove roles only, without a connection to Discord's gateway. Any number may run."""
    settings = _settings()
    token = _token(settings) if settings.discord is DiscordChoice.DISCORD else None
    stop = StopSignal()
    stop.listen()

    def work() -> None:
        with stop.interrupting():  # for seconds, on a slow machine
            from boostmon.entrypoints.processes import run_sweeper
        run_sweeper(settings, token, stop=stop)

    with suppress(Stopped):
        reporting(work)


@app.command(epilog=_SOME_SETTINGS, short_help="Bring the database's schema up to date.")
def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be applied, and change nothing.")] = False,
) -> None:
    """Bring the database's schema up to date. Running it again does nothing."""
    settings = _settings()
    if settings.storage is StorageChoice.MEMORY:
        _stop("BOOSTMON_STORAGE=memory has no schema to bring up to date", WRONG_USE)

    def work() -> None:
        from boostmon.entrypoints.migrating import migrate_database

        for line in migrate_database(settings, dry_run=dry_run):
            typer.echo(line)

    reporting(work)


@app.command(epilog=_SETTINGS, short_help="Say what is wrong with the setup, and how to fix it.")
def doctor() -> None:
    """Check settings, database, token and permissions: what is wrong, and how to fix it. Changes nothing."""
    from boostmon.entrypoints.doctor import diagnose

    configure_logs(json=False, level="ERROR")
    if not diagnose(typer.echo):
        raise typer.Exit(FAILED)


@app.command(short_help="Try the bot on a Discord of its own: no token, no server.")
def sandbox(
    script: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            metavar="FILE",
            help="Play the lines of this file and exit, with code 1 if one fails.",
        ),
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=10_000,
            metavar="N",
            help="Let time run N times as fast; the tour runs 60 times as fast.",
        ),
    ] = None,
) -> None:
    """Try the real bot on a Discord of its own, on this machine: no token, no server.

    Without a terminal and without --script it plays a short tour.
    """
    from boostmon.entrypoints.sandboxing import SandboxMissing, ScriptUnreadable, play

    try:
        code = play(script=script, speed=speed, interactive=sys.stdin.isatty() and sys.stdout.isatty())
    except (SandboxMissing, ScriptUnreadable) as error:
        _fail(str(error), WRONG_USE)
    except BoostMonError as error:
        _fail(explained(error), FAILED)
    raise typer.Exit(code)


def _run_bot(*, sweeps: bool) -> None:
    settings = _settings()
    if settings.discord is DiscordChoice.MEMORY:
        _stop("BOOSTMON_DISCORD=memory serves no commands; with it, only `boostmon sweeper` can run", WRONG_USE)
    token = _token(settings)
    stop = StopSignal()
    stop.listen()

    def work() -> None:
        with stop.interrupting():  # for seconds, on a slow machine
            from boostmon.entrypoints.processes import run_bot
        run_bot(settings, token, sweeps=sweeps, stop=stop)

    with suppress(Stopped):
        reporting(work)


def _settings() -> Settings:
    try:
        settings = load_settings()
    except WrongSettings as error:
        configure_logs(json=asks_for_json(), level=LogLevel.INFO)
        _stop("Wrong settings:\n" + "\n".join(f"  {problem}" for problem in error.problems), WRONG_USE)
    configure_logs(json=settings.log_format is LogFormat.JSON, level=settings.log_level)
    for line in doubtful_names():
        _log.warning(line)
    return settings


def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        _stop(LOGIN_NEEDED, WRONG_USE)
    return settings.discord_token.get_secret_value()


def reporting(work: Callable[[], None]) -> None:
    """Runs `work`; what stops it becomes a sentence and an exit code, not a traceback."""
    try:
        work()
    except BoostMonError as error:
        _stop(explained(error), WRONG_USE if isinstance(error, StorageMisconfigured) else FAILED)
    except Exception as error:
        _log.critical("ended by an error that nobody foresaw", exc_info=error)
        raise typer.Exit(FAILED) from error


def explained(error: BoostMonError) -> str:
    """What stopped a process, in words for its operator."""
    from boostmon.adapters.postgres.embedded import EmbeddedPostgresError  # loads psycopg

    match error:
        case TokenRefused():
            return (
                f"{error}.\nCheck DISCORD_TOKEN: it is the bot's token (not the client secret), shown once on the page "
                '"Bot" of your application at https://discord.com/developers/applications; "Reset Token" makes another.'
            )
        case DiscordUnreachable(reason=reason):
            return f"There is no connection to Discord: {reason}."
        case StorageMisconfigured(reason=reason):
            return f"DATABASE_URL: {reason}."
        case EmbeddedPostgresError(reason=reason):
            return f"The database cannot be used: {reason}."
        case StorageUnavailable(reason=reason):
            return f"The database cannot be used: {reason}.\nCheck DATABASE_URL, and that the server is running."
        case _:
            return str(error)


def _stop(text: str, code: int) -> NoReturn:
    """Tells why a process ends: in words, or as a line of the log where a machine reads it."""
    if not asks_for_json():
        _fail(text, code)
    first, *more = (line.strip() for line in text.splitlines() if line.strip())
    _log.error(first.rstrip(":"), extra={"exit_code": code} | ({"details": more} if more else {}))
    raise typer.Exit(code)


def _fail(text: str, code: int) -> NoReturn:
    typer.echo(text.rstrip(), err=True)
    raise typer.Exit(code)
