"""What a person at the sandbox is told when something cannot be done there."""


class SandboxError(Exception):
    """Root of the sandbox's own errors; the text is written for the person who typed."""


class CannotDo(SandboxError):
    """A Discord client would not let its user do this (unknown name, missing option, hidden command)."""


class Refused(CannotDo):
    """Discord's client did not send what was typed: a script may expect just that."""


class NoAnswer(SandboxError):
    """The bot did not answer in time."""


class BotDied(SandboxError):
    """The bot's process ended without being asked to; the text carries its last output."""
