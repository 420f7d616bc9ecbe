"""Pegging: it changes no optimum, lifts the relaxation, and stays away from stocks where it would be wrong."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import in_order, parts, plain
from optimizer.compile import compile_model
from optimizer.read import read
from optimizer.solve.highs import Limits, solve
from optimizer.solve.program import Program
from tests.models.solved import PLAIN, Row, instance, solved
from tests.reference.folder import write_instance
from tests.reference.random_instances import Size, random_instance


def program(made: Instance, chosen: tuple[Part, ...]) -> Program:
    """The compiled program."""
    book = derive(made, chosen)
    m, ledger = build(made, book, chosen)
    return compile_model(m, ledger, book).program


def optimum(made: Instance, chosen: tuple[Part, ...]) -> float:
    """Cost of the cheapest plan."""
    compiled = program(made, chosen)
    answer = solve(compiled, Limits(seconds=600))
    assert answer.x is not None and answer.ended == "optimal"
    return compiled.objective(answer.x)


def relaxed(made: Instance, chosen: tuple[Part, ...]) -> float:
    """Cost of the linear relaxation."""
    compiled = program(made, chosen)
    return solve(replace(compiled, integer=np.zeros_like(compiled.integer)), Limits(seconds=600)).bound


def weekly(**sourcing: float) -> Instance:
    """Five units a week for four weeks, bought at once; a line costs 12."""
    return instance(
        sourcing=[{"unit_cost": 2, "lead_time": 0, "order_cost": 12} | sourcing],
        demand=[{"due": t, "quantity": 5} for t in range(4)],
    )


def test_the_relaxation_of_a_lot_size_problem_is_its_optimum() -> None:
    # Wagner-Whitin: two lots of 10 (24 + 10 holding) or four of 5 (48): the pegged relaxation is whole by itself.
    made = weekly()
    assert optimum(made, parts()) == pytest.approx(40 + 24 + 10)
    assert relaxed(made, parts()) == pytest.approx(74)
    # Without it, a lot of 5 pays for 5/20 of a line: 20 may be of use in any week, since lines may wait.
    assert relaxed(made, plain()) == pytest.approx(40 + 4 * 12 / 4)


CASES: list[tuple[Size, int]] = [
    *(("tiny", seed) for seed in range(12)),
    *(("small", seed) for seed in range(14)),
    *(("medium", seed) for seed in (3, 4)),
]
SLOW: list[tuple[Size, int]] = [("small", 14), ("small", 15), *(("medium", seed) for seed in (0, 1, 2, 5))]


@pytest.mark.parametrize(
    ("size", "seed"), [*CASES, *(pytest.param(*case, marks=pytest.mark.slow) for case in SLOW)], ids=str
)
def test_it_changes_no_optimum_and_makes_no_relaxation_weaker(size: Size, seed: int, tmp_path: Path) -> None:
    tables, settings = random_instance(seed, size)
    write_instance(tmp_path / "instance", tables, settings)
    made = read(tmp_path / "instance").instance
    best = optimum(made, plain())
    slack = 1e-4 + 2e-6 * abs(best)
    assert optimum(made, parts()) == pytest.approx(best, abs=slack)
    assert relaxed(made, plain()) - slack <= relaxed(made, parts()) <= best + slack


def reserve(cost: float, **demand: float) -> Instance:
    """Ten on hand, all of it wanted as a reserve until more arrives in week 2; a line of ten is due in week 0."""
    return instance(
        periods=3,
        items=[PLAIN | {"holding_cost": 0, "backorder_cost": 3}],
        inventory=[{"on_hand": 10, "safety_stock": 10, "safety_stock_cost": cost}],
        demand=[{"due": 0, "quantity": 10} | demand],
    )


def test_a_stock_that_is_worth_more_than_the_wait_is_left_out() -> None:
    # A unit short of the reserve costs 5 a week, waiting 3: it is delivered in the last week only, from stock.
    assert solved(reserve(5), parts()).columns("held") == 0
    assert optimum(reserve(5), parts()) == pytest.approx(10 * 3 * 2 + 10 * 5)
    # It costs no more than waiting: the line is pegged to the opening stock.
    assert solved(reserve(3), parts()).values["held"] == {("A", 0, "main", -1): 10}
    assert optimum(reserve(3), parts()) == pytest.approx(10 * 3 * 3)


def test_what_is_saved_is_holding_and_the_cheapest_wait() -> None:
    made = instance(
        items=[PLAIN | {"holding_cost": 2}],
        inventory=[{"on_hand": 5, "safety_stock": 1, "safety_stock_cost": 4}],
        demand=[{"due": 0, "quantity": 1, "backorder_cost": wait, "customer": name} for name, wait in TWO],
    )
    assert solved(made, parts()).columns("held") == 0  # 4 > 2 + 1
    cheaper = [{"on_hand": 5, "safety_stock": 1, "safety_stock_cost": 3}]
    made = instance(
        items=[PLAIN | {"holding_cost": 2}],
        inventory=cheaper,
        demand=[{"due": 0, "quantity": 1, "backorder_cost": wait, "customer": name} for name, wait in TWO],
    )
    assert solved(made, parts()).columns("held") == 2


TWO = (("C", 1), ("B", 9))


def stepped(open_order: float) -> Instance:
    """Delivered in whole units: half a unit is on hand, and an open order arrives in week 1."""
    return instance(
        items=[PLAIN | {"quantity_step": 1}],
        inventory=[{"on_hand": 0.5}],
        open_orders=[{"arrival": 1, "quantity": open_order}],
        demand=[{"due": 0, "quantity": 1}],
    )


def test_broken_open_orders_of_what_is_delivered_whole_are_left_out() -> None:
    # 0.5 + 0.5 make one unit in week 1 (3 for the wait, 0.5 held for a week); no receipt alone covers it.
    assert optimum(stepped(0.5), parts()) == pytest.approx(3 + 0.5)
    assert solved(stepped(0.5), parts()).rows("late_pegged") == 0
    assert solved(stepped(2), parts()).rows("late_pegged") == 3


def test_open_orders_arrive_for_certain_and_only_once() -> None:
    rows: list[Row] = [{"due": 0, "quantity": 4}, {"due": 2, "quantity": 4, "customer": "B"}]
    made = instance(open_orders=[{"arrival": 1, "quantity": 6}], demand=rows)
    plan = solved(made, parts())
    assert plan.values["held"] == {("A", 1, "main", 1): 4}  # a week's holding is less than a week's wait
    assert plan.objective == pytest.approx(4 * 1 + 2 * 3 + 2 * 100)


def test_every_part_that_makes_receipts_says_when_they_can_arrive() -> None:
    # A receipt that pegging does not know of would make its bound a lie.
    for part in parts():
        if "receipts" in part.posts:
            assert {"can_arrive", "certain"} & set(part.offers), part.name
    book = derive(weekly())
    for name in ("arrivals", "certain arrivals"):
        assert sum(len(item) > 0 for item, *_ in book.posted(name)) <= 1  # other parts have no rows here
    assert sum(len(item) > 0 for item, *_ in book.posted("arrivals")) == 1


def test_it_can_be_built_without_the_parts_that_only_speak_to_it() -> None:
    spine = [part for part in parts() if part.name in {"balance", "fulfilment", "sourcing", "open_orders", "pegging"}]
    assert optimum(weekly(), in_order(spine)) == pytest.approx(74)
