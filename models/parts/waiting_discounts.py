"""Waiting discounts: customers who would not wait as long do wait for a discount, which the plan may choose to offer.

Costs       waiting_discount  δ_dt · deliver[d,l,t]  for each unit that is delivered after the line's own window

Nothing more is decided: a line may wait past its window, for as many periods as a row of table `waiting_discounts` for
its item and customer says, `periods`; δ is the least `discount` of the rows that reach the period of delivery. A unit
pays it beside what waiting costs, in place of the shortage; how much of a line is offered it is what is so delivered.
It is money, and not multiplied by the customer's weight. In all else the line is as one that may wait so long; only a
substitute comes within the window that the customer asked for.

Source: backorder price discounts: Pan & Hsiao (2001), Inventory models with back-order discounts and variable lead
time, International Journal of Systems Science 32(7).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.book import NOISE, Book, Values
from models.demand import LINE_KEY, DemandLines, delivery_ways
from models.findings import Finding, fault
from models.instance import Array, Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Move, Part
from models.tables import Result, Table, date, money, periods, quantity, text

DISCOUNTS = Table(
    "waiting_discounts",
    "For what discount customers wait longer: rows for the lines of an item and customer, by how much longer.",
    key=(
        text("item", "The item.", refers="items", default="", default_text="all"),
        text("customer", "The customer.", refers="customers", default="", default_text="all"),
        periods("periods", "Up to so many periods beyond the line's own window.", example="2"),
    ),
    columns=(money("discount", "What is taken off the price of a unit.", per="unit", example="1.50"),),
    optional=True,
)


class WaitingDiscounts(Part):
    """Discounts for a longer wait."""

    needs = (DISCOUNTS,)
    uses = ("delivered",)
    gives = (
        Result(
            "waiting_offers",
            "Discounts to offer to customers for waiting beyond their window: one row per demand line and period.",
            (
                *LINE_KEY,
                date("delivery_period", "First day of the period of delivery."),
                quantity("quantity", "How much waits for it."),
                money("discount", "What is taken off.", per="unit"),
                money("cost", "What that costs."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Rows for which nobody would wait longer."""
        rows = instance["waiting_discounts"]
        for k in np.flatnonzero(rows["periods"] < 1):
            yield fault(
                "no longer wait",
                "nobody waits longer for it: periods is at least 1",
                table="waiting_discounts",
                row=int(k),
                column="periods",
                value=rows["periods"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """How much longer each row of demand may wait."""
        rows = instance["waiting_discounts"]
        if len(rows):
            longer = np.zeros(len(instance["demand"]))
            item, customer = instance.codes("demand", "item"), instance.codes("demand", "customer")
            for k, fits in enumerate(_fits(instance, item, customer)):
                longer[fits] = np.maximum(longer[fits], rows["periods"][k])
            book.post("longer wait", longer)

    def derive(self, instance: Instance, book: Book) -> None:
        """Deliveries after the window, and the discount for which they come so late."""
        (lines,) = book.posted("demand lines")
        ways = delivery_ways(book, lines, len(instance["waiting_discounts"]) > 0)
        late = np.zeros(len(book.indexes["deliveries"]), dtype=np.bool_)
        late[: len(ways)] = ways.period > lines.own_last[ways.which]
        book.subset("offered_deliveries", "deliveries", late)
        which, period = ways.which[late[: len(ways)]], ways.period[late[: len(ways)]]
        book.parameter("waiting_discount", "offered_deliveries", _discount(instance, lines, which, period))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is taken off."""
        ledger.cost("waiting_discount", m.waiting_discount, m.deliver)

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`waiting_offers`."""
        row, index = book.parts_of["offered_deliveries"][1], book.indexes["offered_deliveries"]
        keys, which = np.unique(np.column_stack([index["line"], index["period"]]), axis=0, return_inverse=True)
        much = np.bincount(which.ravel(), values["deliver"][row], minlength=len(keys))
        rate = np.zeros(len(keys))
        rate[which.ravel()] = book.values("waiting_discount")
        some = np.flatnonzero(much > NOISE)
        line, demand = keys[some, 0], instance["demand"]
        return {
            "waiting_offers": {
                "item": demand["item"][line],
                "customer": demand["customer"][line],
                "due": demand.text("due")[line],
                "kind": demand["kind"][line],
                "demand_location": demand["location"][line],
                "reference": demand["reference"][line],
                "delivery_period": instance.calendar.first_days().astype(str)[keys[some, 1]],
                "quantity": much[some],
                "discount": rate[some],
                "cost": (rate * much)[some],
            }
        }


def _fits(instance: Instance, item: Codes, customer: Codes) -> Iterator[Any]:
    """For each row of the table, which lines of these items and customers it is for."""
    asked, who = (instance.codes("waiting_discounts", name) for name in ("item", "customer"))
    for i, c in zip(asked, who, strict=True):
        yield ((i == -1) | (item == i)) & ((c == -1) | (customer == c))


def _discount(instance: Instance, lines: DemandLines, which: Codes, period: Codes) -> Figures:
    """The least discount for which each line waits until a period beyond its window [money per unit]."""
    rows, least = instance["waiting_discounts"], np.full(len(which), np.inf)
    beyond = period - lines.own_last[which]
    for k, fits in enumerate(_fits(instance, lines.item[which], lines.customer[which])):
        reached = fits & (beyond <= rows["periods"][k])
        least[reached] = np.minimum(least[reached], rows["discount"][k])
    return least
