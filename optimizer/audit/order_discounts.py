"""Order discounts: what a supplier takes off the whole order of a period.

With steps b_1 < b_2 < … and discounts d_1 < d_2 < …, an order for goods of value V (at the prices of its lines, over
all locations) costs

    all_units      d_j × V                                        less; b_j the largest step that V reaches
    incremental    Σ_j d_j × (what of V lies from b_j to b_j+1)   less
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.numbers import ZERO, at_most_money

ACCOUNTS = ("discount",)


def costs(book: Book) -> Iterator[Charge]:
    """By supplier and period, negative."""
    steps: dict[str, list[tuple[Fraction, Fraction, str]]] = defaultdict(list)
    for row in book.instance.tables.rows("order_discounts"):
        kind = row.text("kind", "all_units")
        steps[row.text("supplier")].append((row.number("minimum_value"), row.number("discount"), kind))
    values: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for order in book.plan.orders if steps else ():
        values[order.supplier, order.order_period] += book.value(order)
    for (supplier, t), value in values.items():
        reached = [step for step in sorted(steps.get(supplier, ())) if at_most_money(step[0], value)]
        if reached:
            yield Charge(account="discount", amount=-_taken_off(reached, value), supplier=supplier, period=t)


def _taken_off(reached: list[tuple[Fraction, Fraction, str]], value: Fraction) -> Fraction:
    least, discount, kind = reached[-1]
    if kind == "all_units":
        return discount * value
    below = sum(((after[0] - step[0]) * step[1] for step, after in pairwise(reached)), ZERO)
    return below + discount * max(value - least, ZERO)
