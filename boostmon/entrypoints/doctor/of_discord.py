"""Whether Discord lets the bot do its work."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from boostmon.adapters.discord.checkup import Checkup, Server
from boostmon.adapters.discord.client import is_open_to_listeners, use_api
from boostmon.adapters.discord.session import RestSession
from boostmon.adapters.postgres.examination import ByHand, TimedRole
from boostmon.app.errors import DiscordUnreachable, TokenRefused
from boostmon.domain.ids import GuildId
from boostmon.entrypoints.doctor.finding import Finding
from boostmon.entrypoints.doctor.of_hands import findings_by_hand
from boostmon.entrypoints.invitation import invitation
from boostmon.entrypoints.settings import DiscordChoice, Settings, Switch

MOST_SERVERS = 100
"""So many servers without timers are looked at; each costs two requests."""
FEW_LOGINS = 50
PORTAL = "https://discord.com/developers/applications"


def discord_findings(
    settings: Settings, timed: Sequence[TimedRole], by_hand: Sequence[ByHand] = ()
) -> Iterator[Finding]:
    """Whether Discord lets the bot in, and what it may do there with the roles that are timed."""
    if settings.discord is DiscordChoice.MEMORY:
        yield Finding("Discord: a stand-in in memory, by your choice; nobody is told, no role is taken")
        return
    if settings.discord_token is None:
        yield Finding("Token: DISCORD_TOKEN is not set", f'copy it from {PORTAL}, your application, "Bot"')
        return
    if settings.discord_api_url is not None:
        use_api(settings.discord_api_url)
        if is_open_to_listeners(settings.discord_api_url):
            yield Finding(
                "Discord's API: BOOSTMON_DISCORD_API_URL leads to another machine by http, "
                "so the token crosses the network in the clear",
                "use https, or a proxy on this machine",
            )
    session = RestSession()
    try:
        session.start(settings.discord_token.get_secret_value())
        yield Finding("Token: Discord accepts it")
        yield from _logged_in(Checkup(session), timed, by_hand, wants_members=settings.members_intent is Switch.ON)
    except TokenRefused as error:
        yield Finding(f"Token: {error}", f'make another: {PORTAL}, your application, "Bot", "Reset Token"')
    except DiscordUnreachable as error:
        yield Finding(
            f"Discord: {error.reason}",
            "check the network, BOOSTMON_DISCORD_API_URL if it is set, and https://discordstatus.com",
        )
    finally:
        session.stop()


def _logged_in(
    checkup: Checkup, timed: Sequence[TimedRole], by_hand: Sequence[ByHand], *, wants_members: bool
) -> Iterator[Finding]:
    application = checkup.application()
    named = f"Application: {application.name} ({application.id})"
    if wants_members and not application.sees_members:
        yield Finding(
            f"{named}: BOOSTMON_MEMBERS_INTENT is on, but the bot may not hear of members, so Discord turns it away",
            f'switch on "Server Members Intent": {PORTAL}, your application, "Bot"; or set BOOSTMON_MEMBERS_INTENT=off',
        )
    elif wants_members:
        yield Finding(f"{named}; it may hear of members, as BOOSTMON_MEMBERS_INTENT asks")
    else:
        yield Finding(f"{named}; no privileged intents are needed")
    if application.endpoint is not None:
        yield Finding(
            f"Commands: Discord sends them to {application.endpoint} instead of to the bot",
            f'empty "Interactions Endpoint URL": {PORTAL}, your application, "General Information"',
        )
    if application.needs_code_grant:
        yield Finding(
            "Invitation: a plain link does not let the bot in",
            f'switch off "Requires OAuth2 Code Grant": {PORTAL}, your application, "Bot"',
        )
    if application.logins_left < FEW_LOGINS:
        yield Finding(
            f"Gateway: {application.logins_left} logins are left of the day's; at none, Discord resets the token",
            "find out what restarts the bot again and again, and stop that first",
        )
    yield from _servers(checkup, timed, by_hand, invitation(application.id))


def _servers(
    checkup: Checkup, timed: Sequence[TimedRole], by_hand: Sequence[ByHand], invitation: str
) -> Iterator[Finding]:
    joined = checkup.guilds()
    if not joined:
        yield Finding("Servers: the bot is in none", f"invite it: {invitation}")
    roles = _by_guild(timed)
    for guild in sorted(roles.keys() - set(joined)):
        yield Finding(
            f"Server {guild}: the bot is not there, and {_timers(roles[guild])} cannot end",
            f"invite it again: {invitation}; what is due then ends at once",
        )
    hands: dict[GuildId, list[ByHand]] = {}
    for one in by_hand:
        hands.setdefault(one.guild, []).append(one)
    without = [guild for guild in joined if guild not in roles.keys() | hands.keys()]
    if len(without) > MOST_SERVERS:
        yield Finding(f"Servers: of {len(without)} without timers, {MOST_SERVERS} are looked at")
    for guild in [*(guild for guild in joined if guild not in without), *without[:MOST_SERVERS]]:
        server, of_it = checkup.server(guild), roles.get(guild, ())
        yield from _server(server, of_it, invitation)
        yield from findings_by_hand(_name(server), server, hands.get(guild, ()), has_timers=bool(of_it))


def _name(server: Server) -> str:
    return f"Server {server.name} ({server.id})"


def _server(server: Server, timed: Sequence[TimedRole], invitation: str) -> Iterator[Finding]:
    name = _name(server)
    if not server.bot.manages_roles:
        yield Finding(
            f"{name}: the bot lacks Manage Roles, so it can give and take none",
            f"give it to the bot's role in Server Settings, Roles; or invite the bot again: {invitation}",
        )
        return
    above = [role for role in timed if (facts := server.roles.get(role.role)) and facts.rank >= server.bot.top]
    for role in above:
        facts = server.roles[role.role]
        yield Finding(
            f"{name}: @{facts.name} stands above the bot's own role, so {_timers([role])} on it cannot end",
            "in Server Settings, Roles, drag the bot's role above it",
        )
    gone = [role for role in timed if role.role not in server.roles]
    for role in gone:
        yield Finding(
            f"{name}: the role {role.role} was deleted, and {_timers([role])} on it",
            "start boostmon run, which ends them when it comes in; or use /cleartime",
        )
    if not above:
        within = [role for role in timed if role not in gone]
        yield Finding(f"{name}: Manage Roles is there, {_timers(within)} within reach")


def _by_guild(timed: Iterable[TimedRole]) -> Mapping[GuildId, Sequence[TimedRole]]:
    found: dict[GuildId, list[TimedRole]] = {}
    for role in timed:
        found.setdefault(role.guild, []).append(role)
    return found


def _timers(roles: Sequence[TimedRole]) -> str:
    number = sum(role.timers for role in roles)
    return "1 timer" if number == 1 else f"{number} timers"
