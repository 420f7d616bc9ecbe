"""Budgets: what may be spent on goods in a period, or over the horizon, with everybody or with one supplier.

Subject to  budget             Σ (line_value[i,s,l,o] + Σ_j break_value[i,s,l,o,j])  <=  b
            over the order lines of the row's period and supplier; all of them where it names none

b `amount` of table `budgets` [money]. It is spent in the period in which the order is placed; open orders spend none.
No row or an empty cell: unlimited. A budget is hard: what it does not allow is not bought.

Source: capital-constrained lot sizing: Ben-Daya & Raouf (1993), On the constrained multi-item single-period inventory
problem, International Journal of Operations & Production Management 13(11).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.entities import lowest_unit_cost
from models.findings import Finding, fault, warning
from models.instance import Codes, Figures, Instance, repeated
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines, order_lines, pairs, relate_goods, units
from models.part import Part, Scope
from models.tables import Table, date, money, text

BUDGETS = Table(
    "budgets",
    "Money that may be spent on goods: one row per period, or for the horizon, for a supplier alone where it is named.",
    key=(
        date(
            "period",
            "A day of the period in which orders are placed.",
            default=None,
            default_text="the whole horizon",
            example="2026-11-30",
        ),
        text("supplier", "The supplier.", refers="suppliers", default="", default_text="all together"),
    ),
    columns=(
        money("amount", "Goods for at most this are ordered.", default=None, default_text="unlimited", example="20000"),
    ),
    optional=True,
)
NAMED = 3  # orders that are told by name
WHOLE = -1  # the period of a row for the whole horizon


class Budgets(Part):
    """Limits of what is spent on goods."""

    scope = Scope.SHARED
    needs = (BUDGETS,)
    limits = (Limit("budgets", "amount", "a budget of {}"),)
    uses = ("line_value", "break_value")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """One row a period and supplier; orders that the planner fixes, and minimum orders, can be paid."""
        rows, (supplier, period, binds) = instance["budgets"], _places(instance)
        written = rows.text("period")
        for k, other in zip(*repeated(np.column_stack([supplier, period])), strict=True):
            message = f"the row of {written[other] or 'the horizon'} is for the same period and supplier; leave one"
            yield _at(fault, k, "two budgets", message, "period", written[k])
        minimum, names = instance["suppliers"]["minimum_order_value"], instance["suppliers"]["supplier"]
        forced = _forced(instance) if binds.any() else np.zeros((0, 4))
        for k in np.flatnonzero(binds):
            amount = rows["amount"][k]
            short = np.flatnonzero((minimum > amount) & ((supplier[k] == -1) | (np.arange(len(names)) == supplier[k])))
            for s in short[:1]:
                others = f" (and those of {len(short) - 1} more suppliers)" if len(short) > 1 else ""
                message = (
                    f"{names[s]}'s minimum order of {minimum[s]:,.10g}{others} {_when(instance, period[k])} cannot be "
                    f"met: budget {amount:,.10g}; nothing will be ordered from it"
                )
                yield _at(warning, k, "minimum order above budget", message, "amount", amount)
            mine = (supplier[k] == -1) | (forced[:, 0] == supplier[k])
            mine &= (period[k] == WHOLE) | (forced[:, 1] == period[k])
            spent = forced[mine, 2].sum()
            if spent > amount * (1 + 1e-9):
                message = (
                    f"overrides order {_ordered(instance, forced[mine])} for at least {spent:,.10g} "
                    f"{_when(instance, period[k])}, which cannot be paid: budget {amount:,.10g}"
                )
                yield _at(fault, k, "overrides above budget", message, "amount", amount)

    def prepare(self, instance: Instance, book: Book) -> None:
        """No line costs more than its budgets."""
        supplier, period, binds = _places(instance)
        if not binds.any():
            return

        def ceiling(lines: OrderLines) -> Figures:
            most = np.full(len(lines), np.inf)
            row, line = pairs(lines, supplier=supplier[binds], period=period[binds])
            amount = instance["budgets"]["amount"][binds][row]
            np.minimum.at(most, line, units(book, lines.only(line), amount, np.inf))
            return most

        book.post("ceiling", ceiling)

    def derive(self, instance: Instance, book: Book) -> None:
        """Budgets that bind somebody, and the order lines that they pay for."""
        supplier, period, binds = _places(instance)
        supplier, period, amount = supplier[binds], period[binds], instance["budgets"]["amount"][binds]
        row, _ = pairs(order_lines(book), supplier=supplier, period=period)
        used = np.unique(row)
        book.index("budgets", supplier=supplier[used], period=period[used])
        book.parameter("budget_amount", "budgets", amount[used])
        within = {"supplier": supplier[used], "period": period[used]}
        relate_goods(book, "budgets", within, "item", "supplier", "location", "period")

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered can be paid."""
        m.budget = pyo.Constraint(
            m.budgets,
            rule=lambda m, s, o: (
                sum(ledger.total("line_value", m, i, r, l, p) for i, r, l, p in m.budgets_lines[s, o])
                + sum(ledger.total("break_value", m, i, r, l, p, j) for i, r, l, p, j in m.budgets_segments[s, o])
                <= m.budget_amount[s, o]
            ),
        )


def _at(kind: Any, row: Any, rule: str, message: str, column: str, value: object) -> Finding:
    found: Finding = kind(rule, message, table="budgets", row=int(row), column=column, value=value)
    return found


def _when(instance: Instance, period: int) -> str:
    calendar = instance.calendar
    return "over the horizon" if period == WHOLE else f"in the {calendar.kind} of {calendar.first_day(int(period))}"


def _places(instance: Instance) -> tuple[Codes, Codes, Any]:
    """Supplier and period of each row (-1: all of them), and whether it limits anything."""
    rows, horizon = instance["budgets"], instance.calendar.periods
    whole = np.isnat(rows["period"])
    period = instance.calendar.index(np.where(whole, instance.calendar.first_days()[0], rows["period"]))
    binds = (period >= 0) & (period < horizon) & ~np.isnan(rows["amount"])
    outside = np.where(period < 0, period - 1, period)  # the horizon's number is no period before it
    return instance.codes("budgets", "supplier"), np.where(whole, WHOLE, outside), binds


def _forced(instance: Instance) -> Figures:
    """Supplier (-1: any), period, money at least and item of the orders that overrides demand, none counted twice."""
    rows = instance["overrides"]
    least = np.where(np.isnan(rows["quantity"]), np.nan_to_num(rows["minimum_quantity"]), rows["quantity"])
    period = instance.calendar.index(rows["period"]) if len(rows) else np.zeros(0, np.int64)
    item, supplier, location = (instance.codes("overrides", name) for name in ("item", "supplier", "location"))
    if len(instance.labels["location"]) == 1:
        location = np.zeros_like(location)
    inside = (least > 0) & (period >= 0) & (period < instance.calendar.periods)
    worth = least * np.nan_to_num(lowest_unit_cost(instance))[item]
    single = (supplier >= 0) & (location >= 0)
    joined = inside & ~single  # may hold what other rows hold: only where no other row is for the item and period
    key = np.column_stack([item, period])
    alone = joined & ~np.array([(inside & (key == one).all(axis=1)).sum() > 1 for one in key], dtype=np.bool_)
    counted = (inside & single) | alone
    return np.column_stack([supplier, period, worth, item])[counted]


def _ordered(instance: Instance, forced: Figures) -> str:
    """What overrides order, in words: the dearest items, each with its period."""
    dearest = forced[np.argsort(-forced[:, 2], kind="stable")]
    days, names = instance.calendar.first_days().astype(str), instance.labels["item"]
    named = [f"{names[int(item)]} ({days[int(period)]})" for _, period, _, item in dearest[:NAMED]]
    more = f" and {len(forced) - NAMED} more" if len(forced) > NAMED else ""
    return ", ".join(named) + more
