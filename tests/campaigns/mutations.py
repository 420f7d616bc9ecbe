"""Mutations: each place of a file where one small thing can be made wrong, and the file with that made wrong.

    comparison      == and !=, < and <=, > and >=, in and not in, is and is not: one for the other
    and, or         one for the other
    condition       of if, while, a choice, a comprehension: negated; and `not` taken away
    number          one more, one less; True for False
    arithmetic      + and -, * and /, // and %: one for the other
    return          nothing is returned
    statement       a call, or a yield, that is left out

Texts, annotations and decorators are left alone: messages are not what these mutations are to try.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

OPPOSITE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
}  # fmt: skip
UNTOUCHED = ("annotation", "returns", "decorator_list", "type_comment")


@dataclass(frozen=True)
class Place:
    """Where something can be made wrong.

    Attributes:
        first: line of the statement it is in.
        last: its last line; of a statement with a body, the last before that.
        function: whether it is in a function; else it runs when the file is imported.
        told: what is made of what.
        change: does it, in the tree.
    """

    first: int
    last: int
    function: bool
    told: str
    change: Callable[[], None]


def places(tree: ast.Module) -> list[Place]:
    """All places of a file, in its order."""
    return list(_of_body(tree.body, function=False))


def mutated(text: str, number: int) -> ast.Module:
    """A file with the place of that number made wrong."""
    tree = ast.parse(text)
    places(tree)[number].change()
    return ast.fix_missing_locations(tree)


def _of_body(body: list[ast.stmt], function: bool) -> Iterator[Place]:
    for statement in body:
        if _skipped(statement):
            continue
        blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        inner = [block for block in blocks if block and isinstance(block[0], ast.stmt)]
        inner += [one.body for one in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]]
        starts = [block[0].lineno for block in inner]
        last = max(statement.lineno, min(starts) - 1) if starts else statement.end_lineno or statement.lineno
        for told, change in _of_statement(statement):
            yield Place(statement.lineno, last, function, told, change)
        within = function or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        for block in inner:
            yield from _of_body(block, within)


def _skipped(statement: ast.stmt) -> bool:
    """What only type checkers read, and docstrings."""
    if isinstance(statement, ast.If):
        return "TYPE_CHECKING" in ast.unparse(statement.test)
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]) == "__all__"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


Told = tuple[str, Callable[[], None]]


def _of_statement(statement: ast.stmt) -> Iterator[Told]:
    match statement:
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield f"return {ast.unparse(value)} to return", _set(statement, "value", ast.Constant(None))
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() as value):
            never = ast.IfExp(ast.Constant(False), value, ast.Constant(None))
            yield f"{ast.unparse(value)} left out", _set(statement, "value", never)
        case ast.Expr(value=value):
            yield f"{ast.unparse(value)} left out", _set(statement, "value", ast.Constant(None))
        case ast.AugAssign(op=op) if type(op) in OPPOSITE:
            yield _other(ast.unparse(statement), statement, "op", op)
    for node in _expressions(statement):
        yield from _of_node(node)


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    """The statement and its expressions, without the statements of its body."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in UNTOUCHED:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.stmt | ast.ExceptHandler | ast.JoinedStr):
                bodies = isinstance(child, ast.match_case)
                yield from _expressions(child) if not bodies else _guard(child)


def _guard(case: ast.AST) -> Iterator[ast.AST]:
    guard = getattr(case, "guard", None)
    if guard is not None:
        yield from _expressions(guard)


def _of_node(node: ast.AST) -> Iterator[Told]:
    match node:
        case ast.Compare(ops=ops):
            for k, op in enumerate(ops):
                yield _other(ast.unparse(node), ops, k, op)
        case ast.BoolOp(op=op):
            yield _other(ast.unparse(node), node, "op", op)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPPOSITE and not (_text(left) or _text(right)):
            yield _other(ast.unparse(node), node, "op", op)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"{ast.unparse(node)} without not", _set(node, "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield _negated(test, node, "test")
        case ast.comprehension(ifs=ifs):
            for k, test in enumerate(ifs):
                yield _negated(test, ifs, k)
        case ast.Constant(value=bool() as value):
            yield f"{value} to {not value}", _set(node, "value", not value)
        case ast.Constant(value=int() | float() as value):
            for other in (value + 1, value - 1):
                yield f"{value} to {other}", _set(node, "value", other)


def _other(text: str, holder: object, where: str | int, op: ast.AST) -> Told:
    new = OPPOSITE[type(op)]()
    return f"{text}: {type(op).__name__} to {type(new).__name__}", _set(holder, where, new)


def _negated(test: ast.expr, holder: object, where: str | int) -> Told:
    return f"{ast.unparse(test)} negated", _set(holder, where, ast.UnaryOp(ast.Not(), test))


def _set(holder: object, where: str | int, value: object) -> Callable[[], None]:
    def change() -> None:
        if isinstance(where, int):
            holder[where] = value  # type: ignore[index]
        else:
            setattr(holder, where, value)

    return change


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
