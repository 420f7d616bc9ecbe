"""The largest sensible order is no limit: a plan does not get cheaper where every line may be larger.

Too small a limit makes the bound a lie, so it is tried on small random instances over all tables: once as derived, once
with every line three times as large as all that is asked for, lines that nobody seems to want among them. What is a
limit by contract (a maximum, a capacity) stays.
"""

from pathlib import Path

import numpy as np
import pytest

from models.assemble import build, derive
from models.book import Book
from models.instance import Instance
from models.part import Part
from models.parts import parts
from optimizer.compile import compile_model
from optimizer.read import read
from optimizer.solve.highs import Limits, solve
from tests.models.solved import instance
from tests.reference.folder import write_instance
from tests.reference.random_instances import Size, random_instance


class WantsMore(Part):
    """A wish for three times everything that is asked for: it only makes limits larger."""

    def prepare(self, instance: Instance, book: Book) -> None:
        everything = instance["demand"]["quantity"].sum() + instance["inventory"]["safety_stock"].sum() + 10.0
        book.post("reason", lambda lines: np.full(len(lines), 3.0 * everything))


def optimum(made: Instance, chosen: tuple[Part, ...]) -> tuple[float, int]:
    """Cost of the cheapest plan, and how many order lines it could choose from."""
    book = derive(made, chosen)
    m, ledger = build(made, book, chosen)
    compiled = compile_model(m, ledger, book)
    answer = solve(compiled.program, Limits(seconds=600))
    assert answer.x is not None and answer.ended == "optimal"
    return compiled.program.objective(answer.x), len(book.indexes["orders"])


CASES: list[tuple[Size, int]] = [("tiny", seed) for seed in range(15)] + [("small", seed) for seed in range(15)]


@pytest.mark.parametrize(("size", "seed"), CASES, ids=str)
def test_larger_limits_make_no_plan_cheaper(size: Size, seed: int, tmp_path: Path) -> None:
    tables, settings = random_instance(seed, size)
    write_instance(tmp_path / "instance", tables, settings)
    made = read(tmp_path / "instance").instance
    derived, lines = optimum(made, parts())
    larger, more = optimum(made, (*parts(), WantsMore()))
    assert more >= lines
    assert derived == pytest.approx(larger, rel=1e-6, abs=1e-4)


def test_the_wish_makes_every_limit_larger_but_those_of_the_contract() -> None:
    def limits(chosen: tuple[Part, ...], **row: float) -> list[float]:
        rows = [{"unit_cost": 2, "lead_time": 1} | row]
        made = instance(sourcing=rows, demand=[{"due": 1, "quantity": 10, "max_delay": 0}])
        largest: list[float] = derive(made, chosen).values("largest_order").tolist()
        return largest

    more = (*parts(), WantsMore())
    assert limits(parts()) == [10]  # in week 0, and never for week 2 or 3
    assert limits(more) == [70, 60, 60]
    assert (limits(parts(), maximum_quantity=12), limits(more, maximum_quantity=12)) == ([10], [12, 12, 12])
