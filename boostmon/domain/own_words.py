"""What a server says in its own words of the timers of a role, with placeholders, and a link below it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from boostmon.domain.errors import BoostMonError

PLACEHOLDERS = ("member", "role", "server", "end")
MOST_LETTERS = 400
"""In a text: with all names filled in it fits into a message many times."""
MOST_LINK = 400
"""Discord takes 512."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Instead of, or above, what is said to everybody: before the end, and after it; None: nothing of its own."""

    warning: str | None = None
    ending: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownPlaceholder:
    """Something in braces that is none of PLACEHOLDERS; or a brace alone."""

    text: str


@dataclass(frozen=True, slots=True)
class TextTooLong:
    """More than MOST_LETTERS."""

    letters: int


@dataclass(frozen=True, slots=True)
class NoSuchLink:
    """Not the address of a page with https, or too long."""

    text: str


type WordsProblem = UnknownPlaceholder | TextTooLong | NoSuchLink


class InvalidWords(BoostMonError):
    """Words or a link that no rule may have."""

    def __init__(self, problem: WordsProblem) -> None:
        super().__init__(f"own words: {problem}")
        self.problem = problem


def checked_text(text: str) -> str:
    """The text, when a rule may have it; raises InvalidWords."""
    written = " ".join(text.split())
    if len(written) > MOST_LETTERS:
        raise InvalidWords(TextTooLong(len(written)))
    for name in PLACEHOLDER.findall(written):
        if name not in PLACEHOLDERS:
            raise InvalidWords(UnknownPlaceholder(f"{{{name}}}"))
    if brace := re.search(r"[{}]", PLACEHOLDER.sub("", written)):
        raise InvalidWords(UnknownPlaceholder(brace[0]))
    return written


def checked_link(text: str) -> str:
    """The address, when a rule may have it; raises InvalidWords."""
    written = text.strip()
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidWords(NoSuchLink(written)) from None
    is_plain = written.isascii() and written.isprintable() and " " not in written and "@" not in parts.netloc
    if parts.scheme != "https" or not _HOST.fullmatch(host) or port == 0 or not is_plain or len(written) > MOST_LINK:
        raise InvalidWords(NoSuchLink(written))
    return written
