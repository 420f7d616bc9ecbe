"""Commitments: what a supplier was promised to be bought over the horizon, at a penalty for what falls short of it.

Decides     shortfall[s,i,d] >= 0      what is missing: of a quantity (d = 0), of a value (d = 1)      [unit, money]
Subject to  quantity_committed   Σ ordered[i,s,l,o]  +  shortfall[s,i,0]  >=  q - B
            value_committed      Σ (line_value + Σ_j break_value)  +  shortfall[s,i,1]  >=  v - W
            over the supplier's order lines of the item; of all items where the commitment names none
Costs       commitment  p · shortfall[s,i,0] + r · shortfall[s,i,1]

q `quantity`, v `value`, p `shortfall_cost`, r `shortfall_rate` of table `commitments`; B, W what was bought before:
`quantity` and `value` of `bought_before`, by default its quantity at the item's price. Open orders count as far as they
are in `bought_before`. Without location: all of them count.

Source: total minimum quantity commitment and take-or-pay contracts: Bassok & Anupindi (1997), Analysis of supply
contracts with total minimum commitment, IIE Transactions 29(5).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.entities import BOUGHT_BEFORE, price
from models.findings import Finding, fault, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.orders import OrderLines, order_lines, pairs, relate_goods, units
from models.part import Move, Part, Scope
from models.tables import Result, Table, money, number, quantity, text

COMMITMENTS = Table(
    "commitments",
    "What was promised to be bought over the horizon: one row per supplier, or per supplier and item.",
    key=(
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        text("item", "The item.", refers="items", default="", default_text="all together", example="WIDGET-1"),
    ),
    columns=(
        quantity("quantity", "At least this, with what was bought before.", default=None, example="540"),
        money("value", "Goods for at least this, with what was bought before.", default=None),
        money(
            "shortfall_cost",
            "Penalty for each unit that quantity is short of.",
            per="unit",
            default=None,
            default_text="must be given with quantity",
            example="0.80",
        ),
        number(
            "shortfall_rate", "Share of what is missing of value that is paid all the same.", default=1.0, unit="share"
        ),
    ),
    optional=True,
)
BEFORE = BOUGHT_BEFORE.with_columns(
    *BOUGHT_BEFORE.columns,
    money("value", "What it cost.", default=None, default_text="quantity at the item's price"),
)
MEASURES = ("quantity", "value")


class Commitments(Part):
    """Minimum purchases by contract."""

    scope = Scope.SHARED
    needs = (COMMITMENTS, BEFORE)
    uses = ("ordered", "line_value", "break_value")
    gives = (
        Result(
            "commitments",
            "How far each commitment is kept: one row per supplier, item and measure.",
            (
                text("supplier", "The supplier."),
                text("item", "The item; empty for all together."),
                text("measure", "`quantity` or `value`."),
                number("committed", "What was promised."),
                number("before", "Of that, what was bought before."),
                number("ordered", "What this plan orders."),
                number("short", "What is missing."),
                money("cost", "What that costs."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Commitments that say how much, at what penalty, to somebody who sells it."""
        rows = instance["commitments"]
        for k in np.flatnonzero(np.isnan(rows["quantity"]) & np.isnan(rows["value"])):
            yield _at(fault, k, "commitment to nothing", "fill quantity or value", "quantity")
        for k in np.flatnonzero(~np.isnan(rows["quantity"]) & np.isnan(rows["shortfall_cost"])):
            yield _at(fault, k, "penalty missing", "say what a unit costs that quantity is short of", "shortfall_cost")
        supplier, item = (instance.codes("commitments", name) for name in ("supplier", "item"))
        sold = np.column_stack([instance.codes("sourcing", name) for name in ("supplier", "item")])
        for row, (s, i) in enumerate(zip(supplier, item, strict=True)):
            if not ((sold[:, 0] == s) & ((sold[:, 1] == i) | (i == -1))).any():
                message = "the supplier sells nothing of it (sourcing): what is missing is paid whatever is ordered"
                yield _at(warning, row, "commitment without a source", message, "supplier", rows["supplier"][row])

    def prepare(self, instance: Instance, book: Book) -> None:
        """What is missing is a reason to buy more than is needed."""
        scope, measure, committed, before = _commitments(instance)
        missing = np.maximum(committed - before, 0.0)
        if not missing.any():
            return

        def reason(lines: OrderLines) -> Figures:
            largest = np.zeros(len(lines))
            row, line = pairs(lines, supplier=scope[:, 0], item=scope[:, 1])
            bought = units(book, lines.only(line), missing[row], 0.0)
            np.maximum.at(largest, line, np.where(measure[row] == 0, missing[row], bought))
            return largest

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """Commitments of which something is missing, and the order lines that count towards them."""
        scope, measure, committed, before = _commitments(instance)
        missing = np.round(committed - before, 9)
        open_ones = missing > 0
        scope, measure, missing = scope[open_ones], measure[open_ones], missing[open_ones]
        rows, row = instance["commitments"], _row(instance)[open_ones]
        book.index("commitments", supplier=scope[:, 0], item=scope[:, 1], measure=measure)
        rate = np.where(measure == 0, np.nan_to_num(rows["shortfall_cost"][row]), rows["shortfall_rate"][row])
        book.subset("charged_commitments", "commitments", rate > 0)
        book.parameter("shortfall_penalty", "charged_commitments", rate[rate > 0])
        for code, name in enumerate(MEASURES):
            of, mine = f"{name}_commitments", measure == code
            book.subset(of, "commitments", mine)
            book.parameter(f"missing_{name}", of, missing[mine])
        lines, quantities = order_lines(book), scope[measure == 0]
        which, line = pairs(lines, supplier=quantities[:, 0], item=quantities[:, 1])
        bought = lines.only(line)
        parents = (quantities[which, 0], quantities[which, 1], np.zeros(len(which), np.int64))
        members = {"of_item": bought.item, "location": bought.location, "period": bought.period}
        book.relation("committed_lines", "quantity_commitments", parents, **members)
        values = scope[measure == 1]
        within = {"supplier": values[:, 0], "item": values[:, 1]}
        relate_goods(book, "value_commitments", within, "item", "location", "period")

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is missing, and what it costs."""
        m.shortfall = pyo.Var(m.commitments, domain=pyo.NonNegativeReals)
        ledger.cost("commitment", m.shortfall_penalty, m.shortfall)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What is ordered, and what is missing, make up what was promised."""
        m.quantity_committed = pyo.Constraint(
            m.quantity_commitments,
            rule=lambda m, s, i, d: (
                sum(ledger.total("ordered", m, k, s, l, o) for k, l, o in m.committed_lines[s, i, d])
                + m.shortfall[s, i, d]
                >= m.missing_quantity[s, i, d]
            ),
        )
        m.value_committed = pyo.Constraint(
            m.value_commitments,
            rule=lambda m, s, i, d: (
                sum(ledger.total("line_value", m, k, s, l, o) for k, l, o in m.value_commitments_lines[s, i, d])
                + sum(
                    ledger.total("break_value", m, k, s, l, o, j)
                    for k, l, o, j in m.value_commitments_segments[s, i, d]
                )
                + m.shortfall[s, i, d]
                >= m.missing_value[s, i, d]
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`commitments`."""
        scope, measure, committed, before = _commitments(instance)
        rows, row, lines = instance["commitments"], _row(instance), order_lines(book)
        taken = np.where(values["order"] > NOISE, values["order"], 0.0)
        value = taken * lines.unit_cost
        for beside_list_price in book.posted("line value"):
            value = value + beside_list_price(values)
        which, line = pairs(lines, supplier=scope[:, 0], item=scope[:, 1])
        counts = np.where(measure[which] == 0, taken[line], value[line])
        ordered = np.bincount(which, counts, minlength=len(scope)).astype(np.float64)
        short = np.maximum(committed - before - ordered, 0.0)
        short = np.where(short > NOISE, short, 0.0)
        rate = np.where(measure == 0, np.nan_to_num(rows["shortfall_cost"][row]), rows["shortfall_rate"][row])
        return {
            "commitments": {
                "supplier": as_texts(rows["supplier"][row].tolist()),
                "item": as_texts(rows["item"][row].tolist()),
                "measure": as_texts([MEASURES[code] for code in measure]),
                "committed": committed,
                "before": before,
                "ordered": ordered,
                "short": short,
                "cost": short * rate,
            }
        }


def _at(kind: Any, row: Any, rule: str, message: str, column: str, value: object = "") -> Finding:
    found: Finding = kind(rule, message, table="commitments", row=int(row), column=column, value=value)
    return found


def _row(instance: Instance) -> Codes:
    """The row of `commitments` of each commitment: quantities, then values."""
    rows = instance["commitments"]
    return np.concatenate([np.flatnonzero(~np.isnan(rows[name])) for name in MEASURES])


def _commitments(instance: Instance) -> tuple[Codes, Codes, Figures, Figures]:
    """Supplier and item (-1: all), measure, what is promised and what was bought before, by commitment."""
    rows, before = instance["commitments"], instance["bought_before"]
    row = _row(instance)
    measure = np.repeat([0, 1], [int((~np.isnan(rows[name])).sum()) for name in MEASURES])
    scope = np.column_stack([instance.codes("commitments", name) for name in ("supplier", "item")])[row]
    supplier, item = (instance.codes("bought_before", name) for name in ("supplier", "item"))
    at_price = before["quantity"] * np.nan_to_num(price(instance))[item]
    counted = np.column_stack([before["quantity"], np.where(np.isnan(before["value"]), at_price, before["value"])])
    mine = (scope[:, :1] == supplier) & ((scope[:, 1:] == item) | (scope[:, 1:] == -1))
    bought = np.where(mine, counted.T[measure], 0.0).sum(axis=1) if len(scope) else np.zeros(0)
    committed = np.where(measure == 0, rows["quantity"][row], rows["value"][row])
    return scope, measure, committed, bought
