"""The question in words, and its buttons as Discord gets them."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import nextcord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.app.changing.confirming import Loss, NotConfirmed
from boostmon.domain.durations import MAX_DURATION, When
from boostmon.domain.ids import ChannelId
from boostmon.domain.timers import Timer
from boostmon.domain.transitions import end, pause, reduce
from boostmon.entrypoints.bot.commands.options import MOST_REASON
from boostmon.entrypoints.bot.components.ids import Clear, Confirmation, Keep, Replace, Shorten, Shown, decode
from boostmon.entrypoints.bot.components.questions import KEEP, question, reason_in
from boostmon.entrypoints.bot.components.replies import MOST_LABEL, Reply, view_of
from boostmon.texts import Language, Words, words_of
from tests.support.strategies import PROPERTY
from tests.support.timers import ALICE, DAY, HOUR, KEY, MINUTE, NOW, POLICY, VIP, running
from tests.support.words import ENGLISH

SHOWN = Shown(ALICE, VIP, 7)
MONTH = running(30 * DAY)
WORDS = [words_of(language) for language in Language]
lengths = st.timedeltas(HOUR, MAX_DURATION)


def asked(before: Timer, after: Timer, wish: Confirmation, **kwargs: Any) -> Reply:
    again, words = kwargs.get("again", False), kwargs.get("words", ENGLISH)
    return question(
        NotConfirmed(Loss(before, after, NOW), changed_since=again), wish, words, reason=kwargs.get("reason")
    )


def components(reply: Reply) -> list[dict[str, Any]]:
    async def made() -> Any:
        return view_of(reply.buttons).to_components()

    [row] = asyncio.run(made())
    return list(row["components"])


def fields(reply: Reply) -> dict[str, str]:
    return {str(field.name): str(field.value) for field in reply.card.fields}


@pytest.mark.parametrize(
    ("when", "after", "then"),
    [
        (MINUTE, running(MINUTE), "1 minute, from the moment that you confirm it"),
        (NOW + DAY, running(DAY), f"1 day, until <t:{int((NOW + DAY).timestamp())}:F>"),
    ],
)
def test_a_replacement_tells_its_end_where_it_is_certain(when: When, after: Timer, then: str) -> None:
    assert fields(asked(MONTH, after, Replace(SHOWN, when)))["Then"] == then


def test_the_dangerous_button_says_what_it_does_and_the_other_does_nothing() -> None:
    wish = Replace(SHOWN, MINUTE, ChannelId(9))

    dangerous, keep = components(asked(MONTH, running(MINUTE), wish))

    assert (dangerous["style"], dangerous["label"]) == (4, "Replace 30 days with 1 minute")
    assert decode(dangerous["custom_id"]) == wish
    assert (keep["style"], keep["label"]) == (2, KEEP)
    assert decode(keep["custom_id"]) == Keep()


def test_a_timer_that_changed_meanwhile_is_said_to_have() -> None:
    assert "changed since I asked" in str(asked(MONTH, running(HOUR), Clear(SHOWN), again=True).card.description)
    assert "changed since I asked" not in str(asked(MONTH, running(HOUR), Clear(SHOWN)).card.description)


@PROPERTY
@given(before=lengths, after=lengths, words=st.sampled_from(WORDS), paused=st.booleans())
def test_every_question_fits(before: timedelta, after: timedelta, words: Words, *, paused: bool) -> None:
    was = pause(running(before), now=NOW) if paused else running(before)
    questions = [
        asked(was, running(after), Replace(SHOWN, after), reason="r" * MOST_REASON, words=words),
        asked(was, reduce(was, min(before, after), now=NOW, policy=POLICY), Shorten(SHOWN, after), words=words),
        asked(was, end(was, now=NOW), Clear(SHOWN), words=words),
    ]
    for reply in questions:
        assert reply.is_question
        assert all(0 < len(button.label) <= MOST_LABEL for button in reply.buttons)
        assert all(len(component["custom_id"]) <= 100 for component in components(reply))
        assert len(reply.card) <= 6000


class Message:
    """As much of a message as a reason is looked for in."""

    def __init__(self, *embeds: nextcord.Embed) -> None:
        self.embeds = [nextcord.Embed.from_dict(embed.to_dict()) for embed in embeds]


@pytest.mark.parametrize("words", WORDS, ids=list(Language))
@pytest.mark.parametrize("reason", ["*because* <@1>", "Reason: twice", "Grund: zweimal", "r" * MOST_REASON, None])
def test_the_reason_comes_back_as_it_was_given(reason: str | None, words: Words) -> None:
    reply = asked(MONTH, running(HOUR), Clear(SHOWN), reason=reason, words=words)

    assert reason_in(cast("nextcord.Message", Message(reply.embed))) == reason


@pytest.mark.parametrize("embeds", [(), (nextcord.Embed(title="x"),), (nextcord.Embed().set_footer(text="Tip: y"),)])
def test_another_message_holds_no_reason(embeds: tuple[nextcord.Embed, ...]) -> None:
    assert reason_in(cast("nextcord.Message", Message(*embeds))) is None


def test_the_member_and_the_role_are_named() -> None:
    assert str(asked(MONTH, running(HOUR), Clear(SHOWN)).card.description).startswith(f"<@{KEY.user}> would lose")
