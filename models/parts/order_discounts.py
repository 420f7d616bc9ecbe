"""Order discounts: a supplier's whole order is cheaper, all of it or what is beyond a value.

Decides     worth[s,o,j] >= 0         worth of the goods ordered from s in period o, in the step j where it lies [money]
            reached[s,o,j] in {0,1}   whether it lies there
Subject to  discount_value     Σ_j worth    =  Σ_{i,l} line_value + Σ_{i,l,k} break_value
            discount_one       Σ_j reached  <= 1
            discount_minimum   worth  >=  b_j · reached
            discount_maximum   worth  <=  B_j · reached          B_j just below the next step, or the largest order
Costs       discount  -d_j · worth + f_j · reached

b `minimum_value`, d `discount` of table `order_discounts`; below the first step there is none. Of kind `all_units` the
discount is off all goods, f_j = 0; of kind `incremental` off what is beyond the step, and
f_j = d_j · b_j - Σ_{k<j} d_k · (b_{k+1} - b_k) is what the goods below it get less. The value is that at the prices of
order lines, over all locations; value limits, budgets and commitments count it before this discount.

The multiple-choice form, as of price breaks. Its relaxation is the convex envelope of what an order costs.

Source: Croxton, Gendron & Magnanti (2003), Management Science 49(9); Munson & Jackson (2015), Foundations and Trends in
Technology, Information and Operations Management 8(1-2) (discounts by the value of an order).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import dearest_unit_cost
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.orders import order_lines, relate_goods, units
from models.part import Part, Scope
from models.tables import Column, Kind, Table, money, text

DISCOUNTS = Table(
    "order_discounts",
    "Discounts on a supplier's whole order of a period: one row per supplier and value.",
    key=(
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        money("minimum_value", "Orders of goods for this, or more.", per="period", positive=True, example="10000"),
    ),
    columns=(
        Column(
            "discount",
            Kind.NUMBER,
            "What is taken off.",
            unit="share",
            maximum=1.0,
            role="order discount",
            example="0.03",
        ),
        text(
            "kind",
            "`all_units`: off all goods of the order; `incremental`: off those beyond minimum_value.",
            default="all_units",
            choices=("all_units", "incremental"),
        ),
    ),
    optional=True,
)
NONE = -1  # the step below the first
CENT = 0.01  # money by which an order is below a step


class OrderDiscounts(Part):
    """Discounts by the value of an order."""

    scope = Scope.SHARED
    needs = (DISCOUNTS,)
    uses = ("line_value", "break_value")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """One kind for a supplier, and more for more."""
        rows, supplier = instance["order_discounts"], instance.codes("order_discounts", "supplier")
        order = np.lexsort((rows["minimum_value"], supplier))
        for before, after in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
            if supplier[before] != supplier[after]:
                continue
            if rows["kind"][before] != rows["kind"][after]:
                message = f"another row of the same supplier is {rows['kind'][before]}; take one kind"
                yield _at(after, "two kinds of discounts", message, "kind", rows["kind"][after])
            if rows["discount"][after] <= rows["discount"][before]:
                message = (
                    f"an order for {rows['minimum_value'][before]:.10g} has {rows['discount'][before]:.10g}: give more"
                )
                yield _at(after, "discount that does not grow", message, "discount", rows["discount"][after])

    def prepare(self, instance: Instance, book: Book) -> None:
        """A line may have to bring the whole value of a step."""
        rows = instance["order_discounts"]
        if len(rows):
            highest = np.zeros(len(instance.labels["supplier"]))
            np.maximum.at(highest, instance.codes("order_discounts", "supplier"), rows["minimum_value"])
            book.post("reason", lambda lines: units(book, lines, highest[lines.supplier], 0.0))

    def derive(self, instance: Instance, book: Book) -> None:
        """The orders of suppliers with discounts, and the steps that each can reach."""
        steps = _steps(instance, book)
        orders = np.unique(np.column_stack([steps.supplier, steps.period]), axis=0).astype(np.int64)
        book.index("discounted_orders", supplier=orders[:, 0], period=orders[:, 1])
        relate_goods(book, "discounted_orders", {"supplier": orders[:, 0], "period": orders[:, 1]}, "item", "location")
        book.index("discount_steps", supplier=steps.supplier, period=steps.period, step=steps.row)
        book.relation("steps_of", "discounted_orders", (steps.supplier, steps.period), step=steps.row)
        book.parameter("discount_most", "discount_steps", steps.most)
        for name, figures in (
            ("discount_least", steps.least),
            ("discount_rate", -steps.rate),
            ("discount_charge", steps.fixed),
        ):
            book.subset(f"{name}s", "discount_steps", figures != 0)
            book.parameter(name, f"{name}s", figures[figures != 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """The step in which an order lies, and what is taken off there."""
        m.worth = pyo.Var(m.discount_steps, domain=pyo.NonNegativeReals)
        m.reached = pyo.Var(m.discount_steps, domain=pyo.Binary)
        m.discount_one = pyo.Constraint(
            m.discounted_orders, rule=lambda m, s, o: sum(m.reached[s, o, j] for j in m.steps_of[s, o]) <= 1
        )
        m.discount_minimum = pyo.Constraint(
            m.discount_leasts,
            rule=lambda m, s, o, j: m.worth[s, o, j] >= m.discount_least[s, o, j] * m.reached[s, o, j],
        )
        m.discount_maximum = pyo.Constraint(
            m.discount_steps,
            rule=lambda m, s, o, j: m.worth[s, o, j] <= m.discount_most[s, o, j] * m.reached[s, o, j],
        )
        ledger.cost("discount", m.discount_rate, m.worth)
        ledger.cost("discount", m.discount_charge, m.reached)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered is in the steps."""
        m.discount_value = pyo.Constraint(
            m.discounted_orders,
            rule=lambda m, s, o: (
                sum(ledger.total("line_value", m, i, s, l, o) for i, l in m.discounted_orders_lines[s, o])
                + sum(ledger.total("break_value", m, i, s, l, o, k) for i, l, k in m.discounted_orders_segments[s, o])
                - sum(m.worth[s, o, j] for j in m.steps_of[s, o])
                == 0
            ),
        )


@dataclass(frozen=True)
class _Steps:
    """Steps of each order, the lowest first: row (-1: none), least and most value, discount and what it is less."""

    supplier: Codes
    period: Codes
    row: Codes
    least: Figures
    most: Figures
    rate: Figures
    fixed: Figures


def _steps(instance: Instance, book: Book) -> _Steps:
    rows, supplier = instance["order_discounts"], instance.codes("order_discounts", "supplier")
    lines, horizon = order_lines(book), instance.calendar.periods
    dearest = np.maximum(dearest_unit_cost(instance)[lines.item], lines.unit_cost)
    size = len(instance.labels["supplier"]) * horizon
    largest = np.bincount(lines.supplier * horizon + lines.period, book.values("largest_order") * dearest, size)
    found: list[tuple[float, ...]] = []
    for s in np.unique(supplier).tolist():
        mine = np.flatnonzero(supplier == s)
        mine = mine[np.argsort(rows["minimum_value"][mine])]
        least, rate = (np.append(0.0, rows[name][mine]) for name in ("minimum_value", "discount"))
        beyond = np.append(0.0, np.cumsum(np.diff(rate) * least[1:]))
        fixed = beyond if rows["kind"][mine[0]] == "incremental" else np.zeros(len(least))
        below = np.append(least[1:] - CENT, np.inf)
        for o in np.flatnonzero(largest[s * horizon : (s + 1) * horizon] >= least[1]).tolist():
            top = largest[s * horizon + o]
            figures = zip([NONE, *mine.tolist()], least, np.minimum(below, top), rate, fixed, strict=True)
            found += [(s, o, *step) for step in figures if step[1] <= top]
    columns = np.array(found, dtype=np.float64).reshape(-1, 7).T
    return _Steps(*(column.astype(np.int64) for column in columns[:3]), *columns[3:])


def _at(row: int, rule: str, message: str, column: str, value: object) -> Finding:
    return fault(rule, message, table="order_discounts", row=row, column=column, value=value)
