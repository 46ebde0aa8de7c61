"""What stands in the audit log of a server."""

from collections.abc import Iterator

from boostmon.app.ports import AuditReason, Cause
from boostmon.texts import Words
from boostmon.texts.audit import audit_reason
from tests.support.examples.casts import Cast
from tests.support.examples.said import Example, Said
from tests.support.timers import MODERATOR


def audit_log(words: Words, _cast: Cast) -> Iterator[Example]:
    """One line for each cause."""
    for cause in Cause:
        title = cause.name.replace("_", " ").capitalize()
        yield title, Said(content=audit_reason(AuditReason(cause, MODERATOR), words))
