from collections.abc import Iterator

import pytest

from tests.integration.bot.stage import BotStage, stage
from tests.support.logging_fixtures import untouched_logging

__all__ = ["untouched_logging"]


@pytest.fixture(name="stage")
def fresh_stage() -> Iterator[BotStage]:
    with stage() as made:
        yield made
