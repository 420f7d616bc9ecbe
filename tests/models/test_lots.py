"""Lots: what they hold of an instance, and that their optimum is the instance's where they are all of it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import family
from models.assemble import derive
from models.instance import Instance
from models.lots import Lots
from models.lots_of import lots_of
from models.parts import parts
from optimizer.compile import compile_book
from optimizer.read import read
from optimizer.solve.highs import Limits, solve
from tests.models.lots_program import optimum
from tests.models.rich import rich
from tests.models.solved import PLAIN, instance
from tests.solve.programs import random_input

INSTANCES = Path(__file__).parents[2] / "instances"
SOURCE: dict[str, Any] = {"unit_cost": 2, "lead_time": 1}
DEMAND: dict[str, Any] = {"due": 2, "quantity": 10}


def _lots(made: Instance) -> Lots:
    return lots_of(made, derive(made))


def _bound(made: Instance) -> float:
    answer = solve(compile_book(made, derive(made)).program, Limits(seconds=600))
    assert answer.ended == "optimal"
    assert answer.bound is not None
    return float(answer.bound)


def _everything() -> Instance:
    """Two items, two suppliers; each figure that lots know is somewhere other than its default."""
    return instance(
        settings={"horizon.whole_packs": 2},
        items=[PLAIN | {"item": "A", "ending_value": 1.5}, PLAIN | {"item": "B", "max_delay": 1, "holding_cost": 0.5}],
        suppliers=[
            {"supplier": "S", "order_cost": 5, "minimum_order_value": 30},
            {"supplier": "Z", "maximum_order_value": 90},
        ],
        sourcing=[
            {"item": "A", "unit_cost": 2, "lead_time": 1, "order_cost": 4, "multiple": 6, "minimum_quantity": 10},
            {"item": "A", "supplier": "Z", "unit_cost": 3, "lead_time": 0, "capacity_use": 0.5, "capacity_setup": 1},
            {"item": "B", "supplier": "Z", "unit_cost": 7, "lead_time": 0, "maximum_quantity": 20},
        ],
        supplier_capacity=[{"supplier": "Z", "period": 1, "capacity": 8}],
        inventory=[{"item": "A", "on_hand": 3}, {"item": "B", "on_hand": 0}],
        open_orders=[
            {"order": "1", "item": "A", "arrival": 0, "quantity": 2},
            {"order": "2", "item": "A", "arrival": 2, "quantity": 1},
            {"order": "3", "item": "A", "arrival": 2, "quantity": 4},
        ],
        customers=[{"customer": "C", "weight": 2}],
        demand=[
            {"item": "B", "due": 1, "quantity": 9},
            {"item": "A", "due": 2, "quantity": 30},
            {"item": "A", "due": 1, "quantity": 12, "shortage_cost": 40},
        ],
    )


def test_lots_hold_the_figures_of_the_tables() -> None:
    lots = _lots(_everything())
    assert lots.pure and lots.relaxes and not lots.merged
    assert lots.block.tolist() == [0, 1]
    assert lots.holding.tolist() == [[1.0] * 4, [0.5] * 4]
    assert lots.credit.tolist() == [1.5, 0.0]
    # A: 3 on hand and 2 arrive in period 0; 1 + 4 in period 2. B: nothing.
    assert lots.supply_start.tolist() == [0, 2, 2]
    assert lots.supply_period.tolist() == [0, 2]
    assert lots.supply_quantity.tolist() == [5, 5]
    assert lots.opening.tolist() == [3, 0]
    # Lines by lot and first period; A's are rows 2 and 1. Costs times the customer's weight of 2.
    assert lots.line_start.tolist() == [0, 2, 3]
    assert lots.line.tolist() == [2, 1, 0]
    assert lots.first.tolist() == [1, 2, 1]
    assert lots.last.tolist() == [3, 3, 2]
    assert lots.quantity.tolist() == [12, 30, 9]
    assert lots.lost.tolist() == [80, 200, 200]
    assert lots.waiting.tolist() == [6, 6, 6]


def test_options_by_lot_arrival_and_gate() -> None:
    lots = _lots(_everything())
    # A can come from Z in 0 … 3 (at once), from S in 1 … 3. Nobody wants B after period 2, its last window.
    assert lots.option_start.tolist() == [0, 7, 10]
    assert lots.arrival.tolist() == [0, 1, 1, 2, 2, 3, 3, 0, 1, 2]
    assert lots.unit_cost.tolist() == [3, 2, 3, 2, 3, 2, 3, 7, 7, 7]
    assert lots.fixed_cost.tolist() == [0, 4, 0, 4, 0, 4, 0, 0, 0, 0]
    # Packs of 6 in order periods 0 and 1, so at least 12 there; later 10.
    assert lots.pack[[1, 3, 5]].tolist() == [6, 6, 0]
    assert lots.smallest[[1, 3, 5]].tolist() == [12, 12, 10]
    # Z's capacity is limited in period 1 only: (8 - 1) / 0.5 = 14 of A. B: 90 / 7 at most, but 9 are wanted, 8 made.
    assert lots.use.tolist() == [0, 0, 0.5, 0, 0, 0, 0, 0, 1, 0]
    assert lots.setup.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert lots.largest[[2, 7, 8]].tolist() == [14, 9, 8]
    assert lots.worth.tolist() == lots.unit_cost.tolist()
    orders = derive(_everything()).indexes["orders"]
    assert orders["item"][lots.order].tolist() == [0] * 7 + [1] * 3


def test_gates_by_supplier_and_period() -> None:
    lots = _lots(_everything())
    inf = np.inf
    # S is ordered from in 0, 1, 2; Z in 0 … 3.
    assert lots.gate_cost.tolist() == [5, 5, 5, 0, 0, 0, 0]
    assert lots.gate_floor.tolist() == [30, 30, 30, 0, 0, 0, 0]
    assert lots.gate_ceiling.tolist() == [inf, inf, inf, 90, 90, 90, 90]
    assert lots.gate_capacity.tolist() == [inf, inf, inf, inf, 8, inf, inf]
    assert lots.gate_open.tolist() == [0, 1, 2, -1, -1, -1, -1]
    assert lots.gate_extra.tolist() == [-1] * 7
    assert lots.gate.tolist() == [3, 0, 4, 1, 5, 2, 6, 3, 4, 5]


def test_the_optimum_of_the_lots_is_that_of_the_instance() -> None:
    made = _everything()
    assert optimum(_lots(made)) == pytest.approx(_bound(made), rel=1e-6)


def _priced(kind: str, **supplier: Any) -> Instance:
    """20 wanted in period 2, list price 5 and 30 an order; 4 from 15 on, 2 from 30 on; at most 40."""
    breaks = [
        {"minimum_quantity": 15, "unit_cost": 4, "kind": kind},
        {"minimum_quantity": 30, "unit_cost": 2, "kind": kind},
    ]
    return instance(
        items=[PLAIN | {"holding_cost": 0.1}],
        suppliers=[supplier],
        sourcing=[{"unit_cost": 5, "lead_time": 1, "order_cost": 30, "maximum_quantity": 40}],
        price_breaks=breaks,
        demand=[DEMAND, DEMAND | {"due": 3, "quantity": 22}],
    )


def test_each_segment_of_prices_is_an_option() -> None:
    lots = _lots(_priced("all_units"))
    assert lots.pure and lots.relaxes and lots.segmented
    one = lots.order == lots.order[0]
    assert lots.unit_cost[one].tolist() == [5, 4, 2]
    assert lots.fixed_cost[one].tolist() == [30, 30, 30]
    assert lots.smallest[one].tolist() == [0, 15, 30]
    assert lots.largest[one] == pytest.approx([15, 30, 40], abs=1e-4)
    assert lots.segment[one].tolist() == [0, 1, 2]
    # 15 units at 5 cost 15 more than at 4; 15 at 5 and 15 at 4 cost 135, which is 75 more than 30 at 2.
    assert _lots(_priced("incremental")).fixed_cost[one].tolist() == [30, 45, 105]


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_the_optimum_with_price_breaks(kind: str) -> None:
    made = _priced(kind)
    assert optimum(_lots(made)) == pytest.approx(_bound(made), rel=1e-6)


@pytest.mark.parametrize(("kind", "pure"), [("all_units", True), ("incremental", False)])
def test_a_least_worth_counts_what_units_below_a_break_cost_more(kind: str, pure: bool) -> None:
    lots = _lots(_priced(kind, minimum_order_value=70))
    assert (lots.pure, lots.relaxes) == (pure, pure)


def test_quantities_of_orders_lie_in_one_segment() -> None:
    lots = _lots(_priced("all_units"))
    by_order = np.zeros(int(lots.order.max()) + 1)
    by_order[lots.order[0]] = 15
    assert lots.of_orders(by_order)[lots.order == lots.order[0]].tolist() == [0, 15, 0]


def test_a_line_that_nothing_can_deliver_is_a_constant() -> None:
    made = instance(items=[PLAIN], sourcing=[], inventory=[], demand=[DEMAND])
    lots = _lots(made)
    assert (len(lots), len(lots.line)) == (0, 0)
    assert lots.constant == 1000  # 10 short at 100
    assert _bound(made) == 1000


def _two_locations(**line: Any) -> Instance:
    return instance(
        items=[PLAIN | {"ending_value": 1}],
        locations=[{"location": "east"}, {"location": "west"}],
        sourcing=[SOURCE],
        inventory=[{"location": "east", "on_hand": 4}, {"location": "west", "on_hand": 3}],
        demand=[DEMAND | line],
    )


def test_a_line_from_anywhere_makes_one_lot_of_an_item() -> None:
    lots = _lots(_two_locations())
    assert (len(lots), lots.merged, lots.pure, lots.relaxes) == (1, True, False, True)
    assert lots.supply_quantity.tolist() == [7]
    assert lots.credit.tolist() == [1]
    assert optimum(lots) <= _bound(_two_locations()) + 1e-6


def test_lines_that_name_their_location_keep_stocks_apart() -> None:
    lots = _lots(_two_locations(location="west"))
    assert (len(lots), lots.merged, lots.pure) == (2, False, True)
    assert lots.line_start.tolist() == [0, 0, 1]
    assert lots.stock.tolist() == [0, 1]
    assert lots.block.tolist() == [0, 0]


@pytest.mark.parametrize(
    "more",
    [
        {"items": [PLAIN | {"quantity_step": 1}]},
        {"inventory": [{"on_hand": 1, "safety_stock": 5}]},
        {"inventory": [{"on_hand": 1, "maximum": 5}]},
        {"sourcing": [SOURCE, SOURCE | {"supplier": "Z", "share_min": 0.5}], "suppliers": [{}, {"supplier": "Z"}]},
        {"supplier_capacity": [{"period": 0, "capacity": 5, "overtime_capacity": 9, "overtime_cost": 1}]},
    ],
    ids=["step", "safety stock", "maximum", "shares", "overtime"],
)
def test_what_lots_do_not_hold_makes_an_instance_impure(more: dict[str, Any]) -> None:
    made = instance(**{"sourcing": [SOURCE], "demand": [DEMAND], **more})
    lots = _lots(made)
    assert (lots.pure, lots.relaxes) == (False, True)
    assert optimum(lots) <= _bound(made) + 1e-6


def test_overtime_is_held() -> None:
    # 10 wanted in 2, 6 made in time and 4 in overtime, at 1 each: 2·10 + 4, and nothing is kept or waits.
    rows = [{"period": t, "capacity": 0} for t in (0, 2, 3)]
    made = instance(
        sourcing=[SOURCE],
        demand=[DEMAND],
        supplier_capacity=[*rows, {"period": 1, "capacity": 6, "overtime_capacity": 9, "overtime_cost": 1}],
    )
    assert optimum(_lots(made)) == pytest.approx(24)
    assert _bound(made) == pytest.approx(24)


@pytest.mark.parametrize("seed", range(12))
def test_lots_relax_random_instances(seed: int) -> None:
    made = random_input(seed, "small").instance
    lots = _lots(made)
    assert lots.relaxes
    bound = _bound(made)
    found = optimum(lots)
    assert found <= bound + 1e-5 * max(1.0, abs(bound))
    if lots.pure:
        assert found == pytest.approx(bound, rel=1e-5)


PURE = {
    "benchmarks/bid", "benchmarks/pp08a", "benchmarks/silver-pyke-peterson", "benchmarks/stockpyl-example-3-9",
    "benchmarks/stockpyl-problem-3-27", "benchmarks/stockpyl-problem-3-29", "benchmarks/stockpyl-scmo-ww-hw-c",
    "benchmarks/trigeiro-g30b", "benchmarks/trigeiro-g53", "benchmarks/trigeiro-g57", "benchmarks/wagner-whitin-1958",
}  # fmt: skip
IMPURE = {"quickstart", "retail-stores", "health-supplies", "erp-export", "benchmarks/set1ch"}
NO_RELAXATION = {"all-rules"}


def test_every_committed_instance_is_judged() -> None:
    found = {str(path.parent.relative_to(INSTANCES)) for path in INSTANCES.rglob("instance.toml")}
    assert found == PURE | IMPURE | NO_RELAXATION


@pytest.mark.parametrize("name", sorted(PURE | IMPURE | NO_RELAXATION))
def test_purity_of_committed_instances(name: str) -> None:
    lots = _lots(read(INSTANCES / name).instance)
    assert (lots.pure, lots.relaxes) == (name in PURE, name not in NO_RELAXATION)


def test_the_random_family_is_pure_and_rich_ones_are_not(tmp_path: Path) -> None:
    family.write(20, 12, 1, tmp_path / "plain")
    family.write(20, 12, 1, tmp_path / "rich", "rich")
    assert _lots(read(tmp_path / "plain").instance).pure
    assert not _lots(read(tmp_path / "rich").instance).pure


def _same(one: Lots, other: Lots) -> bool:
    return all(
        np.array_equal(value, getattr(other, name))
        and np.asarray(value).dtype == np.asarray(getattr(other, name)).dtype
        for name, value in vars(one).items()
    )


def test_there_and_back_as_bytes() -> None:
    lots = _lots(_everything())
    back = Lots.from_bytes(lots.to_bytes())
    assert _same(back, lots)
    assert back.pure is True


def test_restricted_to_one_lot() -> None:
    lots = _lots(_everything())
    one = lots.restricted(np.array([1]))
    assert _same(one, lots.restricted(np.array([False, True])))
    assert (one.block.tolist(), one.line.tolist(), one.option_start.tolist()) == ([1], [0], [0, 3])
    assert one.supply_start.tolist() == [0, 0]
    assert one.order.tolist() == lots.order[7:].tolist()
    assert one.gate.tolist() == [3, 4, 5]
    assert (len(one.gate_cost), one.pure) == (7, False)
    assert len(lots.restricted(np.zeros(0, np.int64)).order) == 0


def test_a_strengthened_book_gives_the_same_lots() -> None:
    made = _everything()
    assert _same(lots_of(made, derive(made, parts())), _lots(made))


def test_rich_instances_relax() -> None:
    lots = _lots(rich())
    assert (lots.pure, lots.relaxes) == (False, True)
