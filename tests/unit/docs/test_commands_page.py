"""`docs/commands.md` lists the commands and options that the bot registers."""

import re
from pathlib import Path

from tests.unit.bot.test_command_payloads import PAYLOADS

PAGE = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")


def test_the_table_has_every_command_with_its_options_in_order() -> None:
    rows = re.findall(r"^\| \[`/(\w+)`\]\(#(\w+)\) \| (.*?) ?\|", PAGE, flags=re.MULTILINE)
    assert {name: cell for name, _, cell in rows} == {
        name: " ".join(
            f"`{option['name']}`" if option.get("required") else f"`[{option['name']}]`"
            for option in payload.get("options", [])
        )
        for name, payload in PAYLOADS.items()
    }
    assert all(name == anchor for name, anchor, _ in rows)


def test_every_command_has_its_section_and_every_option_its_line() -> None:
    options = {option["name"] for payload in PAYLOADS.values() for option in payload.get("options", [])}
    assert set(re.findall(r"^## /(\w+)$", PAGE, flags=re.MULTILINE)) == PAYLOADS.keys()
    assert set(re.findall(r"^- `(\w+)`: ", PAGE, flags=re.MULTILINE)) == options
