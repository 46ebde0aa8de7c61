"""What may be changed in a statement as a whole: mostly, that it is left out."""

import ast
from collections.abc import Iterator

from tools.mutation.operators import ARITHMETIC


def changed_statements(statement: ast.stmt, *, is_followed: bool, bound: set[str]) -> Iterator[ast.stmt]:
    """Each statement that a fault could have put in the place of `statement`.

    `is_followed` is whether the function would go on after it, `bound` are the names that have a value before it: to
    leave out what binds a new one is a `NameError`, which proves nothing.
    """
    match statement:
        case ast.Expr(value=value):
            if not isinstance(value, ast.Constant) and not _is_text_or_never(value):
                yield ast.Pass()
        case ast.Assign(targets=targets):
            if all(isinstance(target, ast.Attribute | ast.Subscript) or _is_among(target, bound) for target in targets):
                yield ast.Pass()
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.Pass()
            yield ast.AugAssign(target, ARITHMETIC[type(op)](), value)
        case ast.Raise() | ast.Delete() | ast.Break() | ast.Continue() | ast.Return():
            yield from _jumps(statement, is_followed=is_followed)


def _jumps(statement: ast.stmt, *, is_followed: bool) -> Iterator[ast.stmt]:
    match statement:
        case ast.Continue():
            yield ast.Pass()
            yield ast.Break()
        case ast.Return(value=value):
            if value is not None and not isinstance(value, ast.Constant | ast.Compare | ast.BoolOp):
                yield ast.Return(ast.Constant(None))
            if is_followed:
                yield ast.Pass()
        case _:
            yield ast.Pass()


def without_element(node: ast.Tuple) -> list[ast.expr]:
    """The tuple, each time without one of its elements."""
    return [
        ast.Tuple(node.elts[:place] + node.elts[place + 1 :], ast.Load())
        for place in range(len(node.elts))
        if node.elts
    ]


def is_logging(value: ast.expr) -> bool:
    """Whether it is a call of the module's logger."""
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith(("_log.", "log.", "logger."))


def _is_text_or_never(value: ast.expr) -> bool:
    """What an exception says, and what no program comes by."""
    match value:
        case ast.Call(func=ast.Name(id="assert_never")):
            return True
        case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.JoinedStr() | ast.Constant()], keywords=[]):
            return True
        case _:
            return False


def _is_among(target: ast.expr, names: set[str]) -> bool:
    return isinstance(target, ast.Name) and target.id in names
