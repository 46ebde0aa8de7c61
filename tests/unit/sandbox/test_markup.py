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
        ("a < b > c @alice #x", "a < b > c @alice #x"),
    ],
)
def test_notation_becomes_words(text: str, shown: str) -> None:
    assert readable(text, NAMES, NOW) == shown


def test_emphasis_shows_in_a_terminal() -> None:
    assert readable("a **b** c", NAMES, NOW, bold=True) == "a \x1b[1mb\x1b[22m c"


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
