"""Messages in a server's own words."""

from typing import Any

import pytest

from boostmon.domain.notices import EndedNotice, WarningNotice
from boostmon.domain.own_words import MOST_LETTERS, PLACEHOLDERS, OwnWords
from boostmon.texts import Language, words_of
from boostmon.texts.notices import NO_NAMES, Names, channel_message, direct_message
from tests.support.timers import ALICE, HOUR, KEY, MINUTE, NOW, VIP, key
from tests.support.words import ENGLISH

WARNING = WarningNotice(KEY, None, threshold=10 * MINUTE, ends_at=NOW + 10 * MINUTE)
ENDED = EndedNotice(KEY, None, ended_at=NOW)
OWN = OwnWords("{member}, {role} in {server} ends {end}.", "Bye, {member}.", "https://example.com/renew")
STAMP = f"<t:{int((NOW + 10 * MINUTE).timestamp())}:F>"
NAMES = Names("V*I*P", "Boost `Town`")


def text(message: dict[str, Any]) -> str:
    [embed] = message["embeds"]
    return str(embed["description"])


def test_a_channel_is_told_in_the_servers_own_words() -> None:
    message = channel_message([WARNING], ENGLISH, now=NOW, own=OWN, guild=NAMES.guild)

    assert text(message) == f"<@{ALICE}>, <@&{VIP}> in Boost \\`Town\\` ends {STAMP}\\."
    assert message["allowed_mentions"] == {"parse": [], "users": [str(ALICE)]}


def test_a_member_is_told_with_names() -> None:
    assert text(direct_message(WARNING, NAMES, ENGLISH, now=NOW, own=OWN)) == (
        f"<@{ALICE}>, V\\*I\\*P in Boost \\`Town\\` ends {STAMP}\\."
    )


def test_what_does_not_name_role_and_end_stands_above_what_is_said_to_everybody() -> None:
    plain = text(direct_message(ENDED, NAMES, ENGLISH, now=NOW))

    assert text(direct_message(ENDED, NAMES, ENGLISH, now=NOW, own=OWN)) == f"Bye, <@{ALICE}>\\.\n{plain}"


def test_without_the_names_that_are_wanted_it_is_said_as_to_everybody() -> None:
    assert text(direct_message(WARNING, NO_NAMES, ENGLISH, now=NOW, own=OWN)) == text(
        direct_message(WARNING, NO_NAMES, ENGLISH, now=NOW)
    )


def test_the_words_have_no_effect_as_markdown_or_mention() -> None:
    own = OwnWords("@everyone **[x](https://evil.example)** {role} {end}")

    assert text(channel_message([WARNING], ENGLISH, now=NOW, own=own)).startswith(
        "\\@everyone \\*\\*\\[x\\]\\(https\\://evil\\.example\\)\\*\\* <@&"
    )


@pytest.mark.parametrize("language", Language)
def test_a_button_leads_to_the_page(language: Language) -> None:
    words = words_of(language)
    for message in (
        channel_message([ENDED], words, now=NOW, own=OWN),
        direct_message(ENDED, NAMES, words, now=NOW, own=OWN),
    ):
        [row] = message["components"]
        [button] = row["components"]
        assert (button["style"], button["url"]) == (5, OWN.link)
        assert 0 < len(button["label"]) <= 80
    assert "components" not in channel_message([ENDED], words, now=NOW)
    assert "components" not in direct_message(ENDED, NAMES, words, now=NOW, own=OwnWords(ending="Bye"))


def test_several_members_are_told_one_by_one_as_long_as_it_fits() -> None:
    few = [WarningNotice(key(n), None, MINUTE, NOW + HOUR) for n in range(1, 4)]
    many = [WarningNotice(key(n), None, MINUTE, NOW + HOUR) for n in range(1, 51)]

    assert text(channel_message(few, ENGLISH, now=NOW, own=OWN, guild="Town")).count(" in Town ends ") == 3
    longer = OwnWords(f"{OWN.warning} {'Please renew it. ' * 5}", link=OWN.link)
    told = channel_message(many, ENGLISH, now=NOW, own=longer, guild="Town")
    assert text(told) == text(channel_message(many, ENGLISH, now=NOW))
    assert told["components"]


@pytest.mark.parametrize("language", Language)
def test_the_longest_words_and_names_fit_into_a_message(language: Language) -> None:
    longest = ("*" * MOST_LETTERS, "".join(f"{{{name}}}" for name in PLACEHOLDERS) * 18)
    ends = [EndedNotice(key(n), None, NOW) for n in range(1, 26)]
    warnings = [WarningNotice(key(n), None, MINUTE, NOW + HOUR) for n in range(1, 26)]
    for template in longest:
        own = OwnWords(template, template)
        for count in (1, 5, 25):
            message = channel_message(
                [*ends[:count], *warnings[:count]], words_of(language), now=NOW, own=own, guild="_" * 100
            )
            descriptions = [embed["description"] for embed in message["embeds"]]
            assert all(len(one) <= 4096 for one in descriptions)
            assert sum(map(len, descriptions)) <= 5800
