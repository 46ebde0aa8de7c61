"""Finds the mutants of a file.

Left alone are docstrings, annotations, decorators and base classes, what is logged (not *that* it is), and the texts of
exceptions: nothing in BoostMon goes by them.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tools.mutation.mutants import Change, Mutant, head
from tools.mutation.operators import changed_expressions, members, negated
from tools.mutation.statements import changed_statements, is_logging, without_element

UNTOUCHED: Final = (ast.Import, ast.ImportFrom, ast.TypeAlias, ast.Global, ast.Nonlocal)
#: Calls whose texts are for people and type checkers.
NAMING: Final = {"NewType", "TypeVar", "cast", "getLogger"}


@dataclass(frozen=True, slots=True)
class _Scope:
    where: str = ""
    is_warm: bool = False
    statement: ast.AST = field(default_factory=ast.Pass)
    bound: set[str] = field(default_factory=set)
    has_texts: bool = True

    def inside(self, name: str, *, is_warm: bool, bound: set[str]) -> "_Scope":
        return replace(self, where=f"{self.where}.{name}".lstrip("."), is_warm=is_warm, bound=bound)


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    finder = _Finder(path.as_posix(), tree)
    finder.body(tree.body, _Scope(), is_followed=False)
    return finder.found


class _Finder:
    def __init__(self, path: str, tree: ast.Module) -> None:
        self.found: list[Mutant] = []
        self._path = path
        self._tree = tree
        self._count: Counter[tuple[str, str, str]] = Counter()

    def body(self, body: list[ast.stmt], scope: _Scope, *, is_followed: bool) -> None:
        """The statements of a body; `is_followed` is whether the function goes on after it."""
        for place, statement in enumerate(body):
            if isinstance(statement, UNTOUCHED) or _is_for_tools(statement):
                continue
            here = replace(scope, statement=statement)
            follows = is_followed or place < len(body) - 1
            for new in changed_statements(statement, is_followed=follows, bound=scope.bound):
                self._add(Change(body, place, new), here)
            self._inside_statement(statement, here, is_followed=follows)
            scope.bound.update(_stored(statement))

    def _inside_statement(self, statement: ast.stmt, scope: _Scope, *, is_followed: bool) -> None:
        match statement:
            case ast.FunctionDef(name=name, args=args, body=body):
                self._children(args, scope, ("defaults", "kw_defaults"))
                bound = {arg.arg for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]}
                self.body(body, scope.inside(name, is_warm=True, bound=bound), is_followed=False)
            case ast.ClassDef(name=name, body=body):
                self.body(body, scope.inside(name, is_warm=scope.is_warm, bound=set()), is_followed=False)
            case ast.Expr(value=value) if isinstance(value, ast.Constant) or is_logging(value):
                pass
            case ast.Match(cases=cases):
                self._children(statement, scope, ("subject",))
                self._cases(cases, scope, is_followed=is_followed)
            case _:
                loops = isinstance(statement, ast.For | ast.While)
                texts = not isinstance(statement, ast.Raise)
                self._children(statement, replace(scope, has_texts=texts), _expression_fields(statement))
                for name in ("body", "orelse", "finalbody"):
                    self.body(getattr(statement, name, []), scope, is_followed=is_followed or loops)
                for handler in getattr(statement, "handlers", []):
                    self._handler(statement, handler, scope, is_followed=is_followed)

    def _cases(self, cases: list[ast.match_case], scope: _Scope, *, is_followed: bool) -> None:
        for place, case in enumerate(cases):
            if "assert_never" in ast.unparse(case):
                continue
            here = replace(scope, statement=case)
            if place < len(cases) - 1:
                never = ast.match_case(case.pattern, ast.Constant(value=False), case.body)
                self._add(Change(cases, place, never), here)
            self._children(case, here, ("guard",))
            self.body(case.body, here, is_followed=is_followed)

    def _handler(self, statement: ast.AST, handler: ast.ExceptHandler, scope: _Scope, *, is_followed: bool) -> None:
        here = replace(scope, statement=handler)
        handlers: list[ast.ExceptHandler] = statement.handlers  # type: ignore[attr-defined]  # of a try
        if not isinstance(handler.body[0], ast.Raise):
            raising = ast.ExceptHandler(handler.type, handler.name, [ast.Raise()])
            self._add(Change(handlers, handlers.index(handler), raising), here)
        if isinstance(handler.type, ast.Tuple):
            for fewer in without_element(handler.type):
                self._add(Change(handler, "type", fewer), here)
        self.body(handler.body, scope, is_followed=is_followed)

    def _children(self, node: ast.AST, scope: _Scope, fields: Iterator[str] | tuple[str, ...]) -> None:
        for name in fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for place, child in enumerate(value):
                    self._child(node, value, place, child, scope)
            else:
                self._child(node, node, name, value, scope)

    def _child(self, parent: ast.AST, holder: object, key: str | int, child: object, scope: _Scope) -> None:
        if isinstance(child, ast.expr):
            is_test = key in ("test", "guard") and not isinstance(parent, ast.IfExp)
            self._expression(child, holder, key, scope, is_test=is_test)
        elif isinstance(child, ast.keyword | ast.comprehension):
            self._children(child, scope, ("iter", "ifs", "value"))

    def _expression(self, node: ast.expr, holder: object, key: str | int, scope: _Scope, *, is_test: bool) -> None:
        if isinstance(node, ast.JoinedStr) and not scope.has_texts:
            return
        if _is_union_of_types(node):
            return
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and not scope.has_texts):
            changed = [*changed_expressions(node), *(negated(node) if is_test else ())]
            if isinstance(node, ast.Tuple) and not scope.is_warm:
                changed += without_element(node)
            for new in changed:
                self._add(Change(holder, key, new), scope)
        if isinstance(node, ast.Call):
            self._call(node, scope)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    self._children(part, scope, ("value",))
        else:
            self._children(node, scope, node._fields)

    def _call(self, node: ast.Call, scope: _Scope) -> None:
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in NAMING:
            return
        if name == "isinstance":
            for fewer in members(node.args[1]):
                self._add(Change(node.args, 1, fewer), scope)
            self._child(node, node.args, 0, node.args[0], scope)
            return
        says = name == "__init__" and ast.unparse(node.func).startswith("super()")
        self._children(node, replace(scope, has_texts=scope.has_texts and not says), ("func", "args", "keywords"))

    def _add(self, change: Change, scope: _Scope) -> None:
        statement = scope.statement
        was = head(statement)
        old = change.swap(ast.copy_location(change.new, statement))
        # A statement that was replaced as a whole is no longer the one that stands there.
        now = head(change.new if old is statement else statement)
        change.swap(old)
        lines = range(statement_start(statement), statement_end(statement) + 1)
        count = self._count[scope.where, was, now]
        self._count[scope.where, was, now] += 1
        self.found.append(Mutant(self._path, scope.where, was, now, count, lines, scope.is_warm, change, self._tree))


def statement_start(statement: ast.AST) -> int:
    """The line that a statement begins at."""
    node = statement.pattern if isinstance(statement, ast.match_case) else statement
    return int(getattr(node, "lineno", 0))


def statement_end(statement: ast.AST) -> int:
    """The last line of a statement, or of its head."""
    if isinstance(statement, ast.match_case):
        return statement.pattern.end_lineno
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return max(statement_start(statement), statement_start(body[0]) - 1)
    return int(getattr(statement, "end_lineno", 0))


def _expression_fields(node: ast.AST) -> Iterator[str]:
    for name, value in ast.iter_fields(node):
        is_expression = isinstance(value, ast.expr) or (isinstance(value, list) and value and _is_expression(value[0]))
        if is_expression and name not in ("annotation", "target", "targets", "type"):
            yield name
    if isinstance(node, ast.With):
        yield "items"


def _is_expression(node: object) -> bool:
    return isinstance(node, ast.expr)


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_for_tools(statement: ast.stmt) -> bool:
    return head(statement).startswith(("if TYPE_CHECKING", "__all__ ", "__slots__ "))


def _is_union_of_types(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and "None" in ast.unparse(node.right)
