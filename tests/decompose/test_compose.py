"""Compose: lots' decisions as a point of the program: feasible, and at the plan's cost."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import family
from models.assemble import derive
from models.instance import Instance
from models.lots import Lots
from models.lots_of import lots_of
from optimizer.compile import Compiled, compile_book
from optimizer.decompose.compose import Deliveries, composed
from optimizer.read import read
from optimizer.solve.construct import nothing_ordered
from optimizer.solve.program import Floats
from tests.decompose.greedy import first_come, some_orders
from tests.models.solved import PLAIN, instance
from tests.solve.programs import is_plan

INSTANCES = Path(__file__).parents[2] / "instances"
Made = tuple[Lots, Compiled]


def _made(source: Instance) -> Made:
    book = derive(source)
    return lots_of(source, book), compile_book(source, book)


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("family")
    family.write(20, 12, 1, folder)
    return _made(read(folder).instance)


def _plain(**more: object) -> Instance:
    """10 wanted in period 1 at once or later (3 a period late, 100 if never), 2 on hand; packs of 4, at 2 and 5."""
    tables = {
        "suppliers": [{"order_cost": 7}],
        "sourcing": [{"unit_cost": 2, "lead_time": 1, "multiple": 4, "order_cost": 5}],
        "inventory": [{"on_hand": 2}],
        "demand": [{"due": 1, "quantity": 10}],
    }
    return instance(**{**tables, **more})  # type: ignore[arg-type]


def _ordered(lots: Lots, arrival: int, quantity: float) -> Floats:
    return np.where(lots.arrival == arrival, quantity, 0.0)


def _flows(*rows: tuple[int, int, float]) -> Deliveries:
    line, period, quantity = zip(*rows, strict=True)
    return Deliveries(np.array(line), np.array(period), np.array(quantity, np.float64))


def test_one_order_by_hand() -> None:
    lots, compiled = _made(_plain())
    x = composed(lots, compiled, _ordered(lots, 2, 8.0), _flows((0, 1, 2.0), (0, 2, 7.0)))
    # 8 at 2, order 7 + line 5; 2 on hand at the end of period 0, 1 at the end of 2 and 3: 4 in all; 7 late by one at 3;
    # 1 short at 100.
    assert compiled.program.objective(x) == 16 + 12 + 4 + 21 + 100
    assert is_plan(compiled.program, x)
    values = compiled.values(x)
    assert values["on_hand"].tolist() == [2, 2, 0, 1, 1]
    assert values["packs"].sum() == 2
    assert values["short"].tolist() == [1]


def test_flows_that_are_named_twice_are_added() -> None:
    lots, compiled = _made(_plain())
    once = composed(lots, compiled, _ordered(lots, 2, 8.0), _flows((0, 1, 2.0), (0, 2, 7.0)))
    twice = composed(lots, compiled, _ordered(lots, 2, 8.0), _flows((0, 2, 3.0), (0, 1, 2.0), (0, 2, 4.0)))
    assert np.array_equal(once, twice)


def test_what_arrives_in_the_first_period_is_not_there_before() -> None:
    lots, compiled = _made(_plain(open_orders=[{"arrival": 0, "quantity": 3}]))
    x = composed(lots, compiled, np.zeros(len(lots.order)), _flows((0, 1, 5.0)))
    assert compiled.values(x)["on_hand"].tolist() == [2, 5, 0, 0, 0]
    assert is_plan(compiled.program, x)


def test_overtime_is_what_passes_the_capacity() -> None:
    capacity = [{"period": 0, "capacity": 6, "overtime_capacity": 9, "overtime_cost": 0.5}]
    lots, compiled = _made(_plain(supplier_capacity=capacity))
    x = composed(lots, compiled, _ordered(lots, 1, 8.0), _flows((0, 1, 10.0)))
    assert compiled.values(x)["overtime"].tolist() == [2]
    assert is_plan(compiled.program, x)
    assert compiled.program.objective(x) == 16 + 12 + 2 + 0.5 * 2  # 2 on hand at the end of period 0


def test_lines_that_nothing_can_deliver_fall_short() -> None:
    demand = [{"due": 1, "quantity": 10}, {"item": "B", "due": 0, "quantity": 3}]
    lots, compiled = _made(_plain(items=[PLAIN | {"item": "A"}, PLAIN | {"item": "B"}], demand=demand))
    x = composed(lots, compiled, _ordered(lots, 1, 8.0), _flows((0, 1, 10.0)))
    assert compiled.values(x)["short"].tolist() == [0, 3]
    assert is_plan(compiled.program, x)
    assert lots.constant == 300


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        ((0, 0, 1.0), "window"),
        ((0, 1, -1.0), "window"),
        ((0, 1, 3.0), "than is there"),
        ((0, 2, 11.0), "asks for"),
    ],
)
def test_flows_that_cannot_be_are_refused(flow: tuple[int, int, float], message: str) -> None:
    lots, compiled = _made(_plain())
    with pytest.raises(ValueError, match=message):
        composed(lots, compiled, _ordered(lots, 2, 12.0), _flows(flow))


def test_some_lots_alone_are_no_plan(twenty: Made) -> None:
    lots, compiled = twenty
    few = lots.restricted(np.arange(3))
    nothing = np.zeros(len(few.order))
    with pytest.raises(ValueError, match="all lots"):
        composed(few, compiled, nothing, first_come(few, nothing))


def test_merged_lots_are_no_plan() -> None:
    lots, compiled = _made(read(INSTANCES / "quickstart").instance)
    nothing = np.zeros(len(lots.order))
    with pytest.raises(ValueError, match="one for each stock"):
        composed(lots, compiled, nothing, first_come(lots, nothing))


def _nothing(made: Made) -> Floats:
    lots, compiled = made
    quantities = np.zeros(len(lots.order))
    return composed(lots, compiled, quantities, first_come(lots, quantities))


def test_nothing_ordered_costs_what_it_must(twenty: Made) -> None:
    program = twenty[1].program
    x, best = _nothing(twenty), nothing_ordered(program, 20)
    assert best is not None
    assert is_plan(program, x)
    # Whoever comes first is served first, which is the best of all plans without orders only where weights are equal.
    assert program.objective(x) >= program.objective(best) - 1e-6
    held = program.fixed(program.integer, np.zeros(program.columns))
    assert is_plan(held, x)


def test_nothing_ordered_is_best_where_customers_are_alike() -> None:
    made = _made(read(INSTANCES / "benchmarks" / "trigeiro-g30b").instance)
    best = nothing_ordered(made[1].program, 20)
    assert best is not None
    assert made[1].program.objective(_nothing(made)) == pytest.approx(made[1].program.objective(best))


def _kept_gates(lots: Lots, quantities: Floats) -> Floats:
    """Without the orders of gates whose rules they break."""
    gates, inside = len(lots.gate_cost), lots.gate >= 0
    gate, placed = lots.gate[inside], quantities > 0
    worth = np.bincount(gate, (lots.worth * quantities)[inside], minlength=gates)
    load = np.bincount(gate, (lots.use * quantities + lots.setup * placed)[inside], minlength=gates)
    broken = (worth < lots.gate_floor) | (worth > lots.gate_ceiling) | (load > lots.gate_capacity + lots.gate_overtime)
    return np.where(inside & broken[lots.gate], 0.0, quantities)


@pytest.mark.parametrize("seed", range(8))
def test_random_plans_are_plans_at_the_cost_of_their_lots(twenty: Made, seed: int) -> None:
    lots, compiled = twenty
    quantities = _kept_gates(lots, some_orders(lots, np.random.default_rng(seed), 0.02 * (seed + 1)))
    flows = first_come(lots, quantities)
    x = composed(lots, compiled, quantities, flows)
    assert is_plan(compiled.program, x)
    assert compiled.program.objective(x) == pytest.approx(_cost(lots, quantities, flows), rel=1e-9)


def _cost(lots: Lots, quantities: Floats, flows: Deliveries) -> float:
    """What a plan costs by the definition of lots."""
    placed = quantities > 0
    stock = np.zeros((len(lots), lots.periods))
    for start, period, quantity, sign in (
        (lots.supply_start, lots.supply_period, lots.supply_quantity, 1),
        (lots.option_start, lots.arrival, quantities, 1),
    ):
        lot = np.repeat(np.arange(len(lots)), np.diff(start))
        np.add.at(stock, (lot, period), sign * quantity)
    lot_of_line = np.repeat(np.arange(len(lots)), np.diff(lots.line_start))
    np.add.at(stock, (lot_of_line[flows.line], flows.period), -flows.quantity)
    stock = stock.cumsum(axis=1)
    short = lots.quantity - np.bincount(flows.line, flows.quantity, minlength=len(lots.line))
    opened = np.unique(lots.gate[placed & (lots.gate >= 0)])
    return float(
        (lots.unit_cost * quantities + lots.fixed_cost * placed).sum()
        + lots.gate_cost[opened].sum()
        + (lots.holding * stock).sum()
        - (lots.credit * stock[:, -1]).sum()
        + (lots.waiting[flows.line] * (flows.period - lots.first[flows.line]) * flows.quantity).sum()
        + (lots.lost * short).sum()
        + lots.constant
    )


def test_quantities_that_are_no_packs_show() -> None:
    lots, compiled = _made(_plain())
    x = composed(lots, compiled, _ordered(lots, 2, 7.0), _flows((0, 1, 2.0)))
    assert compiled.program.relative_violation(x) > 1e-6


def test_gates_that_are_open_anyway_need_nothing() -> None:
    lots, compiled = _made(_plain(suppliers=[{}], supplier_capacity=[{"period": 0, "capacity": 20}]))
    assert lots.gate_open.tolist() == [-1]
    x = composed(lots, compiled, _ordered(lots, 1, 8.0), _flows((0, 1, 10.0)))
    assert is_plan(compiled.program, x)
    assert lots.pure
