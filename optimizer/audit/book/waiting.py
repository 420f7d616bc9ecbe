"""Waiting: when a receipt is needed, and what waiting and shortage cost if it comes a week later.

A receipt of q in period a, at an item and location with H[t] on hand at the end of t as `inventory.csv` tells it, and a
week of k periods (7 days; 1 where a period is longer):

    lacks[t]  = max(0, q - H[t])                       for t >= a
    needed    the first t in which anything lacks; never, where nothing does to the end of the horizon
    cost      for a <= t < a + k, of what leaves the stock in t, as much as lacks[t] is more than any lacks before, the
              cheapest first: waiting until a + k, or where the line's window ends before that, the shortage less the
              waiting that there was already

So near to what is on hand as a solver keeps its limits, a quantity lacks or does not: either is right.
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from optimizer.audit.book import Book, StockKey
from optimizer.audit.book.calendar import DAYS_A_PERIOD
from optimizer.audit.book.instance import Line
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, same_money

NEAR = 2 * QUANTITY_ABSOLUTE  # of 1 + the quantity


class Receipt(NamedTuple):
    """Something that is to arrive in a period."""

    item: str
    location: str
    arrives: int
    quantity: Fraction


class _Left(NamedTuple):
    """What leaves a stock for a line, and when the customer has it; costs are per unit that leaves."""

    quantity: Fraction
    backorder_cost: Fraction
    shortage_cost: Fraction
    line: Line
    delivered: int

    def cost(self, t: int, until: int) -> Fraction:
        """What a unit costs that leaves in `until` instead of `t`."""
        way = self.delivered - t
        if until + way <= self.line.last:
            return self.backorder_cost * (until - t)
        return max(self.shortage_cost - self.backorder_cost * (self.delivered - self.line.first), ZERO)


class Waiting:
    """What becomes of receipts that wait."""

    def __init__(self, book: Book, receipts: Iterable[Receipt]) -> None:
        self._book = book
        self._week = max(1, round(7 / DAYS_A_PERIOD[book.calendar.kind]))
        self._left: dict[StockKey, list[_Left]] = defaultdict(list)
        stocks = {(one.item, one.location) for one in receipts}
        for row, line in book.delivered:
            flow = book.leaves(row)
            if line is not None and flow.quantity > 0 and (flow.item, flow.location) in stocks:
                each = row.quantity / flow.quantity
                left = _Left(
                    flow.quantity, each * line.backorder_cost, each * line.shortage_cost, line, row.delivery_period
                )
                self._left[flow.item, flow.location, flow.period].append(left)

    def needed(self, receipt: Receipt) -> list[int | None]:
        """The period in which it is needed; several where either is right. None: in none."""
        found: list[int | None] = []
        for t in range(receipt.arrives, self._book.calendar.periods):
            lacks = self._lacks(receipt, t, ZERO)
            if lacks > 0:
                found.append(t)
            if lacks > _near(receipt):
                return found
        return [*found, None]

    def costs_so(self, receipt: Receipt, amount: Fraction) -> bool:
        """Whether an amount is what it costs if the receipt comes a week later."""
        (most, rate), (least, _) = self._cost(receipt, ZERO), self._cost(receipt, _near(receipt))
        slack = rate * QUANTITY_ABSOLUTE
        return least <= amount <= most or any(same_money(amount, right, slack) for right in (least, most))

    def cost(self, receipt: Receipt) -> Fraction:
        """What it costs if the receipt comes a week later."""
        return self._cost(receipt, ZERO)[0]

    def _cost(self, receipt: Receipt, near: Fraction) -> tuple[Fraction, Fraction]:
        """The cost, and what a unit more or less could change it by."""
        cost = rate = before = ZERO
        until = receipt.arrives + self._week
        for t in range(receipt.arrives, min(until, self._book.calendar.periods)):
            more = max(self._lacks(receipt, t, near) - before, ZERO)
            before += more
            for each, quantity in self._cheapest(receipt, t, until):
                waits = min(more, quantity)
                cost, more = cost + waits * each, more - waits
                rate = max(rate, each)
        return cost, rate

    def _cheapest(self, receipt: Receipt, t: int, until: int) -> list[tuple[Fraction, Fraction]]:
        """What leaves in a period, by cost of a unit and quantity."""
        left = self._left.get((receipt.item, receipt.location, t), ())
        return sorted((one.cost(t, until), one.quantity) for one in left)

    def _lacks(self, receipt: Receipt, t: int, near: Fraction) -> Fraction:
        lacks = receipt.quantity - self._book.on_hand(receipt.item, receipt.location, t)
        return lacks if lacks > near else ZERO


def _near(receipt: Receipt) -> Fraction:
    return NEAR * (1 + abs(receipt.quantity))
