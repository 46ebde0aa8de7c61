"""The one place where BoostMon is put together. Imported by entrypoints only; nothing below asks it for anything.

Adapters are chosen by settings: `BOOSTMON_DISCORD` and `BOOSTMON_STORAGE`, so that a staging system is a setting and
not an edit. Everything is resolved in the main thread, before another one starts.
"""

import threading
from collections.abc import Callable

from dependency_injector import containers, providers
from pydantic import SecretStr

from boostmon.adapters.clock import SpedUpClock, SyncedClock, SystemClock
from boostmon.adapters.discord.audit_pages import DiscordAuditLog
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.budget import Budget
from boostmon.adapters.discord.connection import Connection
from boostmon.adapters.discord.dms import DirectMessages
from boostmon.adapters.discord.guilds import DiscordGuilds
from boostmon.adapters.discord.holders import DiscordRoleHolders
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.notifier import DiscordNotifier
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.discord.turns import Turns
from boostmon.adapters.memory.audit_log import InMemoryAuditLog
from boostmon.adapters.memory.counting import InMemoryRoleHolders, InMemoryRoleTallies
from boostmon.adapters.memory.guilds import InMemoryGuilds
from boostmon.adapters.memory.hearing import InMemoryHearing
from boostmon.adapters.memory.history import InMemoryHistory
from boostmon.adapters.memory.ledger import InMemoryLedger
from boostmon.adapters.memory.notifier import InMemoryNotifier
from boostmon.adapters.memory.obstacles import InMemoryObstacles
from boostmon.adapters.memory.outbox import InMemoryOutbox
from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.adapters.memory.roles import InMemoryRoleGateway
from boostmon.adapters.memory.store import MemoryStore
from boostmon.adapters.memory.timers import InMemoryTimers
from boostmon.adapters.postgres.counting import PostgresRoleTallies
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.hearing import PostgresHearing
from boostmon.adapters.postgres.history import PostgresHistory
from boostmon.adapters.postgres.ledger import PostgresLedger
from boostmon.adapters.postgres.obstacles import PostgresObstacles
from boostmon.adapters.postgres.outbox import PostgresOutbox
from boostmon.adapters.postgres.policies import PostgresPolicies
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.delivering.delivery import DeliverNotices
from boostmon.app.guilds.resolving import TellResolved
from boostmon.app.ports import Clock
from boostmon.app.sweeping.sweep import Sweep
from boostmon.app.use_cases import Ports, put_together
from boostmon.entrypoints.cadence import Bell
from boostmon.entrypoints.settings import Settings, StorageChoice
from boostmon.entrypoints.storage import MemoryStorage, PostgresStorage
from boostmon.entrypoints.sweeper import Sweeper


def _clock(settings: Settings) -> Clock:
    if settings.origin is not None:
        return SpedUpClock(settings.origin, settings.clock_speed)
    return SyncedClock() if settings.storage is StorageChoice.POSTGRES else SystemClock()


def _database(settings: Settings) -> Callable[[str], Database]:
    def make(url: str) -> Database:
        return Database(
            url,
            pool_min=settings.pool_min,
            pool_max=settings.pool_max,
            statement_timeout=settings.statement_timeout,
            slow_query=settings.slow_query,
        )

    return make


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


class Container(containers.DeclarativeContainer):
    """Give it `settings`; take `storage` and open it before anything else."""

    settings = providers.Dependency(instance_of=Settings)

    clock = providers.Singleton(_clock, settings)
    sweep_bell = providers.Singleton(Bell)
    delivery_bell = providers.Singleton(Bell)
    halt = providers.Singleton(threading.Event)

    # Storage
    embedded = providers.Singleton(EmbeddedPostgres, settings.provided.data_dir)
    memory_store = providers.Singleton(MemoryStore)
    storage = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(
            PostgresStorage,
            providers.Callable(_revealed, settings.provided.database_url),
            embedded,
            providers.Callable(_database, settings),
            wait=settings.provided.database_wait,
            clock=clock,
            direct_url=providers.Callable(_revealed, settings.provided.database_direct_url),
        ),
        memory=providers.Singleton(MemoryStorage),
    )
    memory_timers = providers.Singleton(InMemoryTimers, memory_store)
    timers = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresTimers, storage.provided.database),
        memory=memory_timers,
    )
    # Those that commands use give up early: somebody waits for the answer.
    timers_of_commands = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresTimers, storage.provided.for_commands),
        memory=memory_timers,
    )
    outbox = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresOutbox, storage.provided.database),
        memory=providers.Singleton(InMemoryOutbox, memory_store),
    )
    obstacles = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresObstacles, storage.provided.database),
        memory=providers.Singleton(InMemoryObstacles, memory_store),
    )
    history = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresHistory, storage.provided.for_commands),
        memory=providers.Singleton(InMemoryHistory, memory_store),
    )
    ledger = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresLedger, storage.provided.for_commands),
        memory=providers.Singleton(InMemoryLedger, memory_store),
    )
    hearing = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresHearing, storage.provided.database),
        memory=providers.Singleton(InMemoryHearing, memory_store),
    )
    tallies = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresRoleTallies, storage.provided.database),
        memory=providers.Singleton(InMemoryRoleTallies, memory_store),
    )
    memory_policies = providers.Singleton(InMemoryPolicies, memory_store)
    guild_policies = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresPolicies, storage.provided.database),
        memory=memory_policies,
    )
    # For what commands show; a change of thresholds may have many timers to plan anew, and takes its time.
    policies_of_commands = providers.Selector(
        settings.provided.storage,
        postgres=providers.Singleton(PostgresPolicies, storage.provided.for_commands),
        memory=memory_policies,
    )

    # Discord: the adapters ask `connection` at each request for the client that is logged in then.
    connection = providers.Singleton(Connection)
    turns = providers.Singleton(Turns, providers.Singleton(Budget, settings.provided.discord_rate))
    rest = providers.Singleton(DiscordRest, connection.provided.client)
    rest_of_commands = providers.Singleton(DiscordRest, connection.provided.client, for_command=True)
    bridge = providers.Singleton(LoopBridge, connection.provided.loop)
    names = providers.Singleton(NameLookup, connection.provided.client, rest)
    dms = providers.Singleton(DirectMessages, rest)
    memory_roles = providers.Singleton(InMemoryRoleGateway)
    roles = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordRoleGateway, rest, bridge, names.provided.known_language),
        memory=memory_roles,
    )
    roles_of_commands = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordRoleGateway, rest_of_commands, bridge, names.provided.known_language),
        memory=memory_roles,
    )
    guilds = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordGuilds, rest_of_commands, bridge),
        memory=providers.Singleton(InMemoryGuilds),
    )
    audit_log = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordAuditLog, rest, bridge),
        memory=providers.Singleton(InMemoryAuditLog),
    )
    holders = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordRoleHolders, rest, bridge),
        memory=providers.Singleton(InMemoryRoleHolders, memory_roles),
    )
    notifier = providers.Selector(
        settings.provided.discord,
        discord=providers.Singleton(DiscordNotifier, rest, bridge, dms, names, clock),
        memory=providers.Singleton(InMemoryNotifier),
    )

    # Use cases
    use_cases = providers.Singleton(
        put_together,
        providers.Factory(
            Ports,
            # For events, too: a stop waits for commands, but not for what the bot looks for by itself.
            timers=timers_of_commands,
            history=history,
            ledger=ledger,
            hearing=hearing,
            audit_log=audit_log,
            tallies=tallies,
            holders=holders,
            policies=guild_policies,
            shown_policies=policies_of_commands,
            roles=roles_of_commands,
            own_roles=roles,
            census=roles,
            guilds=guilds,
            sweep_alarm=sweep_bell,
            delivery_alarm=delivery_bell,
            clock=clock,
            time_zone=providers.Callable(str, settings.provided.time_zone),
        ),
    )
    sweep = providers.Singleton(
        Sweep,
        timers,
        roles,
        clock,
        guild_policies,
        batch=settings.provided.sweep_batch,
        lease=settings.provided.lease,
        stopping=halt.provided.is_set,
    )
    deliver = providers.Singleton(
        DeliverNotices,
        outbox,
        notifier,
        clock,
        guild_policies,
        lease=settings.provided.lease,
        stopping=halt.provided.is_set,
    )

    # Entrypoints
    sweeper = providers.Singleton(
        Sweeper,
        sweep,
        deliver,
        providers.Singleton(TellResolved, obstacles, clock),
        clock=clock,
        sweep_bell=sweep_bell,
        delivery_bell=delivery_bell,
        interval=settings.provided.sweep_interval,
        halt=halt.provided.set,
        beside=storage.provided.listeners.call(sweep_bell.provided.ring),
    )
