"""Promise: a demand line in full by a date, and its price: what it costs more, and who slips for it.

Where that is not possible, the most that can be there by then is, and what stands in its way: the rules that bind when
nothing counts but the line, and the first day on which a new order could arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.alternatives import Alternative
from optimizer.explain.binding import priced_rules, rules
from optimizer.explain.choice import Choice, chosen
from optimizer.explain.neighbourhood import Gate, circles
from optimizer.explain.point import Point
from optimizer.explain.resolve import Changed, Limit, Missing, Resolved, Solution
from optimizer.explain.subject import DemandLine, demand_name
from optimizer.explain.widening import Wider, widened
from optimizer.solve.program import Ints

SECONDS_TO_TELL = 10.0


@dataclass(frozen=True)
class Promise:
    """A line by a date.

    Attributes:
        line: as questions name it.
        by: last day of the period by which all of it is there.
        possible: whether that can be, with everything else as planned.
        price: what it costs more, and what changes; without a difference where it is not possible.
        most: of the line that can be there by then                                                        [unit]
        why: what stands in the way of the rest; empty where nothing does.
        around: what was free to move.
        improvement: what the plan itself could save there [money].
        wider: what could not be decided in time with more free; None where all was, or nothing more was tried.
    """

    line: str
    by: str
    possible: bool
    price: Choice
    most: float
    why: Sequence[str]
    around: str
    improvement: float
    wider: Wider | None


def promised(point: Point, line: DemandLine, by: int, seconds: float) -> Promise:
    """The price of a line in full by the end of a period."""
    late, short = ways(point, line, after=by)
    held = [Limit(int(column), 0.0, 0.0) for column in (*late, *short)]
    last = point.instance.calendar.last_day(by)
    kept = Alternative("promise", f"all of it delivered by {last}", [], Changed(held), [])
    best = widened(point, circles(point, line.item, [by], gates(point, line.item, by)), [kept.changed], seconds)
    (found,), (price,), resolved = best.found, chosen(best, [kept]), best.resolved
    most, why = line.quantity, list[str]()
    if found is Missing.IMPOSSIBLE:
        most, why = _most(resolved, line, by, np.concatenate([late, short]))
    name = demand_name(point, line.row)
    possible, near = isinstance(found, Solution), resolved.near
    return Promise(name, last, possible, price, most, why, near.words, resolved.improvement, best.wider)


def ways(point: Point, line: DemandLine, after: int) -> tuple[Ints, Ints]:
    """Columns of what a line gets after a period, and of what it never gets."""
    found = []
    for variable, index in (("deliver", "deliveries"), ("otherwise", "other_ways")):
        rows, columns = point.book.indexes[index], point.compiled.columns[variable]
        kept = (rows["line"] == line.row) & (rows["period"] > after) & (columns >= 0)
        found.append(columns[kept])
    short = point.compiled.columns["short"][[line.place]]
    return np.concatenate(found), short[short >= 0]


def gates(point: Point, item: int, by: int) -> list[Gate]:
    """From each supplier of the item, the last order that arrives by then."""
    index, (lines,) = point.book.indexes["orders"], point.book.posted("order lines")
    last: dict[int, int] = {}
    for row in np.flatnonzero((index["item"] == item) & (lines.arrival <= by)).tolist():
        supplier, period = int(index["supplier"][row]), int(index["period"][row])
        last[supplier] = max(period, last.get(supplier, 0))
    return list(last.items())


def _most(resolved: Resolved, line: DemandLine, by: int, missing: Ints) -> tuple[float, list[str]]:
    """The most of a line that can be there by then, and why it is no more."""
    point = resolved.point
    cost = np.zeros(point.program.columns)
    cost[missing] = 1.0
    elastic = resolved.solved(Changed(cost=cost), SECONDS_TO_TELL)
    if isinstance(elastic, Missing):
        return 0.0, []
    short = float(elastic.x[missing].sum())
    why = []
    (lines,), calendar = point.book.posted("order lines"), point.instance.calendar
    arrivals = lines.arrival[lines.item == line.item]
    if not len(arrivals):
        why.append("it cannot be ordered from anybody")
    elif arrivals.min() > by:
        first = calendar.first_day(int(arrivals.min()))
        why.append(f"a new order arrives in the {calendar.kind} of {first} at the earliest")
    binding = priced_rules(point, resolved.free, elastic.x, cost, rules(point.program))
    why += [f"{one.named.words}: {one.limit:,.10g} is the limit" for one in binding or ()]
    return line.quantity - short, why
