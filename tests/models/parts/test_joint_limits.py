"""Joint limits: a fraction of an order has a fraction of the capacity; whole orders are as they were."""

from dataclasses import replace

import numpy as np
import pytest

from models.assemble import build, derive
from models.instance import Instance
from models.part import Part
from models.parts import parts, plain
from optimizer.compile import compile_model
from optimizer.solve.highs import Limits, solve
from tests.models.solved import PLAIN, Row, instance, solved


def two_items(supplier: Row, **capacity: float) -> Instance:
    """Ten of A and ten of B, wanted in week 1, at 2 each; never late."""
    return instance(
        periods=2,
        items=[PLAIN | {"max_delay": 0}, PLAIN | {"item": "B", "max_delay": 0}],
        suppliers=[{"order_cost": 30} | supplier],
        sourcing=[{"item": name, "unit_cost": 2, "lead_time": 0} for name in ("A", "B")],
        supplier_capacity=[{"period": t, **capacity} for t in range(2)] if capacity else [],
        demand=[{"item": name, "due": 1, "quantity": 10} for name in ("A", "B")],
    )


def relaxed(made: Instance, chosen: tuple[Part, ...]) -> float:
    book = derive(made, chosen)
    m, ledger = build(made, book, chosen)
    program = compile_model(m, ledger, book).program
    return solve(replace(program, integer=np.zeros_like(program.integer)), Limits(seconds=600)).bound


JOINT = tuple(part for part in parts() if part.name != "pegging")


@pytest.mark.parametrize(
    ("supplier", "capacity"), [({}, {"capacity": 12}), ({"maximum_order_value": 24}, {})], ids=["capacity", "value"]
)
def test_half_a_load_needs_half_an_order(supplier: Row, capacity: dict[str, float]) -> None:
    made = two_items(supplier, **capacity)
    # Twelve in week 1, eight in week 0, held for a week: two orders.
    assert solved(made, JOINT).objective == pytest.approx(40 + 60 + 8)
    assert solved(made, plain()).objective == pytest.approx(108)
    # Relaxed: all of week 1 and 8 ÷ 12 of week 0, against each line's share of its ten: 6 ÷ 10 and 4 ÷ 10.
    assert relaxed(made, JOINT) == pytest.approx(40 + 30 + 20 + 8)
    assert relaxed(made, plain()) == pytest.approx(40 + 18 + 12 + 8)


def test_overtime_is_beyond_what_an_order_opens() -> None:
    made = two_items({}, capacity=12, overtime_capacity=8, overtime_cost=1)
    # Eight in overtime, for 8: no order in week 0.
    assert solved(made, JOINT).objective == pytest.approx(40 + 30 + 8)
    assert solved(made, JOINT).amounts["overtime"] == pytest.approx(8)


def test_a_supplier_without_a_joint_order_keeps_its_limits_as_they_are() -> None:
    plan = solved(two_items({"order_cost": 0}, capacity=12), JOINT)
    assert plan.rows("capacity_when_open") == plan.rows("value_when_open") == 0
    assert plan.objective == pytest.approx(40 + 8)
