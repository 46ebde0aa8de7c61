"""Whatever a role or a server is called, a message says what BoostMon says, and nothing in its name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.domain.notices import Notice
from boostmon.texts import Language, Words, words_of
from boostmon.texts.notices import NO_NAMES, Names, direct_message
from tests.support.discord_markdown import live
from tests.support.hostile import HOSTILE_TEXTS
from tests.unit.texts.test_notices import ENDED, NOW, WARNING

NOTICES = [WARNING, ENDED]
WORDS = [words_of(language) for language in Language]


def texts(message: dict[str, Any]) -> str:
    [embed] = message["embeds"]
    return f"{embed['title']}\n{embed['description']}"


def shape(notice: Notice, names: Names, words: Words) -> list[str]:
    """What is live in a message, in order, whatever it says; the names themselves are bold."""
    return [name for name, _ in live(texts(direct_message(notice, names, words, now=NOW)))]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_name_adds_nothing_live_to_a_direct_message(notice: Notice, text: str) -> None:
    for words in WORDS:
        assert shape(notice, Names(text, text), words) == shape(notice, Names("VIP", "Boost Town"), words)


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_nor_does_it_inside_of_what_makes_it_bold(notice: Notice, text: str) -> None:
    for words in WORDS:
        message = direct_message(notice, Names(text, text), words, now=NOW)
        bold = [taken for name, taken in live(texts(message)) if name == "bold"]
        assert [live(one.removeprefix("**").removesuffix("**")) for one in bold] == [[]] * len(bold)


@given(
    st.text("\\*_~`|<>#[]()@:/.- \n1ah", min_size=1, max_size=100).filter(lambda name: name.strip()),
    st.sampled_from(WORDS),
)
def test_any_name_at_all(text: str, words: Words) -> None:
    assert shape(WARNING, Names(text, text), words) == shape(WARNING, Names("VIP", "Boost Town"), words)


def test_a_name_that_nobody_sees_is_not_shown() -> None:
    for words in WORDS:
        unseen = direct_message(WARNING, Names("\u200b", "\u202e"), words, now=NOW)
        assert unseen == direct_message(WARNING, NO_NAMES, words, now=NOW)
