"""`tools.rooms`: what the map of the packages says, and in which order."""

from xml.etree import ElementTree as ET

import pytest
from grimp import ImportGraph

from tools.pictures.metrics import width
from tools.rooms.drawing import WIDTH, drawn, wrapped
from tools.rooms.plan import Room, importers_first, packages_in, purpose_of, rooms_in

SVG = "{http://www.w3.org/2000/svg}"
INNER = Room("house.top.attic", "Keeps `old` things", frozenset())
ROOMS = (
    Room("house.top", "Where one sleeps, as long as a line may be and then a little longer than that", frozenset(
        {"house.ground", "house.cellar"}
    ), (INNER,)),
    Room("house.ground", "Where one cooks", frozenset({"house.cellar"})),
    Room("house.cellar", "", frozenset()),
)  # fmt: skip


def graph(*imports: tuple[str, str]) -> ImportGraph:
    made = ImportGraph()
    for module in ("house", "house.door", "house.top", "house.top.bed", "house.top.attic", "house.ground"):
        made.add_module(module)
    for importer, imported in imports:
        made.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    return made


def test_a_room_uses_what_any_module_in_it_imports() -> None:
    made = graph(("house.top.bed", "house.ground"), ("house.ground", "house.door"))
    purposes = {"house.top": "up", "house.top.attic": "dusty", "house.ground": "low"}

    top, ground = rooms_in("house", made, purposes)

    assert top == Room("house.top", "up", frozenset({"house.ground"}), (Room("house.top.attic", "dusty", frozenset()),))
    assert ground == Room("house.ground", "low", frozenset())


@pytest.mark.parametrize(
    ("imports", "ordered"),
    [
        ({"a": "", "b": "a", "c": "b"}, ["c", "b", "a"]),
        ({"low": "", "middle": "low", "aside": "", "top": "middle low aside"}, ["top", "aside", "middle", "low"]),
        ({"x": "y", "y": "x", "z": "x"}, ["z", "x", "y"]),
    ],
    ids=["chain", "levels", "circle"],
)
def test_importers_come_first(imports: dict[str, str], ordered: list[str]) -> None:
    assert importers_first({name: frozenset(used.split()) for name, used in imports.items()}) == ordered


def test_packages_and_their_purposes_are_read_from_the_files() -> None:
    assert {"tools.rooms", "tools.pictures"} <= set(packages_in("tools"))
    assert purpose_of("tools.rooms").startswith("The map in docs/architecture.md")


def test_every_room_is_drawn_with_its_purpose_and_every_import_with_an_arrowhead() -> None:
    picture = ET.fromstring(drawn("house", ROOMS))  # noqa: S314 - our own words

    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert [text for text in texts if text in {"top", "attic", "ground", "cellar"}] == [
        "top",
        "attic",
        "ground",
        "cellar",
    ]
    assert "Keeps old things" in texts
    heads = "".join(path.attrib["d"] for path in picture.iter(f"{SVG}path") if path.attrib["fill"] != "none")
    assert heads.count("z") == 3
    (told,) = picture.iter(f"{SVG}desc")
    assert told.text == "house.top imports house.cellar, house.ground; house.ground imports house.cellar"


def test_boxes_lie_inside_the_figure_and_inside_each_other() -> None:
    boxes = [
        tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        for box in ET.fromstring(drawn("house", ROOMS)).iter(f"{SVG}rect")  # noqa: S314 - our own words
    ]

    top, attic, ground, cellar = boxes
    assert all(x > 0 and x + wide < WIDTH for x, _, wide, _ in boxes)
    assert top[0] < attic[0]
    assert attic[1] + attic[3] < top[1] + top[3] < ground[1] < cellar[1]


def test_lines_keep_to_their_room() -> None:
    lines = wrapped("a purpose that needs more than one line to be told in full", 13, 150)

    assert len(lines) > 1
    assert all(width(line, 13) <= 150 for line in lines)
