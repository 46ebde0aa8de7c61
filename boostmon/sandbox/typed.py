"""What a person types after a slash: `/settime user:@alice role:@VIP duration:2m reason:Thanks a lot`.

A value runs up to the next ` name:` whose name is an option of the command, so it may hold spaces and
colons. Subcommands stand between the command and its first option.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from boostmon.sandbox.errors import CannotDo

_OPTION = re.compile(r"(?:^|\s)([-_\w]+):")


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """The words of the command (`("settime",)`, or with subcommands) and its options in typed order."""

    path: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The command as Discord writes it, without the slash."""
        return " ".join(self.path)


def command_words(line: str) -> tuple[tuple[str, ...], str]:
    """The command's words and the rest of the line, untouched. Raises `CannotDo`."""
    text = line.strip()
    if not text.startswith("/"):
        raise CannotDo(f"A command starts with a slash: /{text}")
    first = _OPTION.search(text)
    head = text[1 : first.start()] if first else text[1:]
    words = tuple(head.split())
    if not words:
        raise CannotDo("Type a command's name after the slash")
    return words, text[first.start() :].strip() if first else ""


def split_options(rest: str, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Cut `user:@alice reason:see: below` at the names that the command declares. Raises `CannotDo`.

    Something like `note:` whose name is not an option stays part of the value before it; in front of
    every value it is an unknown option.
    """
    known = list(names)
    marks = [m for m in _OPTION.finditer(rest) if m[1] in known]
    if rest and (not marks or rest[: marks[0].start()].strip()):
        unknown = rest.split(":", maxsplit=1)[0].strip()
        offered = ", ".join(known) if known else "none"
        raise CannotDo(f"There is no option {unknown!r}; options are: {offered}")
    ends = [m.start() for m in marks[1:]] + [len(rest)]
    options = tuple((m[1], rest[m.end() : end].strip()) for m, end in zip(marks, ends, strict=False))
    seen: set[str] = set()
    for name, _ in options:
        if name in seen:
            raise CannotDo(f"The option {name!r} was given twice")
        seen.add(name)
    return options
