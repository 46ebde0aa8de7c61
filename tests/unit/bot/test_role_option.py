import pytest

from boostmon.app.commands.errors import AmbiguousRole, UnknownRole
from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId
from boostmon.domain.permissions import Permission
from boostmon.entrypoints.bot.reading.role_option import read_role
from boostmon.texts.refusals import explain
from tests.support.words import ENGLISH

LOW = 100_000_000_000_000_000


def _view(*names: str) -> GuildView:
    roles = [RoleFacts(RoleId(LOW + place), name, position=place) for place, name in enumerate(names, start=1)]
    anybody = Standing(top=(0, 0), permissions=Permission.MANAGE_ROLES)
    return GuildView(GuildId(LOW), bot=anybody, asker=anybody, roles={role.id: role for role in roles})


VIEW = _view("VIP", "Gold", "gold", "@Team", "2026", "Straße")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (str(LOW + 1), 1),
        (f"<@&{LOW + 2}>", 2),
        ("VIP", 1),
        ("@VIP", 1),
        ("  vip ", 1),
        ("Gold", 2),
        ("gold", 3),
        ("@Team", 4),
        ("team", None),
        ("@@Team", 4),
        ("2026", 5),
        ("STRASSE", 6),
    ],
)
def test_roles_are_found_by_id_mention_and_name(typed: str, place: int | None) -> None:
    if place is None:
        with pytest.raises(UnknownRole):
            read_role(typed, VIEW)
    else:
        assert read_role(typed, VIEW) == LOW + place


def test_an_id_is_believed_even_of_a_role_that_is_gone() -> None:
    assert read_role("999999999999999999", VIEW) == 999_999_999_999_999_999
    assert read_role("<@&5>", VIEW) == 5


def test_a_role_whose_name_looks_like_an_id_is_found_by_it() -> None:
    assert read_role("888888888888888888", _view("888888888888888888")) == LOW + 1


def test_several_roles_of_one_name_are_told() -> None:
    with pytest.raises(AmbiguousRole) as caught:
        read_role("GOLD", VIEW)
    assert [role.name for role in caught.value.roles] == ["Gold", "gold"]
    assert caught.value.written == "GOLD"


def test_an_unknown_name_is_told_with_those_that_come_near() -> None:
    with pytest.raises(UnknownRole) as caught:
        read_role("@vipp", VIEW)
    assert caught.value.written == "@vipp"
    assert "Did you mean “VIP”?" in explain(caught.value, ENGLISH).text


@pytest.mark.parametrize(
    "typed",
    ["12", "nothing like it", "٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣", "1" * 4_400, f"<@&{'9' * 4_400}>", "9" * 20, "0" * 18, "<@&0>"],
)
def test_what_names_nothing_is_unknown(typed: str) -> None:
    with pytest.raises(UnknownRole):
        read_role(typed, VIEW)
