import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.markup import Names
from tools.pictures import runs
from tools.pictures.__main__ import told_at
from tools.pictures.message import WIDTH, Asked, Picture, Scene
from tools.pictures.metrics import width
from tools.pictures.runs import Run

NOW = datetime(2026, 6, 1, 18, 0, 20, tzinfo=UTC)
NAMES = Names({1: "@alice"}, {2: "@VIP"}, {3: "#general"}, {2: 0xF1C40F})
SVG = "{http://www.w3.org/2000/svg}"
EMBED: Mapping[str, Any] = {
    "title": "Timer started",
    "description": r"<@1> has <@&2> for **30 days** \*really\* & <truly>",
    "color": 0x2ECC71,
    "fields": [
        {"name": "Ends", "value": f"<t:{int(NOW.timestamp())}:F>"},
        {"name": "A", "value": "a", "inline": True},
        {"name": "B", "value": "b", "inline": True},
    ],
    "footer": {"text": "the **end**"},
}
ROW = {"type": 1, "components": [{"type": 2, "style": 4, "label": "Undo", "custom_id": "u"}]}
MESSAGE = PostedMessage(7, "#general", "@BoostMon", "", (EMBED,), (ROW,), hidden=False, at=NOW)


def drawn(message: PostedMessage = MESSAGE, asked: Asked | None = None) -> ET.Element:
    return ET.fromstring(Picture(NAMES, NOW).draw(Scene(message, asked)))  # noqa: S314 - our own words


def texts(picture: ET.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


def test_every_part_of_a_message_is_there_in_order() -> None:
    shown = texts(drawn(asked=Asked("mod", "/settime user:@alice", 0x1ABC9C)))

    assert shown[:5] == ["M", "mod", "used", "/settime", "user:@alice"]
    assert shown[5:9] == ["BoostMon", "APP", "Today at 18:00", "Timer started"]
    assert shown[9:14] == ["@alice", " has ", "@VIP", " for ", "30 days"]
    assert shown[14:] == [
        *(" *really* & <truly>", "Ends", "Monday, 1 June 2026 18:00", "A", "a", "B", "b", "the **end**", "Undo"),
    ]


def test_a_picture_is_the_same_each_time_and_names_nothing_elsewhere() -> None:
    first, second = (Picture(NAMES, NOW).draw(Scene(MESSAGE)) for _ in range(2))

    assert first == second
    assert "http" not in first.replace("http://www.w3.org/2000/svg", "")


def test_inline_fields_stand_beside_each_other() -> None:
    places = {e.text: (float(e.attrib["x"]), float(e.attrib["y"])) for e in drawn().iter(f"{SVG}text")}

    assert places["A"][1] == places["B"][1] > places["Ends"][1]
    assert places["A"][0] < places["B"][0]


def test_all_lies_within_the_picture() -> None:
    long = dataclasses.replace(MESSAGE, content="word " * 60, embeds=({**EMBED, "description": "word <@1> " * 40},))
    picture = drawn(long)

    height = float(picture.attrib["viewBox"].split()[3])
    for text in picture.iter(f"{SVG}text"):
        end = float(text.attrib["x"]) + float(text.attrib["textLength"])
        assert 0 <= float(text.attrib["x"]) < end <= WIDTH, text.text
        assert 0 < float(text.attrib["y"]) < height


def test_a_private_answer_says_so() -> None:
    assert "Only you can see this" in texts(drawn(dataclasses.replace(MESSAGE, hidden=True)))


def test_lines_are_broken_between_words_and_never_in_a_mention() -> None:
    found = runs.runs("one two **three** <@1>\nlast", NAMES, NOW)

    broken = runs.lines(found, 14, width("one two three", 14))

    assert [[run.text for run in line] for line in broken] == [["one two "], ["three"], ["@alice"], ["last"]]


def test_looks_follow_the_notation() -> None:
    (plain, bold, mention, link) = runs.runs("a **b**<@1>https://x.y", NAMES, NOW)

    assert (plain, bold) == (Run("a "), Run("b", bold=True))
    assert (mention.text, mention.pill, link.text, link.pill) == ("@alice", True, "https://x.y", False)


@pytest.mark.parametrize(
    ("text", "bold", "wide"), [("il", False, 4.44), ("W", False, 9.44), ("W", True, 9.44), ("→", False, 6)]
)
def test_widths_are_helveticas(text: str, bold: bool, wide: float) -> None:
    assert width(text, 10, bold=bold) == pytest.approx(wide)


def test_scenes_follow_one_another_and_a_new_day_is_announced() -> None:
    later = told_at(MESSAGE, NOW + timedelta(days=1))
    again = told_at(MESSAGE, NOW + timedelta(days=1, hours=1))
    picture = ET.fromstring(Picture(NAMES, again.at).draw(Scene(MESSAGE), Scene(later), Scene(again)))  # noqa: S314

    shown = texts(picture)
    assert [text for text in shown if "2026" in text and text[0] in "0123456789"] == [
        "01/06/2026, 18:00",
        "2 June 2026",
    ]
    assert [text for text in shown if text.startswith("Today")] == ["Today at 18:00", "Today at 19:00"]
    heights = [float(text.attrib["y"]) for text in picture.iter(f"{SVG}text") if text.text == "Timer started"]
    assert heights == sorted(set(heights))


def test_a_message_and_the_moments_in_it_are_told_at_another_time() -> None:
    later = told_at(MESSAGE, NOW + timedelta(hours=1))

    assert later.at == NOW + timedelta(hours=1)
    assert f"<t:{int(NOW.timestamp()) + 3600}:F>" in str(later.embeds)
