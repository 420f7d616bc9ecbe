"""Supplier: what is ordered from whom in which period, what it is worth, and which of the supplier's rules bind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.binding import Binding, binding, rules
from optimizer.explain.neighbourhood import around
from optimizer.explain.standing import Standing
from optimizer.explain.subject import code_of


@dataclass(frozen=True)
class SupplierOrder:
    """All that is ordered in one period: its first day, the items and quantities, and what they are worth [money]."""

    period: str
    lines: Sequence[tuple[str, float]]
    value: float


@dataclass(frozen=True)
class SupplierExplained:
    """A supplier in a plan, explained.

    Attributes:
        supplier: the id.
        orders: by period.
        rules: of the supplier that bind, the dearest first; whole numbers as planned. None: not found in time.
    """

    supplier: str
    orders: Sequence[SupplierOrder]
    rules: Sequence[Binding] | None


def explained_supplier(standing: Standing, supplier: str) -> SupplierExplained:
    """Explain a supplier.

    Raises:
        Unexplained: there is no such supplier.
    """
    point, code = standing.point, code_of(standing.point, "supplier", supplier)
    table = standing.plan.tables["purchase_orders"]
    mine = table[table["supplier"] == supplier]
    orders = [
        SupplierOrder(
            str(period),
            list(zip(rows["item"].tolist(), rows["quantity"].tolist(), strict=True)),
            float(rows["value"].sum()),
        )
        for period, rows in mine.groupby("order_period", sort=True)
    ]
    index = point.book.indexes["orders"]
    items = np.unique(index["item"][(index["supplier"] == code) & (point.quantity("order") > 0)])
    free = around(point, items.tolist(), [], 0).free
    return SupplierExplained(
        supplier, orders, binding(point, free, rules(point.program) & point.rows_about(supplier=code))
    )
