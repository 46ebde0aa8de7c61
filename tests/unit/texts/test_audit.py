"""The reasons in the audit log."""

from urllib.parse import quote

import pytest

from boostmon.adapters.discord.rest import LONGEST_AUDIT_REASON
from boostmon.app.ports import AuditReason, Cause
from boostmon.domain.ids import UserId
from boostmon.texts import Language, words_of
from boostmon.texts.audit import audit_reason
from tests.support.timers import MODERATOR
from tests.support.words import ENGLISH

LONGEST_ID = UserId(2**63 - 1)
BY_ITSELF = {
    Cause.TAKEN_UNHEARD,
    Cause.TIME_UP,
    Cause.BEGINS,
    Cause.NOT_YET,
    Cause.GOES_ON,
    Cause.RETURNED,
    Cause.LEFT,
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("cause", Cause)
def test_each_goes_into_a_request_whole(cause: Cause, language: Language) -> None:
    reason = audit_reason(AuditReason(cause, LONGEST_ID), words_of(language))

    assert 0 < len(quote(reason, safe="")) <= LONGEST_AUDIT_REASON
    assert reason.splitlines() == [reason]


@pytest.mark.parametrize("cause", Cause)
def test_a_command_names_who_gave_it_by_an_id_that_can_be_searched_for(cause: Cause) -> None:
    names_somebody = str(MODERATOR) in audit_reason(AuditReason(cause, MODERATOR), ENGLISH)

    assert names_somebody == (cause not in BY_ITSELF)
    assert "None" not in audit_reason(AuditReason(cause, MODERATOR if names_somebody else None), ENGLISH)
