"""Supplier capacity: what a supplier can take on in a period, and overtime beyond it.

Decides     overtime[s,o] >= 0         capacity used beyond the regular one                      [unit of capacity]
Offers      capacity_used[s,o] = Σ_{i,l} (u · ordered[i,s,l,o] + f · placed[i,s,l,o]) - overtime[s,o]
Subject to  supplier_capacity      capacity_used[s,o] <= C_so
            overtime_limit         overtime[s,o] <= V_so
Costs       overtime  c_so · overtime[s,o]

C `capacity`, V `overtime_capacity`, c `overtime_cost` of table `supplier_capacity`; u `capacity_use`, f
`capacity_setup` of table `sourcing`. Capacity is used in the period in which the order is placed. No row or an empty
cell: unlimited.

Source: Trigeiro, Thomas & McClain (1989), Capacitated lot sizing with setup times, Management Science 35(3).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import SOURCING
from models.findings import Finding, fault, warning
from models.instance import Codes, Figures, Instance, repeated
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, order_lines, smallest_lots
from models.part import Part, Scope
from models.tables import Table, date, money, number, text

USE = SOURCING.with_columns(
    number("capacity_use", "Capacity that a unit uses.", unit="unit of capacity per unit", default=1.0),
    number(
        "capacity_setup",
        "Capacity that an order line uses, whatever its quantity.",
        unit="unit of capacity per order line",
        default=0.0,
    ),
)
CAPACITY = Table(
    "supplier_capacity",
    "What suppliers can take on: one row per supplier and period. No row: unlimited.",
    key=(
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        date("period", "A day of the period in which orders are placed.", example="2026-11-30"),
    ),
    columns=(
        number(
            "capacity",
            "What is left of the supplier's capacity.",
            unit="unit of capacity",
            default=None,
            default_text="unlimited",
            example="500",
        ),
        number("overtime_capacity", "What can be had beyond it.", unit="unit of capacity", default=0.0),
        money("overtime_cost", "Cost of capacity beyond the regular one.", per="unit of capacity", default=0.0),
    ),
    optional=True,
)


class SupplierCapacity(Part):
    """Capacity by supplier and period, with overtime at a price."""

    scope = Scope.SHARED
    needs = (USE, CAPACITY)
    limits = (Limit("supplier_capacity", "capacity", "a capacity of {}"),)
    uses = ("ordered", "placed")
    offers = ("capacity_used",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """One row a supplier and period; overtime beyond a capacity that has a limit."""
        rows = instance["supplier_capacity"]
        for k in np.flatnonzero(np.isnan(rows["capacity"]) & (rows["overtime_capacity"] > 0)):
            yield warning(
                "overtime beyond no limit",
                "the capacity is empty, which is unlimited: overtime is never needed; if there is none, write 0",
                table="supplier_capacity",
                row=int(k),
                column="overtime_capacity",
                value=rows["overtime_capacity"][k],
            )
        written = instance["supplier_capacity"].text("period")
        for k, first in zip(*repeated(np.column_stack(_places(instance))), strict=True):
            yield fault(
                "two capacities",
                f"the row of {written[first]} is for the same supplier and period; leave one",
                table="supplier_capacity",
                row=int(k),
                column="period",
                value=written[k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """No line is larger than what the supplier can take on."""
        rows, sourcing = instance["supplier_capacity"], instance["sourcing"]
        if not len(rows):
            return
        most = np.full((len(instance["suppliers"]), instance.calendar.periods), np.inf)
        supplier, period = _places(instance)
        inside = _binding(instance)
        most[supplier[inside], period[inside]] = (rows["capacity"] + rows["overtime_capacity"])[inside]

        def ceiling(lines: OrderLines) -> Figures:
            use, setup = sourcing["capacity_use"][lines.row], sourcing["capacity_setup"][lines.row]
            left = most[lines.supplier, lines.period] - setup
            by_unit = np.maximum(left, 0.0) / np.where(use > 0, use, 1.0)
            return np.where(use > 0, by_unit, np.where(left >= 0, np.inf, 0.0))

        def need(lines: OrderLines) -> Figures:
            use, setup = sourcing["capacity_use"][lines.row], sourcing["capacity_setup"][lines.row]
            return use * smallest_lots(book, lines) + setup

        book.post("ceiling", ceiling)
        book.post("lot needs", (need, lambda lines: most[lines.supplier, lines.period]))

    def derive(self, instance: Instance, book: Book) -> None:
        """Supplier-periods with a limit, and the lines that use it."""
        rows, sourcing, lines = instance["supplier_capacity"], instance["sourcing"], order_lines(book)
        supplier, period = _places(instance)
        horizon = instance.calendar.periods
        limited = _binding(instance) & np.isin(supplier * horizon + period, lines.supplier * horizon + lines.period)
        book.index("capacity_periods", supplier=supplier[limited], period=period[limited])
        book.parameter("capacity", "capacity_periods", rows["capacity"][limited])
        extra = rows["overtime_capacity"][limited]
        book.subset("overtime_periods", "capacity_periods", extra > 0)
        book.parameter("overtime_capacity", "overtime_periods", extra[extra > 0])
        book.parameter("overtime_cost", "overtime_periods", rows["overtime_cost"][limited][extra > 0])
        book.relation(
            "overtime_of",
            "capacity_periods",
            (supplier[limited][extra > 0], period[limited][extra > 0]),
            worked=period[limited][extra > 0],
        )

        used = lines.only(
            np.isin(lines.supplier * horizon + lines.period, supplier[limited] * horizon + period[limited])
        )
        book.index(
            "capacity_orders", item=used.item, supplier=used.supplier, location=used.location, period=used.period
        )
        book.parameter("capacity_use", "capacity_orders", sourcing["capacity_use"][used.row])
        book.relation(
            "capacity_lines", "capacity_periods", (used.supplier, used.period), item=used.item, location=used.location
        )
        setup = sourcing["capacity_setup"][used.row]
        book.subset("setup_orders", "capacity_orders", setup > 0)
        book.parameter("capacity_setup", "setup_orders", setup[setup > 0])
        book.relation(
            "setup_lines",
            "capacity_periods",
            (used.supplier[setup > 0], used.period[setup > 0]),
            item=used.item[setup > 0],
            location=used.location[setup > 0],
        )

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Overtime and its cost."""
        m.overtime = pyo.Var(m.overtime_periods, domain=pyo.NonNegativeReals)
        m.overtime_limit = pyo.Constraint(
            m.overtime_periods, rule=lambda m, s, o: m.overtime[s, o] <= m.overtime_capacity[s, o]
        )
        ledger.cost("overtime", m.overtime_cost, m.overtime)
        ledger.offer(
            "capacity_used",
            lambda m, s, o: (
                sum(
                    m.capacity_use[i, s, l, o] * ledger.total("ordered", m, i, s, l, o)
                    for i, l in m.capacity_lines[s, o]
                )
                + sum(
                    m.capacity_setup[i, s, l, o] * ledger.total("placed", m, i, s, l, o) for i, l in m.setup_lines[s, o]
                )
                - sum(m.overtime[s, p] for p in m.overtime_of[s, o])
            ),
        )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered fits."""
        m.supplier_capacity = pyo.Constraint(
            m.capacity_periods,
            rule=lambda m, s, o: ledger.total("capacity_used", m, s, o) <= m.capacity[s, o],
        )


def _places(instance: Instance) -> tuple[Codes, Codes]:
    """Supplier and period of each row."""
    return instance.codes("supplier_capacity", "supplier"), instance.calendar.index(
        instance["supplier_capacity"]["period"]
    )


def _binding(instance: Instance) -> Any:
    """The rows that limit something: within the horizon, and not empty."""
    _, period = _places(instance)
    return (period >= 0) & (period < instance.calendar.periods) & ~np.isnan(instance["supplier_capacity"]["capacity"])
