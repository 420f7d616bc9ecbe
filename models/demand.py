"""Demand: the shared word for "a demand line that counts", with its window and its weighted costs.

τ            period of `due`; before `start` it is negative, and the line counts from period 0
window       max(τ, 0) … max(τ, 0) + max_delay, within the horizon; longer where a part says so
waiting cost  w_c · b_d, shortage cost  w_c · p_d, with the defaults of the line's item and of the settings

Accounts of figures, each an array over the rows of table `demand`, that other parts post:

    consumed      quantity of the row that is not to be planned: a forecast that orders have come in for       [unit]
    line weight   multiplies the waiting and shortage cost of the row, beside the customer's weight
    loss weight   multiplies its shortage cost alone
    longer wait   periods that the row may wait beyond its own window
"""

from dataclasses import dataclass

import numpy as np

from models.book import NOISE, Book
from models.entities import price
from models.instance import Codes, Figures, Instance
from models.tables import text

DECIMALS = 9  # of a quantity that is left over
LINE_KEY = (  # of tables that come out: what names a demand line, as the input has it
    text("item", "The item."),
    text("customer", "The customer."),
    text("due", "When it was wanted, as the demand table has it."),
    text("kind", "`order` or `forecast`."),
    text("demand_location", "The location that must deliver it; empty for any."),
    text("reference", "The customer's order number."),
)


@dataclass(frozen=True)
class DemandLines:
    """Demand lines that count, by column; `row` is the row of the demand table."""

    row: Codes
    item: Codes
    customer: Codes
    location: Codes  # -1: any
    due: Codes  # period, true: negative before start
    first: Codes  # first period of delivery, and from which waiting counts
    last: Codes  # last period of delivery
    own_last: Codes  # the same by the line's own window, which a part may make longer
    quantity: Figures
    waiting_cost: Figures  # weighted, per unit and period
    shortage_cost: Figures  # weighted, per unit
    weight: Figures  # the customer's, times what other parts posted


def demand_lines(instance: Instance, book: Book | None = None) -> DemandLines:
    """The demand lines that count: something is asked, within the horizon, and a forecast is not past.

    Args:
        instance: what is planned.
        book: what other parts posted about demand; without it, the lines as the table has them.
    """
    demand, items, horizon = instance["demand"], instance["items"], instance.calendar.periods
    due, quantity, factor, loss = instance.calendar.index(demand["due"]), demand["quantity"], *np.ones((2, len(demand)))
    for consumed in book.posted("consumed") if book else ():
        quantity = np.where(consumed > 0, np.round(quantity - consumed, DECIMALS), quantity)
    for weight in book.posted("line weight") if book else ():
        factor = factor * weight
    for weight in book.posted("loss weight") if book else ():
        loss = loss * weight
    asked = np.where(quantity < demand["quantity"], quantity > NOISE, quantity > 0)
    counts = asked & (due < horizon) & ((due >= 0) | (demand["kind"] == "order"))
    row = np.flatnonzero(counts)
    item, customer, due = instance.codes("demand", "item")[row], instance.codes("demand", "customer")[row], due[row]

    def own(column: str, of_item: Figures) -> Figures:
        return np.where(np.isnan(demand[column][row]), of_item[item], demand[column][row])

    def by_rate(column: str) -> Figures:
        rate = instance.setting(f"costs.{column.replace('_cost', '_rate')}")
        return np.where(np.isnan(items[column]), price(instance) * rate, items[column])

    first = np.maximum(due, 0)
    delay, longer = own("max_delay", items["max_delay"]), np.zeros(len(row))
    for more in book.posted("longer wait") if book else ():
        longer = longer + more[row]

    def until(wait: Figures) -> Codes:
        end = np.where(np.isnan(wait), horizon - 1, np.minimum(first + np.nan_to_num(wait), horizon - 1))
        return end.astype(np.int64)

    weight = factor[row] * (instance["customers"]["weight"][customer] if len(instance["customers"]) else 1.0)
    return DemandLines(
        row=row,
        item=item,
        customer=customer,
        location=instance.codes("demand", "location")[row],
        due=due,
        first=first,
        last=until(delay + longer),
        own_last=until(delay),
        quantity=quantity[row],
        waiting_cost=weight * own("backorder_cost", by_rate("backorder_cost")),
        shortage_cost=loss[row] * weight * own("shortage_cost", by_rate("shortage_cost")),
        weight=np.broadcast_to(weight, len(row)),
    )


@dataclass(frozen=True)
class Ways:
    """Deliveries that are possible, row by row of index set `deliveries`, and the place of each one's line."""

    line: Codes
    location: Codes
    period: Codes
    which: Codes

    def __len__(self) -> int:
        return len(self.line)


def delivery_ways(book: Book, lines: DemandLines, wanted: bool) -> Ways:
    """All of them, or none where no rule wants any: looking for them takes time."""
    if not wanted:
        return Ways(*np.zeros((4, 0), dtype=np.int64))
    ways = book.indexes["deliveries"]
    line = ways["line"]
    return Ways(line, ways["location"], ways["period"], np.searchsorted(lines.row, line))
