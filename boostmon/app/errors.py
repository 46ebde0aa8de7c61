"""What may go wrong beyond the rules: the world behind a port did not do its part."""

from boostmon.domain.errors import BoostMonError


class StorageUnavailable(BoostMonError):
    """The repository cannot be reached or answered too late; nothing is known to have been written.

    `reason` is one line for an operator's log, free of secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(BoostMonError):
    """A timer was changed between reading and writing; nothing was written. Use cases plan anew, or leave it be."""


class TokenRefused(BoostMonError):
    """Discord does not accept the bot's token; only its operator can fix that."""


class DiscordUnreachable(BoostMonError):
    """Discord did not answer a login, or with an error of its own; it may work later.

    `reason` is one line for an operator's log, free of secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AuditLogHidden(BoostMonError):
    """Discord does not let the bot see a guild's audit log: it lacks View Audit Log there, or is not in the guild."""


class StorageBusy(StorageUnavailable):
    """Every connection stayed in use for as long as a caller may wait, or too many already wait.

    Nothing was sent: trying again later is safe.
    """


class StorageTimeout(StorageUnavailable):
    """A statement took longer than it may and was cancelled; that statement wrote nothing."""


class StorageReadOnly(StorageUnavailable):
    """It answers, but takes no changes: a failover is under way, or an operator has locked it. Nothing was written."""


class StorageOutcomeUnknown(StorageUnavailable):
    """The connection broke after something was sent, so it may or may not have been written.

    Raised only for work that was not declared idempotent, because repeating that could write twice.
    """


class StorageMisconfigured(StorageUnavailable):
    """The settings of the storage are wrong; waiting will not help, an operator has to change them."""
