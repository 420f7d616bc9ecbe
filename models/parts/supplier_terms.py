"""Supplier terms: what an order to a supplier costs and must be worth, whatever is in it.

Decides     open_order[s,o] in {0,1}   whether anything is ordered from s in period o
Subject to  joint_order            placed[i,s,l,o] <= open_order[s,o]
            minimum_order_value    order_value[s,o] >= v_s · open_order[s,o]
            maximum_order_value    order_value[s,o] <= w_s
Offers      opened[s,o] = open_order[s,o];  order_value[s,o] = Σ_{i,l} line_value + Σ_{i,l,j} break_value
Costs       ordering  K_s · open_order[s,o]

K `order_cost`, v `minimum_order_value`, w `maximum_order_value` of table `suppliers` [money per period], over all
locations. `joint_order` stands line by line: summed over the lines it would be far weaker.

Source: joint replenishment: Joneja (1990), Operations Research 38(4).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import SUPPLIERS
from models.findings import Finding, fault
from models.instance import Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import lowest_price, order_lines, relate_goods, smallest_lots, units
from models.part import Part, Scope
from models.tables import money

TERMS = SUPPLIERS.with_columns(
    money(
        "order_cost",
        "Fixed cost of ordering anything from the supplier.",
        per="period with an order",
        default=0.0,
        example="50",
    ),
    money("minimum_order_value", "A period's order is nothing or at least this.", per="period", default=0.0),
    money("maximum_order_value", "A period's order is at most this.", per="period", default=None, default_text="none"),
)


class SupplierTerms(Part):
    """Joint order cost, minimum and maximum order value."""

    scope = Scope.SHARED
    needs = (TERMS,)
    limits = (
        Limit("suppliers", "minimum_order_value", "a minimum order of {}"),
        Limit("suppliers", "maximum_order_value", "a maximum order of {}"),
    )
    uses = ("placed", "line_value", "break_value")
    offers = ("opened", "order_value")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """A maximum that is not below the minimum."""
        rows = instance["suppliers"]
        for k in np.flatnonzero(rows["maximum_order_value"] < rows["minimum_order_value"]):
            yield fault(
                "maximum below minimum",
                f"maximum_order_value is below minimum_order_value ({rows['minimum_order_value'][k]:.10g}): nothing "
                "could be ordered",
                table="suppliers",
                row=int(k),
                column="maximum_order_value",
                value=rows["maximum_order_value"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """One line may have to fill the whole minimum value, and may not pass the maximum."""
        minimum = instance["suppliers"]["minimum_order_value"]
        maximum = np.where(
            np.isnan(instance["suppliers"]["maximum_order_value"]), np.inf, instance["suppliers"]["maximum_order_value"]
        )

        book.post("reason", lambda lines: units(book, lines, minimum[lines.supplier], 0.0))
        book.post("ceiling", lambda lines: units(book, lines, maximum[lines.supplier], np.inf))
        book.post(
            "lot needs",
            (
                lambda lines: lowest_price(book, lines) * smallest_lots(book, lines),
                lambda lines: maximum[lines.supplier],
            ),
        )

    def derive(self, instance: Instance, book: Book) -> None:
        """Supplier-periods by the terms that they have, and the lines in them."""
        lines, rows = order_lines(book), instance["suppliers"]
        horizon = instance.calendar.periods
        periods = np.column_stack(np.divmod(np.unique(lines.supplier * horizon + lines.period), horizon))
        opened = periods[(rows["order_cost"] + rows["minimum_order_value"])[periods[:, 0]] > 0]
        book.index("joint_orders", supplier=opened[:, 0], period=opened[:, 1])
        charged = book.subset("charged_joint_orders", "joint_orders", rows["order_cost"][opened[:, 0]] > 0)
        book.parameter("joint_order_cost", charged.name, rows["order_cost"][charged["supplier"]])
        book.subset("joint_lines", "orders", np.isin(lines.supplier, opened[:, 0]))
        floors = book.subset("value_floors", "joint_orders", rows["minimum_order_value"][opened[:, 0]] > 0)
        book.parameter("minimum_value", floors.name, rows["minimum_order_value"][floors["supplier"]])
        capped = periods[~np.isnan(rows["maximum_order_value"][periods[:, 0]])]
        ceilings = book.index("value_ceilings", supplier=capped[:, 0], period=capped[:, 1])
        book.parameter("maximum_value", ceilings.name, rows["maximum_order_value"][capped[:, 0]])
        valued = np.unique(np.concatenate([floors.codes, ceilings.codes]), axis=0).astype(np.int64)
        book.index("valued_orders", supplier=valued[:, 0], period=valued[:, 1])
        relate_goods(book, "valued_orders", {"supplier": valued[:, 0], "period": valued[:, 1]}, "item", "location")

    def declare(self, m: Any, ledger: Ledger) -> None:
        """An order to a supplier, and its fixed cost."""
        m.open_order = pyo.Var(m.joint_orders, domain=pyo.Binary)
        ledger.cost("ordering", m.joint_order_cost, m.open_order)
        ledger.offer("opened", lambda m, s, o: m.open_order[s, o])
        ledger.offer(
            "order_value",
            lambda m, s, o: (
                sum(ledger.total("line_value", m, i, s, l, o) for i, l in m.valued_orders_lines[s, o])
                + sum(ledger.total("break_value", m, i, s, l, o, j) for i, l, j in m.valued_orders_segments[s, o])
            ),
        )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What the order must be worth."""
        m.joint_order = pyo.Constraint(
            m.joint_lines, rule=lambda m, i, s, l, o: ledger.total("placed", m, i, s, l, o) <= m.open_order[s, o]
        )
        m.minimum_order_value = pyo.Constraint(
            m.value_floors,
            rule=lambda m, s, o: ledger.total("order_value", m, s, o) >= m.minimum_value[s, o] * m.open_order[s, o],
        )
        m.maximum_order_value = pyo.Constraint(
            m.value_ceilings,
            rule=lambda m, s, o: ledger.total("order_value", m, s, o) <= m.maximum_value[s, o],
        )
