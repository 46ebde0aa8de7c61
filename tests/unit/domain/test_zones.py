from zoneinfo import ZoneInfo

import pytest

from boostmon.domain.zones import canonical_name, zone_named, zone_names, zones_like


def test_a_zone_by_its_name() -> None:
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "Europe", "../etc/passwd", "/etc/localtime", "\0", "Berlin"])
def test_no_zone(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
        ("Buenos Aires", None),  # of Argentina twice, by an old name and by the new one
        ("Europe/Atlantis", None),
        ("", None),
    ],
)
def test_the_name_that_is_meant(written: str, name: str | None) -> None:
    assert canonical_name(written) == name


def test_names_that_fit_what_is_typed() -> None:
    assert next(iter(zones_like("berl"))) == "Europe/Berlin"
    assert "America/New_York" in zones_like("new y")
    assert zones_like("atlantis") == []
    assert set(zones_like("")) == set(zone_names())


def test_regions_come_before_names_for_programs() -> None:
    assert zone_names()[0].startswith("Africa/")
    assert zone_names()[-1] not in {name for name in zone_names() if name.startswith("Europe/")}
