"""`expect …` lines: what a script says must hold, now or within some of the sandbox's seconds."""

import re
from dataclasses import dataclass

from boostmon.sandbox.errors import CannotDo

_WITHIN = re.compile(r"\s+within\s+([^\s\"]+)$")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

USAGE = """\
expect answer contains TEXT     expect answer lacks TEXT
expect answer hidden            expect answer public
expect answer has button LABEL  expect answer lacks button LABEL
expect refused [contains TEXT]  (Discord's client would not send it)
expect suggestions contain TEXT expect suggestions lack TEXT
expect @user has @Role [within 10s]
expect @user lacks @Role [within 10s]
expect message #channel contains TEXT [within 10s]
expect dm @user contains TEXT [within 10s]
expect no message #channel [contains TEXT] [within 10s]
expect no dm @user [contains TEXT] [within 10s]
expect audit-log contains TEXT [within 10s]
expect audit-log lacks TEXT [within 10s]"""


@dataclass(frozen=True, slots=True)
class ExpectAnswer:
    """The last answer contains (or lacks) a text."""

    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ExpectButton:
    """The last answer has (or lacks) a button that can be pressed, called so or beginning so."""

    label: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ExpectVisibility:
    """The last answer is hidden from the others, or public."""

    hidden: bool


@dataclass(frozen=True, slots=True)
class ExpectRefusal:
    """Discord's client refused the last command, in words that contain a text."""

    text: str


@dataclass(frozen=True, slots=True)
class ExpectSuggestion:
    """The last suggestions contain (or lack) a text."""

    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ExpectRole:
    """A member has (or lacks) a role within `within` of the sandbox's seconds."""

    user: str
    role: str
    negated: bool
    within: float


@dataclass(frozen=True, slots=True)
class ExpectMessage:
    """A message with a text is (or, `negated`, does not come to be) in a channel or a user's DMs."""

    place: str
    text: str
    negated: bool
    within: float


@dataclass(frozen=True, slots=True)
class ExpectEntry:
    """The audit log has (or lacks) an entry with a text, as the word `audit-log` shows it."""

    text: str
    negated: bool
    within: float


Expectation = (
    ExpectAnswer
    | ExpectButton
    | ExpectVisibility
    | ExpectRefusal
    | ExpectSuggestion
    | ExpectRole
    | ExpectMessage
    | ExpectEntry
)


def seconds(text: str) -> float:
    """`90s`, `1h30m`, `2.5s`: a span of the sandbox's time. Raises `CannotDo`."""
    compact = text.replace(" ", "").casefold()
    parts = _DURATION.findall(compact)
    if not parts or "".join(n + u for n, u in parts) != compact:
        raise CannotDo(f"{text!r} is not a time span; write 90s, 2m or 1h30m")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def parse_expectation(line: str) -> Expectation:
    """What follows the word `expect`. Raises `CannotDo` with the ways to write it."""
    parsed = _about_answers(line.strip()) or _about_world(line.strip())
    if parsed is None:
        raise CannotDo(f"This is not an expectation: {line!r}. Write one of\n{USAGE}")
    return parsed


def _about_answers(rest: str) -> Expectation | None:
    if rest in {"answer hidden", "answer public"}:
        return ExpectVisibility(rest == "answer hidden")
    if match := re.fullmatch(r"answer (has|lacks) button (.+)", rest):
        return ExpectButton(_unquoted(match[2]), match[1] == "lacks")
    if match := re.fullmatch(r"answer (contains|lacks) (.+)", rest):
        return ExpectAnswer(_unquoted(match[2]), match[1] == "lacks")
    if match := re.fullmatch(r"refused(?: contains (.+))?", rest):
        return ExpectRefusal(_unquoted(match[1] or ""))
    if match := re.fullmatch(r"suggestions (contain|lack) (.+)", rest):
        return ExpectSuggestion(_unquoted(match[2]), match[1] == "lack")
    return None


def _about_world(line: str) -> Expectation | None:
    limit = _WITHIN.search(line)
    within = seconds(limit[1]) if limit else 0.0
    rest = line[: limit.start()] if limit else line
    if match := re.fullmatch(r"(@\S+) (has|lacks) (@.+)", rest):
        return ExpectRole(match[1], match[3].strip(), match[2] == "lacks", within)
    if match := re.fullmatch(r"audit-log (contains|lacks) (.+)", rest):
        return ExpectEntry(_unquoted(match[2]), match[1] == "lacks", within)
    if match := re.fullmatch(r"(no )?(?:message (#\S+)|dm (@\S+))(?: contains (.+))?", rest):
        return ExpectMessage(match[2] or match[3], _unquoted(match[4] or ""), bool(match[1]), within)
    return None


def _unquoted(text: str) -> str:
    stripped = text.strip()
    if len(stripped) >= 2 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1]
    return stripped
