"""The container: every choice of adapters can be put together, and nothing connects while that happens."""

from itertools import product
from pathlib import Path

import pytest
from dependency_injector import providers

from boostmon.adapters.clock import SpedUpClock, SyncedClock, SystemClock
from boostmon.adapters.discord.budget import Priority
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.adapters.postgres.outbox import PostgresOutbox
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.entrypoints.container import Container
from boostmon.entrypoints.settings import DiscordChoice, Settings, StorageChoice
from boostmon.entrypoints.storage import MemoryStorage, PostgresStorage

CHOICES = list(product(DiscordChoice, StorageChoice))


def container(monkeypatch: pytest.MonkeyPatch, discord: DiscordChoice, storage: StorageChoice) -> Container:
    monkeypatch.setenv("BOOSTMON_DISCORD", discord)
    monkeypatch.setenv("BOOSTMON_STORAGE", storage)
    monkeypatch.setenv("DATABASE_URL", "postgresql://boostmon@127.0.0.1:1/boostmon")
    return Container(settings=Settings())


@pytest.mark.parametrize(("discord", "storage"), CHOICES)
def test_everything_resolves_without_a_connection(
    discord: DiscordChoice, storage: StorageChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit tests' guard lets nobody open a socket."""
    made = container(monkeypatch, discord, storage)
    named = {name: provider for name, provider in made.providers.items() if name != "settings"}
    assert len(named) > 15
    for name, provider in named.items():
        first = provider()
        assert first is not None, name
        if not isinstance(provider, providers.Callable):
            assert provider() is first, f"{name} is made twice"
    made.storage().close()


@pytest.mark.parametrize(("discord", "storage"), CHOICES)
def test_settings_choose_the_adapters(
    discord: DiscordChoice, storage: StorageChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = container(monkeypatch, discord, storage)
    of_storage = {
        StorageChoice.POSTGRES: (PostgresStorage, PostgresTimers, PostgresOutbox),
        StorageChoice.MEMORY: (MemoryStorage, InMemoryTimers, InMemoryOutbox),
    }
    of_discord = {
        DiscordChoice.DISCORD: (DiscordRoleGateway, DiscordNotifier),
        DiscordChoice.MEMORY: (InMemoryRoleGateway, InMemoryNotifier),
    }
    assert tuple(map(type, (made.storage(), made.timers(), made.outbox()))) == of_storage[storage]
    assert tuple(map(type, (made.roles(), made.notifier()))) == of_discord[discord]
    made.storage().close()


def test_parts_that_must_be_shared_are(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.MEMORY)
    use_cases = made.use_cases()
    assert use_cases.set_time.committer is use_cases.clear_time.committer
    assert use_cases.change_policy.alarm is made.sweep_bell()
    assert use_cases.clear_time.take_role.delivery_alarm is made.delivery_bell()
    assert made.sweep().timers is use_cases.time_left.timers is made.timers()
    assert made.timers_of_commands() is made.timers()
    assert made.sweep_bell() is not made.delivery_bell()
    assert not made.sweep().stopping()
    made.halt().set()
    assert made.sweep().stopping()
    assert made.deliver().stopping()


def test_commands_have_less_patience_with_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.POSTGRES)

    assert made.use_cases().time_left.timers is made.use_cases().known_timers.timers is made.timers_of_commands()
    assert made.sweep().timers is made.timers() is not made.timers_of_commands()


def test_two_containers_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.MEMORY)
    two = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.MEMORY)
    assert one.timers() is not two.timers()
    assert one.halt() is not two.halt()


def test_time_runs_faster_only_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.MEMORY)
    assert isinstance(made.clock(), SystemClock)
    assert isinstance(container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.POSTGRES).clock(), SyncedClock)
    monkeypatch.setenv("BOOSTMON_CLOCK_SPEED", "60")
    monkeypatch.setenv("BOOSTMON_CLOCK_ORIGIN", "2026-08-01T12:00:00+00:00")
    assert isinstance(Container(settings=Settings()).clock(), SpedUpClock)


def test_without_a_url_the_data_folder_is_the_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOOSTMON_DATA_DIR", str(tmp_path / "data"))
    made = Container(settings=Settings())
    assert isinstance(made.storage(), PostgresStorage)
    assert made.embedded().data_dir == tmp_path / "data"
    made.storage().close()
    assert not (tmp_path / "data").exists()


def test_commands_go_before_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.DISCORD, StorageChoice.MEMORY)
    of_commands, of_sweep = made.rest_of_commands(), made.rest()
    assert (of_commands.grants, of_commands.removals) == (Priority.COMMAND, Priority.COMMAND)
    assert (of_sweep.grants, of_sweep.removals) == (Priority.GRANT, Priority.REMOVAL)
    # By the gateways that the use cases were given.
    assert made.use_cases().clear_time.take_role.roles is made.roles_of_commands()
    assert made.roles_of_commands()._rest is of_commands
    assert made.sweep().roles is made.roles()
    assert made.roles()._rest is of_sweep


def test_commands_and_sweep_speak_to_a_guild_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.DISCORD, StorageChoice.MEMORY)
    assert made.roles()._language == made.roles_of_commands()._language == made.names().known_language


def test_in_memory_commands_and_sweep_see_the_same_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    made = container(monkeypatch, DiscordChoice.MEMORY, StorageChoice.MEMORY)
    assert made.roles() is made.roles_of_commands()


def test_the_rate_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOSTMON_DISCORD_RATE", "7")
    made = container(monkeypatch, DiscordChoice.DISCORD, StorageChoice.MEMORY)
    assert made.turns()._budget._slots.rate == 7
