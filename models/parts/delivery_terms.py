"""Delivery terms: a line is delivered in full or not at all, in one delivery, or in deliveries of some size.

Decides     whole_line[d] in {0,1}     whether line d is delivered, where it takes all of it or nothing
            sent[d,l,t] in {0,1}       whether anything of it leaves l in t, where deliveries are few or have a size
Subject to  complete_line      Σ_{l,t} delivered[d,l,t] + Σ_t otherwise[d,t]  =   q_d · whole_line[d]
            sent_delivery      delivered[d,l,t]          <=  q_d · sent[d,l,t]
            minimum_delivery   delivered[d,l,t]          >=  min(m_d, q_d) · sent[d,l,t]
            one_delivery       Σ_{l,t} sent[d,l,t]       <=  1

`complete`, `one_delivery` and m `minimum_delivery` of table `demand` [unit] (default: the customer's); q what the line
asks for. A complete line may come in several deliveries unless it is to be one, and part of it as a substitute; lines
that come in one delivery, or in deliveries of some size, get their own item. All are hard, and always possible.

Source: order splitting and complete delivery in demand fulfilment: Kilger & Meyr (2015), in Stadtler, Kilger & Meyr,
ch. 9; semi-continuous quantities: Beale & Tomlin (1970).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import DemandLines, Ways, delivery_ways
from models.entities import CUSTOMERS, DEMAND
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part
from models.tables import quantity, text
from models.ways import otherwise

YES, NO = "yes", "no"
WHOLE = "Whether a line is delivered in full or not at all: `yes` or `no`."
ONE = "Whether a line comes in one delivery: `yes` or `no`."
SIZE = "A delivery of a line is at least this, or all that the line asks for where that is less."
LINES = DEMAND.with_columns(
    text("complete", WHOLE, default="", default_text="the customer's", choices=(YES, NO)),
    text("one_delivery", ONE, default="", default_text="the customer's", choices=(YES, NO)),
    quantity("minimum_delivery", SIZE, default=None, default_text="the customer's"),
)
OF_CUSTOMER = CUSTOMERS.with_columns(
    text("complete", WHOLE, default=NO, choices=(YES, NO)),
    text("one_delivery", ONE, default=NO, choices=(YES, NO)),
    quantity("minimum_delivery", SIZE, default=0.0),
)


class DeliveryTerms(Part):
    """Complete lines, single deliveries, and their size."""

    needs = (LINES, OF_CUSTOMER)
    limits = (
        Limit("demand", "complete", "complete delivery only", free=NO, only=(YES,)),
        Limit("demand", "one_delivery", "one delivery only", free=NO, only=(YES,)),
        Limit("demand", "minimum_delivery", "deliveries of at least {}", free=0.0),
        Limit("customers", "complete", "complete delivery only", only=(YES,)),
        Limit("customers", "one_delivery", "one delivery only", only=(YES,)),
        Limit("customers", "minimum_delivery", "deliveries of at least {}"),
    )
    uses = ("delivered", "otherwise")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Deliveries of a size that a line cannot have twice, though it may be split."""
        demand = instance["demand"]
        for k in np.flatnonzero(demand["minimum_delivery"] > demand["quantity"]):
            yield warning(
                "minimum above the line",
                f"the line asks for {demand['quantity'][k]:.10g}, which counts",
                table="demand",
                row=int(k),
                column="minimum_delivery",
                value=demand["minimum_delivery"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """A line may wait for the rest of it though there is stock."""
        complete, single, least = _terms(instance)
        bound = complete | single | (least > 0)
        if bound.any():
            book.post("held back", np.unique(instance.codes("demand", "item")[bound]))
            book.post("own item only", np.flatnonzero(single | (least > 0)))

    def derive(self, instance: Instance, book: Book) -> None:
        """Lines with terms, and their deliveries."""
        (lines,) = book.posted("demand lines")
        complete, single, least = (of_row[lines.row] for of_row in _terms(instance))
        counted = single | (least > 0)
        ways = delivery_ways(book, lines, bool((complete | counted).any()))
        line, location, period, which = ways.line, ways.location, ways.period, ways.which
        also, when = _otherwise(book, lines, complete)
        either = np.concatenate([which, np.searchsorted(lines.row, also)])
        for name, mask, reached in (("complete", complete, either), ("single", single, which)):
            has = _among(mask, reached)
            book.subset(f"{name}_lines", "lines", has)
            mine = has[which]
            book.relation(f"{name}_ways", f"{name}_lines", (line[mine],), location=location[mine], period=period[mine])
        book.relation("complete_otherwise", "complete_lines", (also,), period=when)
        book.parameter("complete_quantity", "complete_lines", lines.quantity[book.parts_of["complete_lines"][1]])
        _sent(book, lines, counted, least, ways)

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is delivered at all, and when."""
        m.whole_line = pyo.Var(m.complete_lines, domain=pyo.Binary)
        m.sent = pyo.Var(m.counted_ways, domain=pyo.Binary)
        m.one_delivery = pyo.Constraint(
            m.single_lines, rule=lambda m, d: sum(m.sent[d, l, t] for l, t in m.single_ways[d]) <= 1
        )

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """All or nothing; a delivery of some size."""
        m.complete_line = pyo.Constraint(
            m.complete_lines,
            rule=lambda m, d: (
                sum(ledger.total("delivered", m, d, l, t) for l, t in m.complete_ways[d])
                + sum(ledger.total("otherwise", m, d, t) for t in m.complete_otherwise[d])
                == m.complete_quantity[d] * m.whole_line[d]
            ),
        )
        m.sent_delivery = pyo.Constraint(
            m.counted_ways,
            rule=lambda m, d, l, t: ledger.total("delivered", m, d, l, t) <= m.most_sent[d, l, t] * m.sent[d, l, t],
        )
        m.minimum_delivery = pyo.Constraint(
            m.sized_ways,
            rule=lambda m, d, l, t: ledger.total("delivered", m, d, l, t) >= m.least_sent[d, l, t] * m.sent[d, l, t],
        )


def _among(mask: Array, which: Codes) -> Array:
    """The lines of a mask that can be delivered at all."""
    can = np.zeros(len(mask), dtype=np.bool_)
    can[which] = True
    among: Array = mask & can
    return among


def _otherwise(book: Book, lines: DemandLines, wanted: Array) -> tuple[Codes, Codes]:
    """Lines of a mask that may get something otherwise, and in which periods."""
    line, period = otherwise(book)
    mine = wanted[np.searchsorted(lines.row, line)]
    return line[mine], period[mine]


def _sent(book: Book, lines: DemandLines, counted: Array, least: Figures, ways: Ways) -> None:
    """The deliveries of lines that come in one, or have a size."""
    mine = counted[ways.which]
    line, location, period, which = (column[mine] for column in (ways.line, ways.location, ways.period, ways.which))
    book.index("counted_ways", line=line, location=location, period=period)
    asked = lines.quantity[which]
    size = np.minimum(least[which], asked)
    book.parameter("most_sent", "counted_ways", asked)
    book.subset("sized_ways", "counted_ways", size > 0)
    book.parameter("least_sent", "sized_ways", size[size > 0])


def _terms(instance: Instance) -> tuple[Array, Array, Figures]:
    """Of each row of demand: whether it is complete or nothing, whether it is one delivery, and the size of one."""
    demand, customers = instance["demand"], instance["customers"]
    customer = instance.codes("demand", "customer")

    def said(column: str) -> Array:
        of_customer = customers[column] if len(customers) else as_texts([NO] * len(instance.labels["customer"]))
        own = demand[column]
        if not (of_customer == YES).any() and not (own == YES).any():
            return np.zeros(len(demand), dtype=np.bool_)
        answer: Array = np.where(own == "", of_customer[customer], own) == YES
        return answer

    own = demand["minimum_delivery"]
    least = customers["minimum_delivery"][customer] if len(customers) else np.zeros(len(demand))
    return said("complete"), said("one_delivery"), np.where(np.isnan(own), least, own)
