from collections.abc import Iterator

import pytest

from tests.integration.bot.stage import Stage, stage


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[Stage]:
    with stage() as made:
        yield made
