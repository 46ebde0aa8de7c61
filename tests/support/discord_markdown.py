"""What Discord's client would make of a text: the part of its grammar that turns characters into something live.

Its rules are tried at each place of the text in turn, a backslash before the others; what none of them takes is shown
as it is written. A rule that has begun would go on inside what it takes: there is no need to follow, as the only
question here is whether anything begins.
"""

import re
from collections.abc import Sequence

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_ANYWHERE = {
    "masked link": r"\[(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*\]"
    r"\(\s*<?(?:\([^)]*\)|[^\s\\]|\\.)*?>?(?:\s+['\"].*?['\"])?\s*\)",
    "link": r"<?(?:https?|steam|discord)://[^\s<]+",
    "mail": r"<(?:mailto:)?[^\s<>@]+@[^\s<>]+>",
    "phone": r"<(?:tel:)?\+[0-9]+>",
    "user": r"<@!?\d+>",
    "role": r"<@&\d+>",
    "everyone": r"@(?:everyone|here)\b",
    "channel": r"<#\d+>",
    "guide": r"<id:(?:customize|browse|guide|linked-roles)(?::\d+)?>",
    "time": r"<t:-?\d+(?::[tTdDfFRsS])?>",
    "command": r"</[^:>]+:\d+>",
    "custom emoji": r"<a?:\w+:\d+>",
    "emoji": r":[^\s:]+:",
    "code": r"(`+)[\s\S]*?[^`]\1(?!`)",
    "bold": r"\*\*(?:\\[\s\S]|[^\\])+?\*\*(?!\*)",
    "italic": r"\*(?=\S)(?:\\[\s\S]|[^\\])+?\*|_(?:\\[\s\S]|[^\\])+?_",
    "underlined": r"__(?:\\[\s\S]|[^\\])+?__",
    "struck out": r"~~(?:\\[\s\S]|[^\\])+?~~",
    "spoiler": r"\|\|(?:\\[\s\S]|[^\\])+?\|\|",
}
_AT_THE_START_OF_A_LINE = {
    "heading": r" *#{1,3} +\S",
    "subtext": r" *-# +\S",
    "quote": r" *>(?:>>)? ",
    "list": r" *(?:[*+-]|\d+\.) +\S",
}
_RULES: Sequence[tuple[str, re.Pattern[str], bool]] = [
    *((name, re.compile(rule), False) for name, rule in _ANYWHERE.items()),
    *((name, re.compile(rule), True) for name, rule in _AT_THE_START_OF_A_LINE.items()),
]


def live(text: str) -> list[tuple[str, str]]:
    """What is live in a text: the name of the rule and what it takes, in order."""
    return _read(text)[0]


def shown(text: str) -> str:
    """A text without anything live, as a reader sees it."""
    return _read(text)[1]


def _read(text: str) -> tuple[list[tuple[str, str]], str]:
    found, seen, place = [], [], 0
    while place < len(text):
        if escape := _ESCAPE.match(text, place):
            seen.append(escape[1])
            place = escape.end()
        elif taken := _taken(text, place):
            found.append(taken)
            place += max(len(taken[1]), 1)
        else:
            seen.append(text[place])
            place += 1
    return found, "".join(seen)


def _taken(text: str, place: int) -> tuple[str, str] | None:
    is_start = place == 0 or text[place - 1] == "\n"
    for name, rule, needs_start in _RULES:
        if (is_start or not needs_start) and (match := rule.match(text, place)):
            return name, match[0]
    return None
