import dataclasses
from datetime import UTC, datetime

import pytest

from boostmon.sandbox.markup import Names, readable, relative

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAMES = Names({1: "@alice"}, {2: "@VIP"}, {3: "#general"})
AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@1> <@!1> <@&2> <#3>", "@alice @alice @VIP #general"),
        ("<@9> <@&9> <#9>", "@unknown-user @deleted-role #deleted-channel"),
        ("</settime:123> and `code`", "/settime and code"),
        ("**bold** and __this__", "bold and this"),
        (f"<t:{AT}:t> <t:{AT}:T>", "12:00 12:00:00"),
        (f"<t:{AT}:d> | <t:{AT}:D>", "01/06/2026 | 1 June 2026"),
        (f"<t:{AT}> | <t:{AT}:F>", "1 June 2026 12:00 | Monday, 1 June 2026 12:00"),
        (f"<t:{AT + 120}:R>", "in 2 minutes"),
        (r"see https\://example.com \#1 \- ok", "see https://example.com #1 - ok"),
        (r"\*not bold\* and **\*bold\***", "*not bold* and *bold*"),
        (r"\<@1\> \@alice \`x\` \\", "<@1> @alice `x` \\"),
        ("`\\*code\\*` and ```py\n\\*block\\*```", r"\*code\* and \*block\*"),
        ("\ue0000\ue001", "0\ue001"),
        ("``a ` b``", "a ` b"),
        (r"C:\new \o/", r"C:\new \o/"),
        (r"https://example.com/a\_b_c_d", r"https://example.com/a\_b_c_d"),
        ("[Free Nitro](https://example.com/x) [a](<http://b.c>)", "Free Nitro a"),
        (r"\[Free Nitro\]\(https\://example.com\)", "[Free Nitro](https://example.com)"),
        (r"\[Free Nitro](https://example.com)", "[Free Nitro](https://example.com)"),
        ("[no link](there) [x](ftp://y)", "[no link](there) [x](ftp://y)"),
        ("[**bold** <@1>](https://example.com)", "bold @alice"),
        ("<https://example.com>", "https://example.com"),
        ("*one* _two_ ~~three~~ ||four|| ***five***", "one two three four five"),
        ("2 * 3 * 4, snake_case_name, a_b", "2 * 3 * 4, snake_case_name, a_b"),
        ("# Title\n-# small", "Title\nsmall"),
        ("#1 of 2", "#1 of 2"),
        ("<:boost:123> <a:dance:5>", ":boost: :dance:"),
        ("a < b > c @alice #x", "a < b > c @alice #x"),
    ],
)
def test_notation_becomes_words(text: str, shown: str) -> None:
    assert readable(text, NAMES, NOW) == shown


def test_emphasis_and_mentions_show_in_a_terminal() -> None:
    assert readable("a **b** c", NAMES, NOW, styled=True) == "a \x1b[1mb\x1b[22m c"
    assert readable("<@1>", NAMES, NOW, styled=True) == "\x1b[38;2;148;156;247m@alice\x1b[39m"
    coloured = dataclasses.replace(NAMES, colours={2: 0xF1C40F})
    assert readable("<@&2>", coloured, NOW, styled=True) == "\x1b[38;2;241;196;15m@VIP\x1b[39m"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (0.4, "now"),
        (1, "in 1 second"),
        (-1, "1 second ago"),
        (59, "in 59 seconds"),
        (60, "in 1 minute"),
        (3599, "in 1 hour"),
        (3540, "in 59 minutes"),
        (-5400, "2 hours ago"),
        (86400, "in 1 day"),
        (40 * 86400, "in 1 month"),
        (3 * 365 * 86400, "in 3 years"),
    ],
)
def test_distances_in_time_are_rounded_to_their_largest_unit(seconds: float, words: str) -> None:
    assert relative(seconds) == words
