"""Every use case, and the one place where they are put together from ports: for the container and for tests."""

from dataclasses import dataclass

from boostmon.app.changing.changes import Committer
from boostmon.app.changing.giving_back import GiveBack
from boostmon.app.changing.granting import Granter
from boostmon.app.changing.once import OnceEach
from boostmon.app.changing.second_look import SecondLook
from boostmon.app.changing.taking import TakeRole
from boostmon.app.commands.add_time import AddTime
from boostmon.app.commands.clear_time import ClearTime
from boostmon.app.commands.known_timers import KnownTimers
from boostmon.app.commands.move_time import MoveTime
from boostmon.app.commands.pause_time import PauseTime
from boostmon.app.commands.remove_time import RemoveTime
from boostmon.app.commands.resume_time import ResumeTime
from boostmon.app.commands.self_pause import PausesOf, SelfPause, SelfResume
from boostmon.app.commands.set_time import SetTime
from boostmon.app.commands.time_left import TimeLeft
from boostmon.app.commands.undo import UndoChange
from boostmon.app.guilds.deleted_roles import EndDeletedRoles
from boostmon.app.guilds.policies import ChangePolicy, ShowPolicy
from boostmon.app.guilds.rules import ChangeRules
from boostmon.app.guilds.unblocking import Unblock
from boostmon.app.hearing.catching_up import CatchUp
from boostmon.app.hearing.following import FollowRoles
from boostmon.app.hearing.members import FollowMembers
from boostmon.app.hearing.reconciling import Reconcile
from boostmon.app.hearing.returning import ReturnRole
from boostmon.app.hearing.watching import WatchedRoles
from boostmon.app.ports import (
    Alarm,
    AuditLog,
    Clock,
    GuildDirectory,
    GuildPolicies,
    Hearing,
    History,
    LedgerReader,
    RoleCensus,
    RoleGateway,
    RoleHolders,
    RoleTallies,
    TimerRepository,
)
from boostmon.domain.zones import UTC_NAME


@dataclass(frozen=True, slots=True)
class Ports:
    """What the use cases behind commands and events need of the world."""

    timers: TimerRepository
    history: History
    ledger: LedgerReader
    hearing: Hearing
    audit_log: AuditLog
    tallies: RoleTallies
    holders: RoleHolders
    policies: GuildPolicies
    """For changes, which may take long where many timers have to be planned anew."""
    shown_policies: GuildPolicies
    """The same, for whoever only looks."""
    roles: RoleGateway
    own_roles: RoleGateway
    """The same, for what nobody waits for."""
    census: RoleCensus
    guilds: GuildDirectory
    sweep_alarm: Alarm
    """Wakes whoever sweeps."""
    delivery_alarm: Alarm
    """Wakes whoever delivers notices."""
    clock: Clock
    time_zone: str = UTC_NAME
    """That of guilds that have none of their own."""


@dataclass(frozen=True, slots=True)
class UseCases:
    """What stands behind the commands and Discord's events; each blocks and is called off the event loop."""

    set_time: SetTime
    add_time: AddTime
    remove_time: RemoveTime
    pause_time: PauseTime
    resume_time: ResumeTime
    self_pause: SelfPause
    self_resume: SelfResume
    clear_time: ClearTime
    move_time: MoveTime
    time_left: TimeLeft
    known_timers: KnownTimers
    show_policy: ShowPolicy
    change_policy: ChangePolicy
    change_rules: ChangeRules
    unblock: Unblock
    end_deleted_roles: EndDeletedRoles
    catch_up: CatchUp
    """What it goes by is kept up to date by all that store timers, and serves those who hear of roles as it happens."""
    follow_members: FollowMembers
    reconcile: Reconcile
    undo: UndoChange
    second_look: SecondLook
    """Not a command: to be asked around each that may be refused for where a role stands, or for want of a right."""
    time_zone: str
    """That of guilds that have none of their own."""


def put_together(ports: Ports) -> UseCases:
    """The use cases over these ports."""
    timers, alarm, clock = ports.timers, ports.sweep_alarm, ports.clock
    watched = WatchedRoles(ports.hearing)
    committer = Committer(timers, alarm, watched.add, time_zone=ports.time_zone)
    granter = Granter(ports.roles, committer, clock)
    give_back = GiveBack(timers, committer, ports.roles, clock)
    take_role = TakeRole(committer, give_back, ports.roles, ports.delivery_alarm)
    once, pauses_of = OnceEach(ports.history), PausesOf(ports.ledger)
    returning = ReturnRole(timers, committer, ports.history, ports.own_roles, ports.delivery_alarm, clock)
    follow = FollowRoles(timers, committer, clock, returning, once, ports.delivery_alarm)
    welcome_back = FollowMembers(timers, committer, clock, ports.roles)
    follow_members = FollowMembers(timers, committer, clock, ports.own_roles)
    catch_up = CatchUp(ports.hearing, ports.audit_log, follow, watched)
    return UseCases(
        set_time=SetTime(committer, granter, once),
        add_time=AddTime(committer, granter, once),
        remove_time=RemoveTime(committer),
        pause_time=PauseTime(committer),
        resume_time=ResumeTime(committer, granter),
        self_pause=SelfPause(committer, pauses_of),
        self_resume=SelfResume(committer, pauses_of),
        clear_time=ClearTime(committer, granter, take_role),
        move_time=MoveTime(committer, granter, take_role, once),
        time_left=TimeLeft(timers, ports.history, ports.shown_policies, welcome_back.welcome),
        known_timers=KnownTimers(timers, ports.shown_policies, ports.time_zone),
        show_policy=ShowPolicy(ports.shown_policies),
        change_policy=ChangePolicy(ports.policies, alarm),
        change_rules=ChangeRules(ports.policies, alarm, watched.add_starting, ports.time_zone),
        unblock=Unblock(timers, alarm, clock),
        end_deleted_roles=EndDeletedRoles(timers, ports.policies, ports.hearing, ports.census, alarm, clock),
        catch_up=catch_up,
        follow_members=follow_members,
        reconcile=Reconcile(ports.tallies, ports.holders, catch_up, follow_members, ports.delivery_alarm, clock),
        undo=UndoChange(committer, granter, take_role, ports.history),
        second_look=SecondLook(ports.guilds, ports.shown_policies),
        time_zone=ports.time_zone,
    )
