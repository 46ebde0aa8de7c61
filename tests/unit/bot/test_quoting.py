import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.entrypoints.bot.quoting import escaped, shortened


def test_a_short_line_stays_as_it_is() -> None:
    assert shortened("Thanks a lot", 20) == "Thanks a lot"


def test_lines_become_one() -> None:
    assert shortened("two\n\n  lines\t here ", 40) == "two lines here"


def test_what_is_cut_off_is_marked() -> None:
    assert shortened("abcdefghij", 5) == "abcd…"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("@everyone", r"\@everyone"),
        ("<@123> <#4> <t:5:R>", r"\<\@123\> \<\#4\> \<t\:5\:R\>"),
        ("[text](x)", r"\[text\]\(x\)"),
        ("`code` ||spoiler|| ~~gone~~", r"\`code\` \|\|spoiler\|\| \~\~gone\~\~"),
        ("# head", r"\# head"),
        ("a\\b", r"a\\b"),
    ],
)
def test_markdown_and_mentions_are_disarmed(typed: str, shown: str) -> None:
    assert escaped(typed) == shown


@given(st.text(max_size=300), st.integers(min_value=1, max_value=200))
def test_escaping_keeps_what_a_reader_sees(typed: str, limit: int) -> None:
    shown = escaped(typed, limit)
    # A backslash takes away the effect of any character of ASCII that is neither letter, digit nor space.
    assert re.sub(r"\\([^A-Za-z0-9\s])", r"\1", shown) == shortened(typed, limit)
    assert len(shortened(typed, limit)) <= limit
    assert "\n" not in shown
