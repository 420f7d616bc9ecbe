"""Otherwise: a plan's neighbourhood decided anew in an instance of which some cells are others."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.instance import Array, Instance
from optimizer.explain.neighbourhood import around
from optimizer.explain.point import Point, carried
from optimizer.explain.resolve import NOTHING, Missing, Resolved, Solution


def with_cells(instance: Instance, table: str, columns: Mapping[str, Array]) -> Instance:
    """The instance with other cells in some columns of a table; nothing is checked."""
    records = instance[table]
    return replace(
        instance, tables={**instance.tables, table: replace(records, columns={**records.columns, **columns})}
    )


def decided(point: Point, instance: Instance, items: list[int], seconds: float) -> tuple[Point, Solution | Missing]:
    """The changed instance's program, and the best of these items in it, all other orders as planned."""
    other = carried(point, instance)
    near = around(other, items, [], 0)
    resolved = Resolved(other, near, seconds, stands=False)
    found = resolved.solved(NOTHING, seconds)
    return other, found


def lead_time_longer(instance: Instance, item: int, supplier: int, by: int) -> Instance | None:
    """The lead time of an item from a supplier so many periods longer; None where it would be less than nothing."""
    rows = instance["sourcing"]
    mine = (instance.codes("sourcing", "item") == item) & (instance.codes("sourcing", "supplier") == supplier)
    given, days = rows["lead_time"].copy(), rows["lead_time_days"].copy()
    here = mine & ~np.isnan(given)
    given[here] += by
    only_days = mine & np.isnan(rows["lead_time"])
    days[only_days] += by * instance.calendar.days
    if (given[here] < 0).any() or (days[only_days] < 0).any():
        return None
    return with_cells(instance, "sourcing", {"lead_time": given, "lead_time_days": days})
