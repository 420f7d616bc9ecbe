"""Lot conflicts: which lots exclude each other, by hand; and no optimum changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer.compile import compile_model
from optimizer.read import read
from optimizer.solve.highs import Limits, solve
from tests.models.solved import PLAIN, Row, instance, solved
from tests.reference.folder import write_instance
from tests.reference.random_instances import random_instance

ROWS = tuple(part for part in parts() if not part.extends)


def lots(smallest: dict[str, float], supplier: Row | None = None, **capacity: float) -> Instance:
    """Items with smallest lots, from one supplier in one week; two of each are wanted."""
    return instance(
        periods=1,
        items=[PLAIN | {"item": name} for name in smallest],
        suppliers=[supplier or {}],
        sourcing=[
            {"item": name, "unit_cost": 2, "lead_time": 0, "minimum_quantity": lot} for name, lot in smallest.items()
        ],
        supplier_capacity=[{"period": 0, **capacity}] if capacity else [],
        demand=[{"item": name, "due": 0, "quantity": 2} for name in smallest],
    )


def cliques(made: Instance) -> list[set[str]]:
    """The items of each clique, sorted."""
    book = derive(made, parts())
    m, _ = build(made, book, parts())
    found = m.lots_in_clique.values()
    return sorted(({str(item) for item, _ in clique} for clique in found), key=sorted)


def test_lots_that_do_not_fit_together_exclude_each_other() -> None:
    # Of ten: 7 and 6 and 5 exclude each other (11 is the least pair), 4 is excluded by 7 alone, 3 by none (7 + 3 = 10).
    made = lots({"A": 7, "B": 6, "C": 5, "D": 4, "E": 3}, capacity=10)
    assert cliques(made) == [{"A", "B", "C"}, {"A", "D"}]


def test_what_fits_makes_no_clique() -> None:
    assert cliques(lots({"A": 5, "B": 5}, capacity=10)) == []
    assert cliques(lots({"A": 5, "B": 5})) == []
    assert cliques(lots({"A": 9}, capacity=10)) == []
    assert cliques(lots({"A": 6, "B": 6}, capacity=10, overtime_capacity=2)) == []
    assert cliques(lots({"A": 6, "B": 6.5}, capacity=10, overtime_capacity=2)) == [{"A", "B"}]


def test_a_maximum_order_value_excludes_lots_as_a_capacity_does() -> None:
    assert cliques(lots({"A": 5, "B": 5}, {"maximum_order_value": 19})) == [{"A", "B"}]  # 10 + 10 at 2 a unit
    assert cliques(lots({"A": 5, "B": 5}, {"maximum_order_value": 20})) == []


@pytest.mark.parametrize("order_cost", [0, 3])
def test_half_of_each_lot_is_not_an_order(order_cost: float) -> None:
    made = lots({"A": 6, "B": 6}, {"order_cost": order_cost}, capacity=10)
    # One lot of six: 12, four left over for 4, the other item two short for 200.
    assert solved(made, parts()).objective == pytest.approx(12 + 4 + 200 + order_cost)
    assert solved(made, plain()).objective == pytest.approx(12 + 4 + 200 + order_cost)


def test_one_lot_of_a_clique_is_placed_even_in_parts() -> None:
    # Relaxed, a third of each lot of six brings the two that are wanted: of one clique that is two thirds of an order.
    made = lots({"A": 6, "B": 6}, {"order_cost": 30}, capacity=10)

    def relaxed(chosen: tuple[Part, ...]) -> float:
        book = derive(made, chosen)
        m, ledger = build(made, book, chosen)
        program = compile_model(m, ledger, book).program
        return solve(replace(program, integer=np.zeros_like(program.integer)), Limits(seconds=600)).bound

    assert relaxed(plain()) == pytest.approx(8 + 30 / 3)
    assert relaxed(ROWS) == pytest.approx(8 + 30 * 2 / 3)


@pytest.mark.parametrize("seed", range(12))
def test_rows_change_no_optimum(seed: int, tmp_path: Path) -> None:
    tables, settings = random_instance(100 + seed, "small")
    write_instance(tmp_path / "instance", tables, settings)
    made = read(tmp_path / "instance").instance
    best = solved(made, plain()).objective
    assert solved(made, ROWS).objective == pytest.approx(best, abs=1e-4 + 2e-6 * abs(best))
