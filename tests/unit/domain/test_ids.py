import pytest

from boostmon.domain.ids import parse_id


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("1", 1),
        ("100000000000000001", 100_000_000_000_000_001),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("18446744073709551616", None),
        ("1" * 4_400, None),
        ("0", None),
        ("", None),
        ("-5", None),
        ("+5", None),
        (" 5", None),
        ("5_0", None),
        ("٣٣", None),
        ("²", None),
        ("abc", None),
    ],
)
def test_an_id_is_a_positive_number_that_a_database_holds(text: str, id_: int | None) -> None:
    assert parse_id(text) == id_
