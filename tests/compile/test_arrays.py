"""Arrays: the rules of every part, all rows at once, are what stock Pyomo gives, bit for bit."""

import logging
from collections.abc import Callable

import numpy as np
import pytest

from models.assemble import derive
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer.compile import compile_book, compile_stock
from tests.compile.same import assert_same, both
from tests.models.golden import cast, everything, tiny
from tests.models.rich import rich
from tests.solve.programs import random_input

each_part = pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)


@pytest.fixture(autouse=True)
def never_row_by_row(caplog: pytest.LogCaptureFixture) -> object:
    """Every rule of ours can be read: nothing is left to stock Pyomo."""
    with caplog.at_level(logging.WARNING, "optimizer.compile"):
        yield
    assert [record.getMessage() for record in caplog.get_records("call")] == []


@each_part
@pytest.mark.parametrize("size", ["tiny", "rich"])
def test_a_part_alone(part: Part, size: str) -> None:
    both(tiny(part) if size == "tiny" else rich(), cast(part))


@pytest.mark.parametrize("chosen", [plain(), parts()], ids=["plain", "tight"])
@pytest.mark.parametrize("make", [everything, rich])
def test_all_parts_together(make: Callable[[], Instance], chosen: tuple[Part, ...]) -> None:
    compiled = both(make(), chosen)
    assert compiled.program.columns > 40


@pytest.mark.parametrize("chosen", [plain(), parts()], ids=["plain", "tight"])
@pytest.mark.parametrize("seed", range(6))
def test_random_instances(seed: int, chosen: tuple[Part, ...]) -> None:
    both(random_input(seed).instance, chosen)


def test_every_rule_has_rows_in_what_is_compared() -> None:
    made = [everything(), *(random_input(seed).instance for seed in range(6))]
    rows = [compile_book(one, derive(one)).rows for one in made]
    assert len(rows[0]) > 16
    assert {name for name in rows[0] if not any((row[name] >= 0).any() for row in rows)} == set()


def test_some_items_of_an_instance_are_the_model_of_these_items() -> None:
    made = rich()
    few = made.only_items(np.array([0, 2]))
    book = derive(few)
    assert_same(compile_book(few, book), compile_stock(few, book))
    assert set(compile_book(few, book).program.block.tolist()) == {-1, 0, 2}


def test_items_one_by_one_hold_all_that_is_not_shared() -> None:
    made = rich()
    whole = compile_book(made, derive(made)).program
    alone = [made.only_items(np.array([item])) for item in range(3)]
    parts_of = [compile_book(one, derive(one)).program for one in alone]
    for item, program in enumerate(parts_of):
        assert (program.block == item).sum() == (whole.block == item).sum()
        assert program.cost[program.block == item].sum() == pytest.approx(whole.cost[whole.block == item].sum())
