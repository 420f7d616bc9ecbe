"""Backorder ageing: what waiting costs beside `backorder_cost`, by how long it lasts, and when a line first waits.

For a delivery of q units to a line, w > 0 periods after its first, with weight W (the customer's, times
`forecast_weight` for a forecast), over the rows of `backorder_steps` for its item and customer:

    ageing = W × Σ (added_cost × max(w - periods, 0) + step_cost × [w > periods]) × q

and W × late_cost once for a line, not due before the start, of which anything is delivered late.
"""

from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Charge
from optimizer.audit.book.instance import ONE, Line
from optimizer.audit.book.numbers import ZERO, at_most, total
from optimizer.audit.book.plan import LineKey

ACCOUNTS = ("ageing",)


def costs(book: Book) -> Iterator[Charge]:
    """By delivery; a first wait in the period in which the line was due."""
    steps = [
        (row.text("item"), row.text("customer"), row.number("periods"), row.number("added_cost"),
         row.number("step_cost"))
        for row in book.instance.tables.rows("backorder_steps")
    ]  # fmt: skip
    late_costs = _late_costs(book)
    for key, line in book.instance.lines.items() if steps or late_costs else ():
        weight = _weight(book, line)
        late = [row for row in book.deliveries.get(key, ()) if row.delivery_period > line.first]
        for row in late:
            waits = row.delivery_period - line.first
            rate = sum(
                (
                    added * (waits - periods) + step
                    for item, customer, periods, added, step in steps
                    if item in ("", line.item) and customer in ("", line.customer) and waits > periods
                ),
                ZERO,
            )
            if rate:
                yield Charge(
                    account="ageing",
                    amount=weight * rate * row.quantity,
                    period=row.delivery_period,
                    item=line.item,
                    customer=line.customer,
                    location=row.location,
                )
        cost = late_costs.get(key, ZERO)
        if cost and line.due >= 0 and not at_most(total(row.quantity for row in late), ZERO):
            yield Charge("ageing", weight * cost, line.first, item=line.item, customer=line.customer)


def _weight(book: Book, line: Line) -> Fraction:
    weight = book.instance.weights.get(line.customer, ONE)
    return weight * book.instance.number("costs", "forecast_weight", "1") if line.key[3] == "forecast" else weight


def _late_costs(book: Book) -> dict[LineKey, Fraction]:
    """What a first wait costs, by line where it costs anything."""
    tables = book.instance.tables
    if not {*tables.texts("items", "late_cost"), *tables.texts("demand", "late_cost")} - {""}:
        return {}
    of_items = {row.text("item"): row.number("late_cost") for row in tables.rows("items")}
    found = {}
    for row in tables.rows("demand"):
        own = row.number_or_none("late_cost")
        cost = of_items.get(row.text("item"), ZERO) if own is None else own
        if cost:
            key = row.text("item"), row.text("customer"), row.as_written("due")
            found[*key, row.text("kind", "order"), row.text("location"), row.text("reference")] = cost
    return found
