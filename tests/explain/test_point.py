"""A plan as a point: rows have names, and a changed instance takes it over."""

import numpy as np
import pytest

from optimizer import explain
from optimizer.explain.binding import rules
from optimizer.explain.otherwise import lead_time_longer, with_cells
from optimizer.explain.point import carried
from optimizer.explain.standing import placed
from optimizer.explain.unexplained import Unexplained


def test_rules_are_what_could_be_relaxed(cogs: explain.Questions) -> None:
    point = cogs.standing.point
    found = {
        name for name, rows in point.compiled.rows.items() if len(rows) and rules(point.program)[rows[rows >= 0]].any()
    }
    assert found == {"minimum_order", "whole_packs"}  # not order_limit, joint_order, stock_balance, demand_met


def test_a_changed_instance_takes_the_plan_over(cogs: explain.Questions) -> None:
    point = cogs.standing.point
    same = carried(point, point.instance)
    assert same.x.tolist() == point.x.tolist()
    dearer = carried(
        point, with_cells(point.instance, "sourcing", {"unit_cost": point.instance["sourcing"]["unit_cost"] + 1})
    )
    assert dearer.cost == pytest.approx(point.cost + 42)  # 10 + 20 cogs, 12 pins
    longer = lead_time_longer(point.instance, 0, 1, 1)
    assert longer is not None
    assert longer["sourcing"]["lead_time"].tolist() == [1, 4, 1]
    moved = carried(point, longer)
    assert len(moved.x) == moved.program.columns < len(point.x)  # far in w2 arrives after the horizon
    assert sorted(moved.quantity("order")[moved.quantity("order") > 0].tolist()) == [10, 12, 20]
    assert lead_time_longer(point.instance, 0, 0, -2) is None


def test_a_plan_that_does_not_fit_is_told(cogs: explain.Questions) -> None:
    standing = cogs.standing
    tables = dict(standing.plan.tables)
    assert placed(standing.source.instance, tables).cost == pytest.approx(304.8)
    orders = tables["purchase_orders"]
    with pytest.raises(Unexplained, match="not possible on the tables"):
        placed(standing.source.instance, tables | {"purchase_orders": orders.assign(supplier="nobody")})
    with pytest.raises(Unexplained, match="breaks rules"):
        placed(standing.source.instance, tables | {"purchase_orders": orders.assign(quantity=orders["quantity"] + 0.5)})
    # Deliveries told in another way: those that are best for the orders take their place.
    other = tables["allocations"].assign(quantity=tables["allocations"]["quantity"] * 2)
    assert placed(standing.source.instance, tables | {"allocations": other}).cost == pytest.approx(304.8)
    assert np.isfinite(standing.point.x).all()
