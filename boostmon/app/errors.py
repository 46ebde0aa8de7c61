"""What may go wrong beyond the rules: the world behind a port did not do its part."""

from boostmon.domain.errors import BoostMonError


class StorageUnavailable(BoostMonError):
    """The repository cannot be reached or answered too late; nothing is known to have been written.

    `reason` is one line for an operator's log, free of secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenRefused(BoostMonError):
    """Discord does not accept the bot's token; only its operator can mend that."""


class DiscordUnreachable(BoostMonError):
    """Discord did not answer a login, or with an error of its own; it may work later.

    `reason` is one line for an operator's log, free of secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
