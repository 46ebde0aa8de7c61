from collections.abc import Sequence
from typing import Any

import pytest

from boostmon.sandbox import usage
from boostmon.sandbox.errors import CannotDo

SETTIME: dict[str, Any] = {
    "name": "settime",
    "options": [
        {"name": "user", "type": 6, "required": True},
        {"name": "role", "type": 8, "required": True},
        {"name": "duration", "type": 3, "required": True},
        {"name": "reason", "type": 3},
    ],
}
SETTINGS: dict[str, Any] = {
    "name": "timersettings",
    "options": [
        {"name": "show", "type": 1},
        {"name": "channel", "type": 1, "options": [{"name": "channel", "type": 7}]},
        {"name": "log", "type": 1},
    ],
}


@pytest.mark.parametrize(
    ("root", "words", "told"),
    [
        (SETTIME, ["@alice", "@VIP", "2h"], "by their names; write /settime user:@alice role:@VIP duration:2h"),
        (SETTIME, ["@bob"], "write /settime user:@bob role:@VIP duration:…"),
        (SETTIME, ["@a", "@b", "2h", "for", "winning"], "role:@b duration:2h reason:for winning"),
        (SETTINGS, [], "never sent by itself; write /timersettings show, /timersettings channel or /timersettings log"),
        (SETTINGS, ["sow"], "/timersettings has no 'sow'; write /timersettings show, "),
        (SETTINGS, ["show", "all"], "/timersettings show takes no options, so write just that"),
        (SETTINGS, ["channel", "#general"], "write /timersettings channel channel:#general"),
    ],
)
def test_a_wrong_form_is_told_with_the_right_one(root: dict[str, Any], words: Sequence[str], told: str) -> None:
    with pytest.raises(CannotDo) as refused:
        usage.leaf_of(root, [root["name"], *words])

    assert told in str(refused.value)


def test_the_right_form_names_a_command() -> None:
    assert usage.leaf_of(SETTIME, ["settime"]) == (SETTIME, [])
    leaf, nesting = usage.leaf_of(SETTINGS, ["timersettings", "log"])
    assert (leaf["name"], nesting) == ("log", ["log"])
