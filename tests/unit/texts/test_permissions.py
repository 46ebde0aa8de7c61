import pytest

from boostmon.domain.permissions import Permission
from boostmon.texts.permissions import permission_names
from tests.support.words import ENGLISH


@pytest.mark.parametrize("permission", Permission)
def test_what_the_rules_know_is_called_the_same_here(permission: Permission) -> None:
    assert (
        permission_names(permission, ENGLISH)
        == f"**{str(permission.name).replace('_', ' ').title().replace(' In ', ' in ')}**"
    )


@pytest.mark.parametrize(
    ("permissions", "named"),
    [
        (1 << 1 | 1 << 3, "**Kick Members** and **Administrator**"),
        (1 << 40, "**Timeout Members**"),
        (1 << 41 | 1 << 42, "**View Creator Monetization Analytics** and **Use Soundboard**"),
        (1 << 45 | 1 << 49 | 1 << 50, "**Use External Sounds**, **Create Polls** and **Use External Apps**"),
        (1 << 51 | 1 << 52, "**Pin Messages** and **Bypass Slowmode**"),
        (0b1111110, "**Kick Members**, **Ban Members**, **Administrator**, **Manage Channels** and 2 more"),
        (0b0111110, "**Kick Members**, **Ban Members**, **Administrator**, **Manage Channels** and one more"),
        (1 << 60, "permissions that Discord has added of late"),
    ],
)
def test_they_are_called_as_in_discords_client(permissions: int, named: str) -> None:
    assert permission_names(permissions, ENGLISH) == named
