"""Price breaks: a larger order line is cheaper, all of it or what is beyond the break.

Decides     part[i,s,l,o,j] >= 0        the order line's quantity, in the segment j of prices where it lies       [unit]
            within[i,s,l,o,j] in {0,1}  whether it lies there
Subject to  segment_quantity   Σ_j part    =  ordered[i,s,l,o]
            segment_placed     Σ_j within  =  placed[i,s,l,o]
            segment_minimum    part  >=  b_j · within
            segment_maximum    part  <=  B_j · within           B_j just below the next break, or the largest order
Offers      break_value[i,s,l,o,j] = (c_j - c) · part + f_j · within    what a segment adds to line_value     [money]
Costs       purchase  (c_j - c) · part + f_j · within

b `minimum_quantity`, c_j `unit_cost` of the rows of table `price_breaks` that hold for the line's location and period
(models/dated.py); below the first break the sourcing row's price c holds.
Of kind `all_units` the price holds for the whole line, f_j = 0; of kind `incremental` for the units beyond it, and
f_j = Σ_{k<j} c_k · (b_{k+1} - b_k) - c_j · b_j is what the units below it cost more.

This is the multiple-choice form: its relaxation is the convex envelope of the line's cost, with no big-M.

Source: Croxton, Gendron & Magnanti (2003), Management Science 49(9); Benton & Park (1996), EJOR 92(2) (discounts).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book, Values
from models.dated import dated_faults, lists_in_force
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.orders import OrderLines, order_lines
from models.part import Part
from models.tables import Table, date, money, quantity, text

BREAKS = Table(
    "price_breaks",
    "Prices of larger order lines: one row per item, supplier and break, more where locations differ or prices change. "
    "Below the first break sourcing's price holds.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("supplier", "The supplier.", refers="suppliers", example="ACME"),
        text(
            "location",
            "The location that it is for, instead of what is for all.",
            refers="locations",
            default="",
            default_text="all",
        ),
        date("valid_from", "First day on which it holds for orders.", default=None, default_text="always"),
        quantity("minimum_quantity", "Order lines from this quantity on.", positive=True, example="100"),
    ),
    columns=(
        money("unit_cost", "Purchase price.", per="unit", role="purchase price", example="4.20"),
        text(
            "kind",
            "`all_units`: the price of the whole line; `incremental`: of the units beyond the break.",
            default="all_units",
            choices=("all_units", "incremental"),
        ),
        date("valid_to", "Last day on which it holds for orders.", default=None, default_text="always"),
    ),
    optional=True,
)
LIST = -1  # the segment of sourcing's own price
LINE = ("item", "supplier", "location", "period")
GAP = 1e-5  # units by which a line is below a break: more than what counts as equal, and worth nothing


class PriceBreaks(Part):
    """Quantity discounts by order line."""

    needs = (BREAKS,)
    offers = ("break_value",)
    uses = ("ordered", "placed")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """One kind for an item and supplier, somebody who sells it, and one price at a time."""
        rows = instance["price_breaks"]
        pair = [instance.codes("price_breaks", name) for name in ("item", "supplier")]
        _, first, which = np.unique(np.column_stack(pair), axis=0, return_index=True, return_inverse=True)
        for k in np.flatnonzero(rows["kind"][first][which.ravel()] != rows["kind"]):
            yield fault(
                "two kinds of price breaks",
                f"another row of the same item and supplier is {rows['kind'][first[which.ravel()[k]]]}; take one kind",
                table="price_breaks",
                row=int(k),
                column="kind",
                value=rows["kind"][k],
            )
        sold = set(zip(*(instance.codes("sourcing", name).tolist() for name in ("item", "supplier")), strict=True))
        for place in range(len(rows)):
            if (int(pair[0][place]), int(pair[1][place])) not in sold:
                yield fault(
                    "price break without a source",
                    "the supplier has no row for this item in sourcing",
                    table="price_breaks",
                    row=place,
                    column="supplier",
                    value=rows["supplier"][place],
                )
        yield from dated_faults(instance, "price_breaks", "item", "supplier", "location", "minimum_quantity")

    def prepare(self, instance: Instance, book: Book) -> None:
        """A break is a reason to buy more, and may be the lowest price."""
        rows = instance["price_breaks"]
        if not len(rows):
            return

        def reason(lines: OrderLines) -> Figures:
            highest = np.zeros(len(lines))
            row, line = _pairs(instance, lines)
            np.maximum.at(highest, line, rows["minimum_quantity"][row])
            return highest

        def price(lines: OrderLines) -> Figures:
            lowest = lines.unit_cost.copy()
            row, line = _pairs(instance, lines)
            np.minimum.at(lowest, line, rows["unit_cost"][row])
            return lowest

        book.post("reason", reason)
        book.post("price", price)

    def derive(self, instance: Instance, book: Book) -> None:
        """Segments of the order lines that have breaks."""
        lines, largest = order_lines(book), book.values("largest_order")
        line, segment, least, most, price, fixed = _segments(instance, lines, largest)
        of = lines.only(line)
        key = {name: getattr(of, name) for name in LINE}
        book.index("segments", **key, segment=segment)
        book.subset("lines_with_breaks", "orders", np.isin(np.arange(len(lines)), line))
        book.relation("segments_of", "lines_with_breaks", tuple(key.values()), segment=segment)
        book.post("segments", (line, segment))
        book.parameter("segment_most", "segments", most)
        book.parameter("segment_discount", "segments", price - of.unit_cost)
        book.parameter("segment_fixed", "segments", fixed)
        for name, figures in (
            ("segment_least", least),
            ("segment_rate", price - of.unit_cost),
            ("segment_charge", fixed),
        ):
            book.subset(f"{name}s", "segments", figures != 0)
            book.parameter(name, f"{name}s", figures[figures != 0])

        def beside_list_price(values: Values) -> Figures:
            money = (price - of.unit_cost) * values["part"] + fixed * np.round(values["within"])
            beside: Figures = np.bincount(line, money, minlength=len(lines)).astype(np.float64)
            return beside

        book.post("line value", beside_list_price)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """The segment in which an order line lies, and what it costs there."""
        m.part = pyo.Var(m.segments, domain=pyo.NonNegativeReals)
        m.within = pyo.Var(m.segments, domain=pyo.Binary)
        m.segment_minimum = pyo.Constraint(
            m.segment_leasts,
            rule=lambda m, i, s, l, o, j: (
                m.part[i, s, l, o, j] >= m.segment_least[i, s, l, o, j] * m.within[i, s, l, o, j]
            ),
        )
        m.segment_maximum = pyo.Constraint(
            m.segments,
            rule=lambda m, i, s, l, o, j: (
                m.part[i, s, l, o, j] <= m.segment_most[i, s, l, o, j] * m.within[i, s, l, o, j]
            ),
        )
        ledger.offer(
            "break_value",
            lambda m, i, s, l, o, j: (
                m.segment_discount[i, s, l, o, j] * m.part[i, s, l, o, j]
                + m.segment_fixed[i, s, l, o, j] * m.within[i, s, l, o, j]
            ),
        )
        ledger.cost("purchase", m.segment_rate, m.part)
        ledger.cost("purchase", m.segment_charge, m.within)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """An order line lies in one segment."""
        m.segment_quantity = pyo.Constraint(
            m.lines_with_breaks,
            rule=lambda m, i, s, l, o: (
                sum(m.part[i, s, l, o, j] for j in m.segments_of[i, s, l, o]) == ledger.total("ordered", m, i, s, l, o)
            ),
        )
        m.segment_placed = pyo.Constraint(
            m.lines_with_breaks,
            rule=lambda m, i, s, l, o: (
                sum(m.within[i, s, l, o, j] for j in m.segments_of[i, s, l, o]) == ledger.total("placed", m, i, s, l, o)
            ),
        )


def _pairs(instance: Instance, lines: OrderLines) -> tuple[Codes, Codes]:
    """Pairs (row of price_breaks, order line)."""
    return lists_in_force(instance, "price_breaks", lines, "item", "supplier")


def _segments(
    instance: Instance, lines: OrderLines, largest: Figures
) -> tuple[Codes, Codes, Figures, Figures, Figures, Figures]:
    """Line, segment (row; -1: list price), least and most quantity, price and fixed cost, by line and then quantity."""
    rows, (row, line) = instance["price_breaks"], _pairs(instance, lines)
    own = np.unique(line)
    line = np.concatenate([own, line])
    segment = np.concatenate([np.full(len(own), LIST), row])
    least = np.concatenate([np.zeros(len(own)), rows["minimum_quantity"][row]])
    price = np.concatenate([lines.unit_cost[own], rows["unit_cost"][row]])
    order = np.lexsort((least, line))
    line, segment, least, price = line[order], segment[order], least[order], price[order]
    first = np.diff(line, prepend=-1) > 0
    last = np.append(first[1:], True)[: len(line)]
    below = np.append(least[1:], 0.0)[: len(line)]
    most = np.where(last, np.inf, below - np.maximum(GAP, GAP * below / 100))
    incremental = (segment != LIST) & (rows["kind"] == "incremental")[segment] if len(rows) else first
    steps = np.where(first, 0.0, (np.roll(price, 1) - price) * least)  # what the units below a break cost more
    begins = np.maximum.accumulate(np.where(first, np.arange(len(line)), 0))
    fixed = np.where(incremental, np.round(np.cumsum(steps) - np.cumsum(steps)[begins], 9), 0.0)
    fits = least <= largest[line]
    most = np.minimum(most, largest[line])
    return line[fits], segment[fits], least[fits], most[fits], price[fits], fixed[fits]
