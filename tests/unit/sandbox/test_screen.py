import dataclasses
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from boostmon.sandbox.answer import DID_NOT_RESPOND, Answer, PostedMessage
from boostmon.sandbox.feed import Happening
from boostmon.sandbox.markup import Names
from boostmon.sandbox.screen import Screen

CODES = re.compile(r"\x1b\[[0-9;]*m")
NOW = datetime(2026, 6, 1, 12, 30, 5, tzinfo=UTC)
NAMES = Names({1: "@alice"}, {2: "@VIP"}, {})
PLAIN = Screen(NAMES, NOW, width=44)
EMBED: Mapping[str, Any] = {
    "title": "Timer started",
    "description": "<@1> keeps <@&2>",
    "color": 0x2ECC71,
    "fields": [
        {"name": "Ends", "value": f"<t:{int(NOW.timestamp()) + 120}:R>"},
        {"name": "Notes", "value": "first line\nsecond line"},
    ],
    "footer": {"text": "by @mod"},
}


def message(content: str = "", *embeds: Mapping[str, Any], **changes: Any) -> PostedMessage:
    plain = PostedMessage(7, "#general", "@BoostMon", content, embeds, (), hidden=False, at=NOW)
    return dataclasses.replace(plain, **changes)


def answer(*messages: PostedMessage, **changes: Any) -> Answer:
    plain = Answer(1, messages, False, False, None, 0.1, 0.2, NOW)
    return dataclasses.replace(plain, **changes)


def test_an_embed_is_drawn_with_bar_fields_and_footer() -> None:
    assert PLAIN.answer(answer(message("", EMBED, hidden=True)), "@BoostMon") == [
        "  @BoostMon  (only you can see this)",
        "  | Timer started",
        "  | @alice keeps @VIP",
        "  | Ends: in 2 minutes",
        "  | Notes",
        "  |   first line",
        "  |   second line",
        "  | by @mod",
    ]


def test_colours_show_the_embeds_own() -> None:
    lines = Screen(NAMES, NOW, colour=True).body(message("", EMBED))

    assert lines[0] == "  \x1b[38;2;46;204;113m▌\x1b[39m \x1b[1mTimer started\x1b[22m"


def test_long_text_is_wrapped_to_the_width() -> None:
    lines = PLAIN.body(message("word " * 30))

    assert len(lines) > 3
    assert max(map(len, lines)) <= 44
    assert " ".join(line.strip() for line in lines) == ("word " * 30).strip()


def test_codes_take_no_room_when_text_is_wrapped() -> None:
    plain = PLAIN.body(message("**wörd** <@1> " * 12))
    coloured = Screen(NAMES, NOW, width=44, colour=True).body(message("**wörd** <@1> " * 12))

    assert [CODES.sub("", line) for line in coloured] == plain


def test_a_word_without_an_end_is_cut() -> None:
    assert PLAIN.body(message("x" * 100)) == [f"  {'x' * 42}", f"  {'x' * 42}", f"  {'x' * 16}"]


def test_a_footer_is_shown_as_it_is() -> None:
    assert PLAIN.body(message("", {"footer": {"text": "**by** <@1>"}})) == ["  | **by** <@1>"]


def test_buttons_are_shown_row_by_row() -> None:
    first = {"type": 1, "components": [{"type": 2, "label": "+1 hour"}, {"type": 2, "emoji": {"name": "⏸"}}]}
    second = {"type": 1, "components": [{"type": 2, "label": "Undo", "disabled": True}]}

    assert PLAIN.body(message("Hi", components=(first, second))) == ["  Hi", "  [+1 hour]  [⏸]", "  [Undo (off)]"]


def test_an_answer_without_anything_left_says_so() -> None:
    assert PLAIN.answer(answer(), "@BoostMon") == ["  (nothing to see)"]


def test_events_come_with_their_time() -> None:
    happening = Happening(NOW, "@BoostMon wrote in #general", message("Hello"))

    assert PLAIN.happening(happening) == ["12:30:05 • @BoostMon wrote in #general", "  Hello"]


def test_names_in_events_are_coloured() -> None:
    names = dataclasses.replace(NAMES, colours={2: 0xF1C40F})
    (line,) = Screen(names, NOW, colour=True).happening(Happening(NOW, "@alice was given @VIP by @nobody"))

    assert line.endswith("\x1b[38;2;148;156;247m@alice\x1b[39m was given \x1b[38;2;241;196;15m@VIP\x1b[39m by @nobody")


def test_silence_and_thinking_are_shown_as_discord_does() -> None:
    assert PLAIN.answer(answer(failure=DID_NOT_RESPOND), "@BoostMon") == [f"  ! {DID_NOT_RESPOND}"]
    assert PLAIN.answer(answer(thinking=True), "@BoostMon") == ["  @BoostMon is thinking…"]


def test_history_marks_what_was_edited() -> None:
    assert PLAIN.message(message("Hello", edited=True))[0] == "12:30:05 @BoostMon  (edited)"


def test_the_text_of_a_message_holds_every_part() -> None:
    text = message("Hi", EMBED).text

    for part in ("Hi", "Timer started", "<@1> keeps <@&2>", "Notes: first line", "by @mod"):
        assert part in text
