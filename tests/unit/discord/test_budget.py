"""The budget against the sandbox's limits, in simulated time."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from boostmon.adapters.discord.buckets import Told, Where
from boostmon.adapters.discord.budget import PATIENCE, UNTIL_IT_OPENS, Budget, Priority
from boostmon.sandbox.limits import Limits, Rule
from tests.unit.discord.simulated_discord import REMOVAL_PATH, Simulation, removal

OPEN = Rule(1000, 1.0)
ROLE = "DELETE /guilds/:id/members/:id/roles/:id"


def limited(rate: int = 50, route: Rule = OPEN) -> Limits:
    return Limits(per_second=rate, buckets={ROLE: route}, default=OPEN)


def jittery(source: random.Random) -> float:
    """Seconds of one way; now and then a machine hangs."""
    return source.uniform(0.01, 0.04) if source.random() < 0.95 else source.uniform(0.04, 0.2)


@pytest.mark.parametrize("seed", range(5))
def test_a_flood_uses_the_whole_second_and_is_never_refused(seed: int) -> None:
    simulation = Simulation(limited(), way=jittery, seed=seed)
    simulation.flood(1000)
    assert simulation.refusals == 0
    assert len(simulation.arrived) == 1000
    assert 1000 / simulation.arrived[-1].at > 0.9 * 50


@pytest.mark.parametrize("seed", range(5))
def test_requests_that_hang_for_a_second_or_two_are_counted_when_they_may_arrive(seed: int) -> None:
    simulation = Simulation(limited(), way=lambda source: 1.9 if source.random() < 0.1 else 0.02, seed=seed)
    simulation.flood(1000)
    assert simulation.refusals == 0
    assert 1000 / simulation.arrived[-1].at > 0.65 * 50


def test_a_quick_route_leaves_no_gaps_between_the_requests_of_a_slower_one() -> None:
    simulation = Simulation(limited(), way=lambda _: 0.001)
    simulation.ask(Where("GET", "/guilds/{guild_id}", ("1",)))
    simulation.run()
    began, simulation.way = simulation.at, lambda _: 0.05

    simulation.flood(1000)

    assert simulation.refusals == 0
    assert 1000 / (simulation.arrived[-1].at - began) > 0.98 * 50


def test_steady_answers_leave_nothing_of_the_budget_unused() -> None:
    simulation = Simulation(limited())
    simulation.flood(1000)
    assert simulation.refusals == 0
    assert 1000 / simulation.arrived[-1].at > 0.98 * 50


@pytest.mark.parametrize("route", [Rule(10, 5.0), Rule(5, 1.0), Rule(1, 0.5)])
def test_each_guilds_own_limit_is_kept(route: Rule) -> None:
    simulation = Simulation(limited(route=route), way=jittery)
    simulation.flood(400, guilds=10)
    assert simulation.refusals == 0
    assert Counter(one.where.owner[0] for one in simulation.arrived) == {str(guild): 40 for guild in range(10)}


def test_guilds_at_their_limit_do_not_hold_up_the_others() -> None:
    simulation = Simulation(limited(route=Rule(5, 60.0)))
    for _ in range(100):
        simulation.ask(removal(1))
    simulation.run(1.0)
    before = simulation.at
    simulation.ask(removal(2))
    simulation.run(0.1)
    assert [one.where.owner for one in simulation.arrived if one.at > before] == [("2",)]


def test_who_is_turned_away_comes_back_with_room() -> None:
    simulation = Simulation(limited(route=Rule(5, 10.0)))
    simulation.flood(40, guilds=1)
    # If all came back for each window, 140 would come in vain.
    assert len(simulation.away) < 70
    assert simulation.arrived[-1].at < 8 * 10


def test_the_urgent_go_first_and_then_who_came_first() -> None:
    simulation = Simulation(limited(rate=4), rate=4)
    for _ in range(8):  # the second is used up
        simulation.ask(removal(1))
    for priority in (Priority.NOTICE, Priority.GRANT, Priority.REMOVAL, Priority.COMMAND, Priority.COMMAND):
        simulation.ask(removal(2), priority)
    simulation.run()
    order = [ticket.priority for ticket in simulation.admitted if ticket.where == removal(2)]
    assert order == sorted(order)
    commands = [ticket for ticket in simulation.admitted if ticket.priority is Priority.COMMAND]
    assert commands == sorted(commands, key=lambda ticket: ticket.number)
    assert simulation.admitted.index(commands[0]) <= 4
    assert simulation.refusals == 0


def test_those_of_one_priority_go_in_the_order_in_which_they_came() -> None:
    simulation = Simulation(limited(rate=4), rate=4)
    for guild in range(12):
        simulation.ask(removal(guild))
    simulation.run()
    assert [ticket.where.owner for ticket in simulation.admitted] == [removal(guild).owner for guild in range(12)]


def test_a_command_in_a_flood_waits_for_a_moment_only() -> None:
    simulation = Simulation(limited(), way=jittery)
    for number in range(200):
        simulation.budget.join(removal(number % 40), Priority.REMOVAL)
    simulation.look()
    simulation.run(1.5)
    asked = simulation.at
    simulation.ask(removal(99), Priority.COMMAND)
    simulation.run()
    [arrived] = [one for one in simulation.arrived if one.priority is Priority.COMMAND]
    assert arrived.at - asked < 0.3


def test_many_go_evenly_and_not_all_at_the_beginning_of_a_second() -> None:
    simulation = Simulation(limited())
    for number in range(100):
        simulation.budget.join(removal(number), Priority.REMOVAL)
    simulation.look()
    simulation.run()
    gaps = [after.at - before.at for before, after in pairwise(simulation.arrived)]
    assert max(gaps) < 0.3


def test_commands_may_use_the_whole_second_at_once() -> None:
    simulation = Simulation(limited())
    for number in range(50):
        simulation.ask(removal(number), Priority.COMMAND)
    assert len(simulation.admitted) == 50


def test_a_global_refusal_stops_everybody_for_as_long_as_was_asked() -> None:
    simulation = Simulation(limited())
    simulation.budget.close(4.0)
    simulation.ask(removal(1))
    simulation.run(3.9)
    assert not simulation.admitted
    simulation.run(0.2)
    assert len(simulation.arrived) == 1


def test_nobody_waits_for_a_long_global_refusal() -> None:
    simulation = Simulation(limited())
    simulation.budget.close(600.0)
    simulation.ask(removal(1))
    simulation.ask(removal(1), Priority.COMMAND)
    assert [away.seconds for away in simulation.away] == [600.0, 600.0]


@pytest.mark.parametrize("seconds", [0.2, 5.0])
def test_a_routes_refusal_closes_that_route_alone(seconds: float) -> None:
    simulation = Simulation(limited())
    simulation.budget.close_bucket(removal(1), seconds)
    simulation.ask(removal(1), Priority.GRANT)
    simulation.ask(removal(2))
    simulation.run()
    times = {one.where.owner: one.at for one in simulation.arrived}
    assert times["2",] < 0.1
    assert times["1",] >= seconds


def test_for_a_closed_route_only_a_grant_of_the_sweep_waits() -> None:
    simulation = Simulation(limited())
    simulation.budget.close_bucket(removal(1), 5.0)
    swept = simulation.ask(removal(1))
    # Its command waited before, without a thread: see `Budget.opens_in`.
    asked = simulation.ask(removal(1), Priority.COMMAND)
    simulation.ask(removal(1), Priority.GRANT)
    assert [away.ticket for away in simulation.away] == [swept, asked]
    simulation.run()
    assert [one.priority for one in simulation.arrived] == [Priority.GRANT]


def test_when_a_request_would_be_let_pass_is_known_beforehand() -> None:
    now = 0.0
    budget, here = Budget(50, clock=lambda: now), removal(1)
    assert budget.opens_in(here) == 0
    assert budget.opens_in(here, ahead=1) is None  # its limit is unknown: one at a time
    ticket = budget.join(here, Priority.COMMAND)
    budget.admit()
    assert budget.opens_in(here) is None
    budget.answered(ticket, Told(None, limit=3, remaining=2, reset_after=5.0))
    assert budget.opens_in(here, ahead=1) == 0
    assert budget.opens_in(here, ahead=2) == 5.0
    assert budget.opens_in(removal(2)) == 0
    budget.close(8.0)
    assert budget.opens_in(here) == budget.opens_in(removal(2)) == 8.0
    assert budget.opens_in(replace(here, is_exempt=True)) == 0
    now = 9.0
    assert budget.opens_in(here, ahead=2) == 0


def test_asking_when_takes_nothing() -> None:
    budget, here = Budget(50, clock=lambda: 0.0), removal(1)
    for _ in range(5):
        assert budget.opens_in(here) == 0
    budget.join(here, Priority.COMMAND)
    assert len(budget.admit()[0]) == 1


def test_who_does_not_wait_is_told_when_to_come_again() -> None:
    budget, here = Budget(50, clock=lambda: 0.0), removal(1)
    budget.close_bucket(here, 30.0)
    assert budget.turn_away(here) == 30.0
    budget.close(40.0)
    assert budget.turn_away(here) == 40.0


def test_patience_may_be_given() -> None:
    simulation = Simulation(limited())
    simulation.budget.close_bucket(removal(1), PATIENCE[Priority.COMMAND].bucket + 1)
    simulation.budget.join(removal(1), Priority.COMMAND, UNTIL_IT_OPENS)
    simulation.look()
    assert not simulation.away
    simulation.run()
    assert len(simulation.arrived) == 1


def test_interactions_do_not_count() -> None:
    budget = Budget(1, clock=lambda: 0.0)
    budget.close(100.0)
    answer = Where("POST", "/interactions/{id}/{token}/callback", (), is_exempt=True)
    for _ in range(3):
        ticket = budget.join(answer, Priority.COMMAND)
        assert budget.admit() == ([ticket], [])
        budget.answered(ticket, None)


def test_who_leaves_the_queue_is_not_admitted_and_costs_nothing() -> None:
    simulation = Simulation(limited(rate=1), rate=1)
    first = simulation.ask(removal(1), Priority.COMMAND)
    waiting = simulation.ask(removal(2), Priority.COMMAND)
    simulation.budget.leave(first)  # before it was sent: its place is free again
    simulation.budget.leave(waiting)
    simulation.budget.leave(waiting)
    simulation.ask(removal(3), Priority.COMMAND)
    assert [ticket.where.owner for ticket in simulation.admitted] == [("1",), ("3",)]


def test_requests_without_an_answer_give_their_place_back() -> None:
    budget_time = [0.0]
    budget = Budget(2, clock=lambda: budget_time[0])
    for _ in range(2):
        ticket = budget.join(removal(1), Priority.COMMAND)
        assert budget.admit()[0] == [ticket]
        budget.unanswered(ticket)
    third = budget.join(removal(2), Priority.COMMAND)
    assert budget.admit() == ([], [])
    when = budget.next_look()
    assert when is not None
    assert 1.0 <= when <= 3.0
    budget_time[0] = when
    assert budget.admit() == ([third], [])


def test_path_of_the_simulation_is_that_of_the_limits() -> None:
    assert "DELETE " + REMOVAL_PATH.format(guild_id=":id", user_id=":id", role_id=":id") == ROLE
