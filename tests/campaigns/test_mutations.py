"""Mutations: every kind, by hand; and a file that is changed in one place only."""

import ast
from difflib import ndiff

import pytest

from tests.campaigns.mutations import mutated, places


def told(text: str) -> list[str]:
    return [place.told for place in places(ast.parse(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b < c", ["b < c: Lt to LtE"]),
        ("a = b is not None in c", ["b is not None in c: IsNot to Is", "b is not None in c: In to NotIn"]),
        ("a = b and c or d", ["b and c or d: Or to And", "b and c: And to Or"]),
        ("a = not b", ["not b without not"]),
        ("a = b + 'text' + f'{c + 1}'", []),
        ("a = b // c", ["b // c: FloorDiv to Mod"]),
        ("a += b", ["a += b: Add to Sub"]),
        ("a = 2", ["2 to 3", "2 to 1"]),
        ("a = True", ["True to False"]),
        ("a = 'text'", []),
        ("a = [b for b in c if d]", ["d negated"]),
        ("a = b if c else d", ["c negated"]),
        ("if a:\n    b()", ["a negated", "b() left out"]),
        ("while a:\n    pass", ["a negated"]),
        ("a: Literal[1] = b", []),
        ("__all__ = [1]", []),
        ("if TYPE_CHECKING:\n    a = 1", []),
        ("'documentation'", []),
        ("match a:\n    case 1 if b < 2:\n        c()", ["b < 2: Lt to LtE", "2 to 3", "2 to 1", "c() left out"]),
        ("match a:\n    case 1:\n        c()", ["c() left out"]),
        ("try:\n    a()\nexcept E:\n    b()\nfinally:\n    c()", ["a() left out", "c() left out", "b() left out"]),
        ("def f(a: int = 1) -> int:\n    return a", ["1 to 2", "1 to 0", "return a to return"]),
        ("def f():\n    return None", []),
        ("def f():\n    yield a", ["(yield a) left out"]),
        ("@cache(1)\ndef f():\n    pass", []),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_where_they_are() -> None:
    text = "A = 1\n\n\ndef f(b):\n    if (\n        b\n    ):\n        return b\n"
    assert [(place.first, place.last, place.function) for place in places(ast.parse(text))] == [
        (1, 1, False), (1, 1, False), (5, 7, True), (8, 8, True),
    ]  # fmt: skip


def test_one_place_is_made_wrong_and_nothing_else() -> None:
    text = "def f(a, b):\n    yield a\n    if a < b and not c:\n        g(1)\n    return a"
    before = ast.unparse(ast.parse(text)).splitlines()
    for number in range(len(places(ast.parse(text)))):
        wrong = mutated(text, number)
        compile(wrong, "f.py", "exec")
        changed = [line for line in ndiff(before, ast.unparse(wrong).splitlines()) if line[0] in "+-"]
        assert len(changed) == 2, changed


def test_a_yield_that_is_left_out_leaves_a_generator() -> None:
    names: dict[str, object] = {}
    exec(compile(mutated("def f():\n    yield 1", 0), "f.py", "exec"), names)
    assert list(names["f"]()) == []  # type: ignore[operator]
