"""What is in the way of a role change, in words that name exactly what is missing."""

import pytest

from boostmon.domain.ids import RoleId
from boostmon.domain.lacks import Lack
from boostmon.domain.timers import Obstacle
from boostmon.texts.obstacles import EITHER, in_the_way
from tests.support.words import ENGLISH

VIP, GOLD, SILVER, OWN = RoleId(1), RoleId(2), RoleId(3), RoleId(9)
MISSING = Obstacle.MISSING_PERMISSIONS


@pytest.mark.parametrize(
    ("roles", "lack", "text"),
    [
        ([VIP], None, EITHER),
        (
            [VIP],
            Lack(OWN, manage_roles=True, place=False),
            "I lack the permission **Manage Roles**: in Server Settings → Roles, switch it on for <@&9>.",
        ),
        (
            [VIP],
            Lack(OWN, manage_roles=False, place=True),
            "My highest role, <@&9>, does not stand above <@&1>: in Server Settings → Roles, drag <@&9> above it.",
        ),
        (
            [VIP, GOLD],
            Lack(OWN, manage_roles=False, place=True),
            (
                "My highest role, <@&9>, does not stand above <@&1> and <@&2>: "
                "in Server Settings → Roles, drag <@&9> above them."
            ),
        ),
        (
            [VIP, GOLD, SILVER],
            Lack(OWN, manage_roles=False, place=True),
            (
                "My highest role, <@&9>, does not stand above these roles: "
                "in Server Settings → Roles, drag <@&9> above them."
            ),
        ),
        (
            [VIP],
            Lack(OWN, manage_roles=True, place=True),
            (
                "I lack the permission **Manage Roles**, and my highest role, <@&9>, does not stand above <@&1>: "
                "in Server Settings → Roles, switch the permission on for <@&9> and drag <@&9> above it."
            ),
        ),
        (
            [VIP],
            Lack(None, manage_roles=True, place=True),
            (
                "I have no role of my own in this server. In Server Settings → Roles, give me one with the permission "
                "**Manage Roles**, and drag it above <@&1>."
            ),
        ),
    ],
)
def test_what_is_missing_is_named(roles: list[RoleId], lack: Lack | None, text: str) -> None:
    assert in_the_way(MISSING, roles, ENGLISH, lack=lack) == text


@pytest.mark.parametrize("obstacle", [obstacle for obstacle in Obstacle if obstacle is not MISSING])
def test_no_other_obstacle_asks_for_permissions(obstacle: Obstacle) -> None:
    lack = Lack(OWN, manage_roles=True, place=True)
    assert in_the_way(obstacle, [VIP], ENGLISH, lack=lack) == in_the_way(obstacle, [VIP], ENGLISH)
    assert "Manage Roles" not in in_the_way(obstacle, [VIP], ENGLISH)
