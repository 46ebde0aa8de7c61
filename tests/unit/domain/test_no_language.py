"""The domain speaks no language: what people read is worded in `boostmon/texts`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import boostmon.domain

DOMAIN = Path(boostmon.domain.__file__).parent
WHAT_PEOPLE_TYPE = DOMAIN / "durations" / "vocabularies"
FILES = sorted(path for path in DOMAIN.rglob("*.py") if not path.is_relative_to(WHAT_PEOPLE_TYPE))

FOR_LOGS = {"__init__", "__str__"}
"""Of errors: what they say of themselves is for the operator's logs, which are English."""
PATTERN = re.compile(r"[\\\[(?]")
PHRASE = re.compile(r"[^\W\d_]{2,}[,;:.]? [^\W\d_]{2,}|[^\W\d_]{2,} $")


def said(tree: ast.AST, *, is_for_logs: bool = False) -> Iterator[ast.Constant]:
    """The strings of a module that may reach somebody: no docstrings, nothing raised, nothing that errors say."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(tree, ast.Expr):
            if not is_for_logs:
                yield node
        else:
            is_log = isinstance(node, ast.Raise) or (isinstance(node, ast.FunctionDef) and node.name in FOR_LOGS)
            yield from said(node, is_for_logs=is_for_logs or is_log)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DOMAIN)))
def test_no_phrase_stands_in_the_domain(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    phrases = [(node.lineno, node.value) for node in said(tree) if is_phrase(str(node.value))]
    assert phrases == []


def is_phrase(text: str) -> bool:
    return PHRASE.search(text) is not None and PATTERN.search(text) is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DOMAIN)))
def test_no_name_is_dressed_up_as_a_word(path: Path) -> None:
    """`Permission.MANAGE_ROLES` is an identifier; "Manage Roles" is a text, and another one in each language."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    methods = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    assert not methods & {"title", "capitalize"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("news of the end", True),
        ("the member", True),
        ("Time is up", True),
        ("the log channel ", True),
        ("missing_permissions", False),
        ("missing", False),
        (" ", False),
        ("min", False),
        (r"[0-9]+ (?P<unit>[a-z]+)", False),
    ],
)
def test_a_phrase_is_known_by_its_spaces(text: str, expected: bool) -> None:
    assert is_phrase(text) is expected


def test_what_is_said_is_told_from_what_is_documented_raised_or_logged() -> None:
    module = '''
"""A docstring of a module."""
SAID = "said aloud"
class Wrong(Exception):
    """It went wrong."""
    def __init__(self):
        super().__init__("it went wrong")
def speak():
    """Speaks up."""
    if SAID:
        raise ValueError("no such thing")
    return f"said {SAID} softly"
'''
    assert [node.value for node in said(ast.parse(module))] == ["said aloud", "said ", " softly"]
