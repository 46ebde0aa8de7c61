"""One invitation everywhere, which asks for what the bot uses and no more."""

import re
from pathlib import Path

import pytest

from boostmon.domain.languages import Language
from boostmon.domain.permissions import NEEDED
from boostmon.entrypoints.cli import LOGIN_NEEDED
from boostmon.entrypoints.invitation import invitation
from boostmon.texts.permissions import permission_names
from boostmon.texts.words import words_of

ENGLISH = words_of(Language.EN)
ROOT = Path(__file__).parents[3]
LINK = re.compile(r"https://discord\.com/oauth2/authorize\?[^\s`)>\"]+")
TEXTS = {
    "the text without a token": LOGIN_NEEDED,
    **{
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
    },
}


def test_the_docs_name_the_permissions_that_it_asks_for() -> None:
    page = " ".join(TEXTS["docs/getting-started.md"].split())
    names = {"View Channel": "View Channels"}  # as the developer portal has it
    needed = {permission_names(permission, ENGLISH).strip("*") for permission in NEEDED}
    for name in needed:
        assert f"*{names.get(name, name)}*" in page
    assert needed == {
        "Manage Roles", "View Audit Log", "View Channel", "Send Messages", "Send Messages in Threads", "Embed Links",
    }  # fmt: skip


@pytest.mark.parametrize("place", TEXTS)
def test_every_invitation_is_the_same(place: str) -> None:
    assert set(LINK.findall(TEXTS[place])) <= {invitation()}


@pytest.mark.parametrize("place", ["the text without a token", "docs/getting-started.md"])
def test_whoever_starts_is_given_the_invitation(place: str) -> None:
    assert invitation() in TEXTS[place]
