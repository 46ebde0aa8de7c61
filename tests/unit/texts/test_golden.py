"""What is said is what can be read in tests/unit/texts/golden, one file a language."""

import pytest

from boostmon.texts import Language
from tests.support.golden import FOLDER, golden, path_of


@pytest.mark.parametrize("language", Language)
def test_what_is_said_is_what_was_read_last(language: Language) -> None:
    assert golden(language) == path_of(language).read_text(encoding="utf-8"), "read the change, then run: make golden"


def test_there_is_one_file_a_language() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {path_of(language).name for language in Language}
