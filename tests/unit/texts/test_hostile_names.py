"""Whatever a role or a server is called, a message says what BoostMon says, and nothing in its name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.notices import Notice
from boostmon.texts.notices import NO_NAMES, Names, direct_message
from tests.support.discord_markdown import live
from tests.support.hostile import HOSTILE_TEXTS
from tests.support.words import ENGLISH
from tests.unit.texts.test_notices import ENDED, NOW, WARNING

NOTICES = [WARNING, ENDED]


def texts(message: dict[str, Any]) -> str:
    [embed] = message["embeds"]
    return f"{embed['title']}\n{embed['description']}"


def shape(notice: Notice, names: Names) -> list[str]:
    """What is live in a message, in order, whatever it says; the names themselves are bold."""
    return [name for name, _ in live(texts(direct_message(notice, names, ENGLISH, now=NOW)))]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_name_adds_nothing_live_to_a_direct_message(notice: Notice, text: str) -> None:
    assert shape(notice, Names(text, text)) == shape(notice, Names("VIP", "Boost Town"))


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_nor_does_it_inside_of_what_makes_it_bold(notice: Notice, text: str) -> None:
    bold = [
        taken
        for name, taken in live(texts(direct_message(notice, Names(text, text), ENGLISH, now=NOW)))
        if name == "bold"
    ]
    assert [live(one.removeprefix("**").removesuffix("**")) for one in bold] == [[]] * len(bold)


@given(st.text("\\*_~`|<>#[]()@:/.- \n1ah", min_size=1, max_size=100).filter(lambda name: name.strip()))
def test_any_name_at_all(text: str) -> None:
    assert shape(WARNING, Names(text, text)) == shape(WARNING, Names("VIP", "Boost Town"))


def test_a_name_that_nobody_sees_is_not_shown() -> None:
    assert direct_message(WARNING, Names("\u200b", "\u202e"), ENGLISH, now=NOW) == direct_message(
        WARNING, NO_NAMES, ENGLISH, now=NOW
    )
