"""The map in docs/architecture.md shows the packages and imports that there are."""

from tools.rooms.__main__ import FIGURE, ROOT
from tools.rooms.drawing import drawn
from tools.rooms.plan import packages_in, purpose_of, rooms_of


def test_the_map_is_up_to_date() -> None:
    assert FIGURE.read_text(encoding="utf-8") == drawn(ROOT, rooms_of(ROOT)), (
        "packages, their purposes or their imports have changed: "
        f"run `make map` (.venv/bin/python -m tools.rooms), look at {FIGURE.name}, and commit it"
    )


def test_every_package_says_in_one_line_what_lives_there() -> None:
    purposes = {package: purpose_of(package) for package in packages_in(ROOT)}
    assert {package: purpose for package, purpose in purposes.items() if not 10 <= len(purpose) <= 110} == {}
