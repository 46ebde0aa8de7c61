import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.typed import command_words, split_options

NAMES = ("user", "role", "duration", "reason")


def test_values_run_to_the_next_option() -> None:
    words, rest = command_words("  /settime user:@alice duration: 2 hours  reason:Thanks a lot ")

    assert words == ("settime",)
    assert split_options(rest, NAMES) == (
        ("user", "@alice"),
        ("duration", "2 hours"),
        ("reason", "Thanks a lot"),
    )


def test_subcommands_stand_before_the_options() -> None:
    assert command_words("/timerrule set role:@VIP") == (("timerrule", "set"), "role:@VIP")
    assert command_words("/timeleft") == (("timeleft",), "")


def test_a_value_may_hold_colons_of_other_words() -> None:
    assert split_options("reason:note: see <t:1:R> at 18:00", NAMES) == (("reason", "note: see <t:1:R> at 18:00"),)


@pytest.mark.parametrize(
    ("rest", "names", "why"),
    [
        ("colour:red", NAMES, "no option 'colour'; options are: user, role"),
        ("colour:red user:@a", NAMES, "no option 'colour'"),
        ("hello", NAMES, "no option 'hello'"),
        ("user:@a", (), "options are: none"),
        ("user:@a user:@b", NAMES, "'user' was given twice"),
    ],
)
def test_what_a_client_has_no_field_for_is_refused(rest: str, names: tuple[str, ...], why: str) -> None:
    with pytest.raises(CannotDo, match=why):
        split_options(rest, names)


@pytest.mark.parametrize("line", ["/", "/ ", "settime"])
def test_a_line_without_a_command_is_refused(line: str) -> None:
    with pytest.raises(CannotDo):
        command_words(line)


def test_no_options_are_no_options() -> None:
    assert split_options("", NAMES) == ()


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.text(string.ascii_letters + " .-@", min_size=1).map(str.strip),
        min_size=1,
    )
)
def test_what_is_put_together_comes_apart_again(options: dict[str, str]) -> None:
    line = "/cmd " + " ".join(f"{name}:{value}" for name, value in options.items())

    _, rest = command_words(line)

    assert dict(split_options(rest, NAMES)) == options
