"""All SQL names the schema: no session's search path is known, and another program's tables may have our names."""

import re
from pathlib import Path

import boostmon.adapters.postgres
from boostmon.adapters.postgres.migration_files import offline_plan
from boostmon.adapters.postgres.schema import SCHEMA

MADE = re.compile(r"CREATE (?:TABLE|SEQUENCE) (?:IF NOT EXISTS )?(\w+)")
OURS = {name for migration in offline_plan() for name in MADE.findall(migration.sql)}
UNNAMED = re.compile(
    rf"\b(?:FROM|INTO|UPDATE|JOIN|TABLE|ONLY|USING|COPY|(?:nextval|setval)\() *'?(?:{'|'.join(sorted(OURS))})\b"
)
FILES = sorted(Path(boostmon.adapters.postgres.__file__).parent.glob("*.py"))


def test_the_tables_are_known() -> None:
    assert {"timers", "ledger", "notices", "guild_settings", "settings_ledger", "told_obstacles", "role_rules"} <= OURS
    assert "timer_versions" in OURS


def test_a_table_without_its_schema_is_found() -> None:
    assert UNNAMED.search("SELECT FROM timers")
    assert UNNAMED.search("nextval('timer_versions')")
    assert not UNNAMED.search(f"SELECT FROM {SCHEMA}.timers")


def test_every_statement_names_the_schema() -> None:
    found = [
        f"{file.name}:{number}: {line.strip()}"
        for file in FILES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if UNNAMED.search(line)
    ]
    assert len(FILES) > 10
    assert found == []
