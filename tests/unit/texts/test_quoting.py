import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boostmon.texts.quoting import escaped, shortened
from tests.support.discord_markdown import live, shown
from tests.support.hostile import HOSTILE_TEXTS, LIVE_TEXTS

HOSTILE_CHARACTERS = "\\*_~`|<>#[]()@:&!/.-+ \n\u2028\u202e\u200b19aht"


def test_a_short_line_stays_as_it_is() -> None:
    assert shortened("Thanks a lot", 20) == "Thanks a lot"


def test_lines_become_one() -> None:
    assert shortened("two\n\n  lines\t here ", 40) == "two lines here"


def test_what_is_cut_off_is_marked() -> None:
    assert shortened("abcdefghij", 5) == "abcd…"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("a \u200b b", "a b"),
        ("nul\0 and bell\a", "nul and bell"),
        ("half \ud800 a pair", "half a pair"),
        ("\u200b", ""),
    ],
)
def test_what_nobody_sees_is_left_out(typed: str, seen: str) -> None:
    assert shortened(typed, 100) == seen


@pytest.mark.parametrize(
    "typed",
    [
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "\u0645\u06cc\u200c\u062e\u0648",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001fae9",
        "עברית",
    ],
)
def test_scripts_and_emoji_stay_whole(typed: str) -> None:
    assert shortened(typed, 100) == typed


@pytest.mark.parametrize(
    ("typed", "escaped_text"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("@everyone", r"\@everyone"),
        ("<@123> <#4> <t:5:R>", r"\<\@123\> \<\#4\> \<t\:5\:R\>"),
        ("[text](x)", r"\[text\]\(x\)"),
        ("`code` ||spoiler|| ~~gone~~", r"\`code\` \|\|spoiler\|\| \~\~gone\~\~"),
        ("# head", r"\# head"),
        ("a\\b", r"a\\b"),
        ("1. first", r"1\. first"),
    ],
)
def test_markdown_and_mentions_are_disarmed(typed: str, escaped_text: str) -> None:
    assert escaped(typed) == escaped_text


@pytest.mark.parametrize("text", LIVE_TEXTS)
def test_each_text_would_do_something_if_it_were_not_disarmed(text: str) -> None:
    assert live(text.replace("\u2028", "\n"))


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_nothing_lives_in_an_escaped_text_and_it_reads_as_it_was_typed(text: str) -> None:
    assert live(escaped(text)) == []
    assert shown(escaped(text)) == shortened(text, 100)


@given(st.text(HOSTILE_CHARACTERS, max_size=40) | st.text(max_size=300), st.integers(min_value=1, max_value=200))
@example("[a](b)[Free Nitro](https://evil.example)", 30)
@example("\\" * 9, 5)
def test_escaping_disarms_and_keeps_what_a_reader_sees(typed: str, limit: int) -> None:
    seen = shortened(typed, limit)
    assert live(escaped(typed, limit)) == []
    assert shown(escaped(typed, limit)) == seen
    assert len(seen) <= limit
    assert len(escaped(typed, limit)) <= 2 * limit
    assert not {"Cc", "Cs"} & {unicodedata.category(character) for character in seen}
