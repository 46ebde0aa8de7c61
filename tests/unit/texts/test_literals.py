"""Texts in the code are literals where they are used, so that the extractor finds each of them."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tools.messages import KEYWORDS, TOP, extracted, messages_of

type Call = tuple[str, ast.Call]


@cache
def calls() -> list[Call]:
    """Every call in boostmon that takes a text, with its place."""
    return [
        (f"{path.relative_to(TOP)}:{call.lineno}", call)
        for path in sorted((TOP / "boostmon").rglob("*.py"))
        for call in calls_in(path.read_text(encoding="utf-8"))
    ]


def calls_in(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in KEYWORDS:
            yield node


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def texts_of(call: ast.Call) -> list[ast.expr]:
    """The arguments that are texts or a text's context."""
    return call.args[: 2 if name_of(call) in {"plural", "context"} else 1]


def key_in(call: ast.Call) -> tuple[str | None, str] | None:
    """What the text would be looked up by, where it is a literal."""
    match name_of(call), texts_of(call):
        case "context", [ast.Constant(value=str(context)), ast.Constant(value=str(text))]:
            return context, text
        case "context", _:
            return None
        case _, [ast.Constant(value=str(text)), *_]:
            return None, text
        case _:
            return None


def is_put_together(text: ast.expr) -> bool:
    """Whether the text is made where it is used, of pieces that nobody can translate."""
    match text:
        case ast.Constant():
            return False
        case ast.Call() if name_of(text) == "msgid":
            return False
        case ast.JoinedStr() | ast.BinOp():
            return True
        case _:
            pieces = [piece for piece in ast.iter_child_nodes(text) if isinstance(piece, ast.expr)]
            return any(isinstance(piece, ast.Constant) or is_put_together(piece) for piece in pieces)


def test_no_text_is_put_together() -> None:
    assert not [place for place, call in calls() if any(map(is_put_together, texts_of(call)))]


def test_plurals_and_contexts_are_literals() -> None:
    """A mark would put a text of theirs into the catalogues alone, where they would not find it."""
    both = [(place, call) for place, call in calls() if name_of(call) in {"plural", "context"}]
    assert both
    assert not [place for place, call in both if not all(isinstance(text, ast.Constant) for text in texts_of(call))]


def test_what_is_marked_is_a_literal_and_not_empty() -> None:
    marked = [(place, call) for place, call in calls() if name_of(call) == "msgid"]
    assert marked
    assert not [place for place, call in marked if key_in(call) in {None, (None, "")}]


def test_every_literal_is_extracted() -> None:
    known = messages_of(extracted()).keys()
    missed = {key: place for place, call in calls() if (key := key_in(call)) is not None and key not in known}
    assert not missed, "a text in parentheses of its own is not found; leave them out"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('words("a {b}", b=f"c{d}")', False),
        ('words("a " "b")', False),
        ("words(TITLES[action])", False),
        ("words(self.title)", False),
        ('words(msgid("a") if b else msgid("c"))', False),
        ('words(f"a {b}")', True),
        ('words("a" + b)', True),
        ('words("a %s" % b)', True),
        ('words("a {b}".format(b=c))', True),
        ('words("a" if b else "c")', True),
        ('words.plural("{n} a", f"{n} a", 2)', True),
        ('words.context(f"a{b}", "c")', True),
    ],
)
def test_what_is_put_together_is_told_from_what_is_whole(source: str, expected: bool) -> None:
    [call, *_] = calls_in(source)
    assert any(map(is_put_together, texts_of(call))) is expected
