"""What may be changed in a node of the syntax tree: each change is a fault that somebody could have made."""

import ast
import copy
from collections.abc import Iterator
from typing import Final

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "list"}
METHODS: Final = {"startswith": "endswith", "endswith": "startswith", "removeprefix": "removesuffix"}
#: Methods that give back what they were called on, tidied: left out, it stays as it was.
TIDYING: Final = {"casefold", "lower", "lstrip", "rstrip", "strip", "upper"}


def changed_expressions(node: ast.expr) -> Iterator[ast.expr]:
    """Each expression that a fault could have put in the place of `node`; what is inside of it stays."""
    yield from _decisions(node)
    yield from _values(node)
    yield from _collections(node)


def _decisions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield ast.BoolOp(other, values)
            for left_out in range(len(values)):
                kept = _without(values, left_out)
                yield kept[0] if len(kept) == 1 else ast.BoolOp(op, kept)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from (ast.IfExp(turned, body, orelse) for turned in negated(test))


def _values(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right):
            yield ast.BinOp(left, ARITHMETIC.get(type(op), ast.Add)(), right)
        case ast.Constant(value=value):
            yield from (ast.Constant(other) for other in _constants(value))
        case ast.Call():
            yield from _calls(node)
        case ast.Lambda(args=args):
            yield ast.Lambda(args, ast.Constant(None))


def _collections(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Slice(lower=lower, upper=upper, step=step):
            if lower is not None:
                yield ast.Slice(None, upper, step)
            if upper is not None:
                yield ast.Slice(lower, None, step)
        case ast.List(elts=elements, ctx=ast.Load() as ctx):
            yield from (ast.List(_without(elements, place), ctx) for place in range(len(elements)))
        case ast.Set(elts=elements):
            yield from (ast.Set(_without(elements, place)) for place in range(len(elements)))
        case ast.Dict(keys=keys, values=values):
            yield from (ast.Dict(_without(keys, place), _without(values, place)) for place in range(len(keys)))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _comprehensions(node)


def negated(test: ast.expr) -> Iterator[ast.expr]:
    """A condition the other way round, unless a change of its own says the same."""
    if isinstance(test, ast.UnaryOp | ast.BoolOp) or (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return
    yield ast.UnaryOp(ast.Not(), test)


def members(union: ast.expr) -> Iterator[ast.expr]:
    """The union of the types in an `isinstance`, each time without one of them."""
    match union:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from (ast.BinOp(fewer, ast.BitOr(), right) for fewer in members(left))
            yield left
            if not isinstance(left, ast.BinOp):
                yield right


def _comparisons(node: ast.Compare) -> Iterator[ast.expr]:
    for place, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)


def _constants(value: object) -> Iterator[bool | int | float | str]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case float():
            yield value * 2 if value else 1.0
        case str():
            yield f"XX{value}XX" if value else "XX"


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    for place in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, _without(node.keywords, place))
    match node.func:
        case ast.Name(id=name) if name in NAMES:
            yield ast.Call(ast.Name(NAMES[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=receiver, attr=name) if name in METHODS:
            yield ast.Call(ast.Attribute(receiver, METHODS[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=receiver, attr=name) if name in TIDYING and not node.args:
            yield receiver
        case ast.Attribute(attr="get") if len(node.args) == 2:
            yield ast.Call(node.func, node.args[:1], node.keywords)


def _comprehensions(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[ast.expr]:
    for place, loop in enumerate(node.generators):
        for which, test in enumerate(loop.ifs):
            left, right = loop.ifs[:which], loop.ifs[which + 1 :]
            for ifs in ([*left, *right], *([*left, turned, *right] for turned in negated(test))):
                changed = copy.copy(node)
                other = ast.comprehension(loop.target, loop.iter, ifs, loop.is_async)
                changed.generators = [*node.generators[:place], other, *node.generators[place + 1 :]]
                yield changed


def _without[T](sequence: list[T], place: int) -> list[T]:
    return sequence[:place] + sequence[place + 1 :]
