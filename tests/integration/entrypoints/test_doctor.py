"""`boostmon doctor` on a real database and a Discord on loopback: what it finds, and what it says to do."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
from nextcord.http import Route

from boostmon.adapters.clock import SyncedClock, SystemClock
from boostmon.adapters.postgres.counting import PostgresRoleTallies
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded.programs import MAJOR_VERSION
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.domain.drift import Baseline
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action
from boostmon.domain.rules import RoleRule
from boostmon.domain.transitions import pause
from boostmon.entrypoints.doctor import diagnose, findings
from boostmon.entrypoints.doctor.of_database import DatabaseFindings
from boostmon.entrypoints.settings import Settings
from boostmon.sandbox.faults import Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.support.earlier_bot import contents, leave_tables
from tests.support.earlier_tables import make_tables_of_old, relations
from tests.support.postgres import reachable_folder
from tests.support.timers import HOUR, asked, change, running

FAR_OFF = timedelta(hours=1)


@pytest.fixture
def discord() -> Iterator[LoopbackDiscord]:
    before = Route.BASE
    with LoopbackDiscord(SystemClock().now) as loopback:
        yield loopback
    Route.BASE = before


@pytest.fixture(autouse=True)
def settings(
    discord: LoopbackDiscord, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> pytest.MonkeyPatch:
    """A healthy installation; a test takes something away."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("BOOSTMON_", "DATABASE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DISCORD_TOKEN", discord.token)
    monkeypatch.setenv("BOOSTMON_DISCORD_API_URL", discord.url)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return monkeypatch


def lines() -> list[str]:
    return [line for finding in findings() for line in str(finding).splitlines()]


def wrong() -> list[str]:
    """What is wrong, and the remedies."""
    return [str(finding) for finding in findings() if not finding.is_well]


def time_a_role(discord: LoopbackDiscord, database_url: str, role: str, *, guild: int | None = None) -> None:
    """Somebody holds it for an hour from now."""
    of = TimerKey(
        GuildId(guild or discord.look(lambda world: world.guild.id)),
        UserId(discord.id_of("@alice")),
        RoleId(discord.id_of(role)),
    )
    with closing(Database(database_url)) as database:
        database.open()
        now = SystemClock().now()
        PostgresTimers(database).commit(change(None, running(2 * HOUR, of=of, at=now)))


def test_a_healthy_installation_has_a_tick_on_each_line(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP")

    found = lines()

    assert [line[0] for line in found] == ["✓"] * len(found)
    topics = [line[2:].split(":")[0].split(" ")[0] for line in found]
    assert topics == [
        "Versions", "Settings", "Database", "Database", "Clock", "Schema", "Timers", "Token", "Application", "Server",
    ]  # fmt: skip
    assert "1 timer within reach" in found[-1]


def test_its_word_is_the_exit_code(settings: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    assert diagnose(said.append) is True
    settings.delenv("DISCORD_TOKEN")
    assert diagnose(said.append) is False


def test_a_wrong_setting_is_all_that_is_looked_at(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("BOOSTMON_LEASE", "long")
    settings.setenv("BOOSTMON_POOL_MIN", "0")

    found = [str(finding) for finding in findings()]

    assert [line[0] for line in found] == ["✓", "✗", "✗"]
    assert "BOOSTMON_LEASE=long" in found[1] + found[2]


def test_a_database_that_does_not_answer_does_not_hide_discord(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("DATABASE_URL", "postgresql://boostmon:hunter2@127.0.0.1:1/timers?connect_timeout=2")

    found = lines()

    assert len(wrong()) == 1
    assert any(line.startswith("✗ Database: cannot connect to database 'timers'") for line in found)
    assert "✓ Token: Discord accepts it" in found
    assert "hunter2" not in "".join(found)


def test_a_read_only_database(database_url: str, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("DATABASE_URL", f"{database_url}&options=-c%20default_transaction_read_only%3Don")

    [told] = wrong()

    assert told.startswith("✗ Database: is read-only")
    assert "primary" in told


def test_a_schema_that_is_behind(empty_database_url: str, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("DATABASE_URL", empty_database_url)

    [told] = wrong()

    assert told.startswith("✗ Schema: ")
    assert "boostmon migrate" in told


def test_tables_of_an_older_boostmon(empty_database_url: str, settings: pytest.MonkeyPatch) -> None:
    make_tables_of_old(empty_database_url)
    settings.setenv("DATABASE_URL", empty_database_url)

    [told] = wrong()

    assert told.startswith("✗ Schema: tables of an older BoostMon are in the schema public, to be moved to boostmon")
    assert "stop every older BoostMon, then start this one, or run boostmon migrate" in told
    assert "timers" in relations(empty_database_url, "public"), "a doctor changes nothing"


def test_tables_of_ours_in_a_schema_where_nobody_looks(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE SCHEMA odd")
    make_tables_of_old(database_url, schema="odd")

    found = lines()

    [told] = [line for line in found if "in the schema odd" in line]
    assert told.startswith("! Other tables: tables of BoostMon are in the schema odd, too; their timers do not run")
    assert wrong() == []


def test_the_earlier_bots_tables(database_url: str) -> None:
    leave_tables(database_url)
    before = contents(database_url)

    found = lines()

    [told] = [line for line in found if "earlier BoostMon" in line]
    assert told.startswith(
        "✓ Other tables: tables of the earlier BoostMon, the one for Node.js, are in the schema public"
    )
    assert wrong() == []
    assert contents(database_url) == before


def test_a_database_user_who_may_not_create_the_schema(empty_database_url: str, settings: pytest.MonkeyPatch) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE ROLE powerless LOGIN")
    try:
        settings.setenv("DATABASE_URL", empty_database_url.replace("//postgres@", "//powerless@"))
        [told] = wrong()
    finally:
        with psycopg.connect(empty_database_url) as connection:
            connection.execute("DROP ROLE powerless")

    assert "CREATE SCHEMA boostmon AUTHORIZATION powerless" in told


def test_a_schema_that_was_changed_by_hand(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE boostmon.schema_migrations SET sha256 = repeat('0', 64)")

    [told] = wrong()

    assert "is not the file that was applied" in told


def test_a_machine_whose_clock_is_wrong() -> None:
    doctor = DatabaseFindings(clock=SyncedClock(machine=lambda: SystemClock().now() - FAR_OFF))

    [told] = [str(finding) for finding in doctor.findings(Settings()) if not finding.is_well]

    assert told.startswith("✗ Clock: this machine's is 3600 s behind the database's")
    assert "NTP" in told


def test_timers_that_nobody_ends(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE boostmon.timers SET due_at = now() - interval '2 minutes'")

    [told] = wrong()

    assert told.startswith("✗ Timers: 1 have been due for more than a minute")


@pytest.mark.parametrize("direct", ["postgresql://boostmon@127.0.0.1:1/timers?connect_timeout=2", None])
def test_a_direct_way_that_leads_nowhere_or_round(
    direct: str | None, database_url: str, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv("DATABASE_DIRECT_URL", direct or database_url)

    assert [told.startswith("✗ DATABASE_DIRECT_URL: cannot connect") for told in wrong()] == ([True] if direct else [])


def test_no_token(settings: pytest.MonkeyPatch) -> None:
    settings.delenv("DISCORD_TOKEN")

    [told] = wrong()

    assert told.startswith("✗ Token: DISCORD_TOKEN is not set")
    assert "discord.com/developers" in told


def test_a_wrong_token(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("DISCORD_TOKEN", "wr0ng")

    [told] = wrong()

    assert told.startswith("✗ Token: Discord does not accept the token")
    assert "wr0ng" not in told


def test_a_discord_that_fails(discord: LoopbackDiscord) -> None:
    discord.fail(Refusal(501, 0), "GET", "/users/@me", times=None)  # 500 is retried by nextcord for 25 s

    [told] = wrong()

    assert told.startswith("✗ Discord: ")
    assert "discordstatus.com" in told


def test_an_intent_that_the_portal_does_not_allow(discord: LoopbackDiscord, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("BOOSTMON_MEMBERS_INTENT", "on")
    assert any("it may hear of members" in line for line in lines())
    assert wrong() == []

    discord.disallow_members_intent()

    assert any("BOOSTMON_MEMBERS_INTENT is on, but the bot may not hear of members" in line for line in wrong())
    assert any('switch on "Server Members Intent"' in line for line in lines())


def test_a_server_where_manage_roles_is_missing(discord: LoopbackDiscord) -> None:
    discord.change(lambda changes: changes.set_permission("manage_roles", allowed=False))

    [told] = wrong()

    assert "Boost Town" in told
    assert "lacks Manage Roles" in told


def test_a_timed_role_above_the_bots_own(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP")
    discord.change(lambda changes: changes.move_role("@VIP", "@BoostMon", above=True))

    [told] = wrong()

    assert "@VIP stands above the bot's own role, so 1 timer on it cannot end" in told
    assert "drag the bot's role above it" in told


def test_a_server_that_does_not_show_its_audit_log(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP")
    discord.change(lambda changes: changes.set_permission("view-audit-log", allowed=False))
    assert wrong() == []
    assert any(line.startswith("! Server ") and "lacks View Audit Log" in line for line in lines())

    rule(discord, database_url, "@Supporter")

    [told] = wrong()
    assert "lacks View Audit Log, so no timer starts when somebody gives @Supporter" in told
    assert "Server Settings, Roles" in told


def test_what_people_do_by_hand_that_the_bot_cannot_mend(discord: LoopbackDiscord, database_url: str) -> None:
    rule(discord, database_url, "@VIP")
    guild, vip = GuildId(discord.look(lambda world: world.guild.id)), RoleId(discord.id_of("@VIP"))
    now = SystemClock().now()
    with closing(Database(database_url)) as database:
        database.open()
        timers = PostgresTimers(database)
        for member in ("@alice", "@bob", "@carol"):
            key = TimerKey(guild, UserId(discord.id_of(member)), vip)
            stored = timers.commit(change(None, running(2 * HOUR, of=key, at=now)))
            assert stored is not None
            waits = change(stored, pause(stored, now=now))
            action = Action.PAUSE if member == "@carol" else Action.FOUGHT
            timers.commit(replace(waits, entry=replace(waits.entry, action=action)))
        PostgresRoleTallies(database).keep(guild, {vip: Baseline(5, 0, 3)}, now)

    fought, unheard = wrong()

    assert "@VIP is taken again each time that the bot gives it back, so 2 timers wait" in fought
    assert "/resumetime" in fought
    assert "3 members got @VIP unheard" in unheard
    assert "/settime" in unheard


def rule(discord: LoopbackDiscord, database_url: str, role: str) -> None:
    """Its timers start by themselves."""
    guild, starting = discord.look(lambda world: world.guild.id), RoleRule(RoleId(discord.id_of(role)), starts=True)
    with closing(Database(database_url)) as database:
        database.open()
        policies = PostgresPolicies(database)
        policies.change_rule(GuildId(guild), starting.role, lambda _: starting, asked=asked())


def test_timers_of_a_role_that_was_deleted(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP")
    time_a_role(discord, database_url, "@Supporter")
    role = discord.id_of("@VIP")
    discord.change(lambda changes: changes.delete_role("@VIP"))

    [told] = wrong()

    assert f"the role {role} was deleted, and 1 timer on it" in told
    assert "start boostmon run" in told
    assert "1 timer within reach" in lines()[-1]


def test_timers_of_a_server_that_the_bot_has_left(discord: LoopbackDiscord, database_url: str) -> None:
    time_a_role(discord, database_url, "@VIP", guild=42)

    [told] = wrong()

    assert told.startswith("✗ Server 42: the bot is not there, and 1 timer cannot end")
    assert "oauth2/authorize?client_id=" in told


def test_without_a_database_url_nothing_is_made_for_a_look(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.delenv("DATABASE_URL")
    settings.setenv("BOOSTMON_DATA_DIR", str(tmp_path / "data"))

    assert wrong() == []

    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the system's own folders are Linux's")
@pytest.mark.parametrize(
    ("unusable", "why"), [("/proc/nothing", "/proc "), ("/dev/null/nothing", "/dev/null is not a folder")]
)
def test_a_folder_in_which_nothing_can_be_made(unusable: str, why: str, settings: pytest.MonkeyPatch) -> None:
    settings.delenv("DATABASE_URL")
    settings.setenv("BOOSTMON_DATA_DIR", unusable)

    [told] = wrong()

    assert told.startswith(f"✗ Database: the embedded PostgreSQL cannot be made in {unusable}: {why}")
    assert "set BOOSTMON_DATA_DIR to a folder that you may write to" in told


def test_an_embedded_database_that_does_not_start_is_no_matter_of_a_url(settings: pytest.MonkeyPatch) -> None:
    settings.delenv("DATABASE_URL")
    with reachable_folder() as folder:
        settings.setenv("BOOSTMON_DATA_DIR", str(folder))
        cluster = folder / f"postgresql-{MAJOR_VERSION}"
        cluster.mkdir(mode=0o700)
        (cluster / "PG_VERSION").write_text("7\n")

        [told] = wrong()

    assert told.startswith("✗ Database: ")
    assert "DATABASE_URL" not in told


def test_it_says_what_runs() -> None:
    assert lines()[0].startswith(f"✓ Versions: BoostMon {version('boostmon')}, nextcord ")


def test_stand_ins_are_named(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("BOOSTMON_STORAGE", "memory")
    settings.setenv("BOOSTMON_DISCORD", "memory")

    assert [line.split(":")[0] for line in lines()] == ["✓ Versions", "✓ Settings", "✓ Storage", "✓ Discord"]


def test_a_misspelt_setting_is_found(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("BOOSTMON_LEESE", "45s")

    [told] = wrong()

    assert told.splitlines() == [
        "✗ Settings: BOOSTMON_LEESE is not a setting of BoostMon; did you mean BOOSTMON_LEASE?",
        "    → correct it; boostmon run --help lists all settings",
    ]


def test_a_name_that_is_nearly_a_setting_is_a_hint_alone(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("DATABASE_DIRECT_ULR", "postgresql://h/d")

    assert diagnose(print)
    assert "! Settings: DATABASE_DIRECT_ULR is set and DATABASE_DIRECT_URL is not" in capsys.readouterr().out
