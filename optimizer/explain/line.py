"""Line: why a demand line is served as it is: what covers it, and what it would cost to serve it otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.alternatives import Alternative
from optimizer.explain.choice import Choice, chosen
from optimizer.explain.neighbourhood import circles
from optimizer.explain.point import Point
from optimizer.explain.promise import Promise, gates, promised
from optimizer.explain.resolve import Changed, Limit
from optimizer.explain.standing import Standing
from optimizer.explain.subject import DemandLine, demand_line, demand_name, line_names, period_of
from optimizer.explain.widening import Wider, widened
from optimizer.report.pegging import Peg

NOTICED = 1e-6  # of what is asked: so little is nothing


@dataclass(frozen=True)
class Waiting:
    """A line that waits.

    Attributes:
        choice: what that costs more.
        around: what was free to move.
        improvement: what the plan itself could save there [money].
        wider: what could not be decided in time with more free; None where all was, or nothing more was tried.
    """

    choice: Choice
    around: str
    improvement: float
    wider: Wider | None


@dataclass(frozen=True)
class LineExplained:
    """A demand line of a plan, explained.

    Attributes:
        line: as a question names it.
        quantity: asked.
        deliveries: first day of the period of delivery, and how much.
        short: never delivered.
        covered_by: the receipts that cover it, first in first out.
        promise: the price of all of it by the date asked about; by default on time, where it is not.
        wait: what changes where nothing of it is delivered in its due period; None where that is so already.
    """

    line: str
    quantity: float
    deliveries: Sequence[tuple[str, float]]
    short: float
    covered_by: Sequence[Peg]
    promise: Promise | None
    wait: Waiting | None


def explained_line(standing: Standing, text: str, by: str | None = None, seconds: float = 60.0) -> LineExplained:
    """Explain a demand line.

    Args:
        standing: the plan.
        text: `ITEM,CUSTOMER,DUE[,KIND[,LOCATION[,REFERENCE]]]`.
        by: a day of the period by which all of it should be there; default: its due period.
        seconds: at most.

    Raises:
        Unexplained: there is no such line, or no such period.
    """
    point = standing.point
    line = demand_line(point, text)
    due = due_period(point, line)
    when = due if by is None else period_of(point, by)
    deliveries, short = served(point, line)
    item = str(point.instance.labels["item"][line.item])
    pegs = [peg for peg in standing.pegs(_givers(standing, item)) if peg.use.line == line_names(point, line.row)]
    in_time = sum(quantity for period, quantity in deliveries if period <= when)
    promise = wait = None
    if by is not None or in_time < line.quantity - NOTICED:
        promise = promised(point, line, when, seconds)
    elif due + 1 < len(point.days):
        wait = _waiting(point, line, due, seconds)
    told = [(point.days[period], quantity) for period, quantity in deliveries]
    return LineExplained(demand_name(point, line.row), line.quantity, told, short, pegs, promise, wait)


def due_period(point: Point, line: DemandLine) -> int:
    """The period in which a line is due; the first for one that was due before."""
    due = point.instance["demand"]["due"][line.row : line.row + 1]
    return max(int(point.instance.calendar.index(due)[0]), 0)


def served(point: Point, line: DemandLine) -> tuple[list[tuple[int, float]], float]:
    """Period and quantity of each delivery, and what is never delivered."""
    found: dict[int, float] = {}
    for variable, index in (("deliver", "deliveries"), ("otherwise", "other_ways")):
        rows, values = point.book.indexes[index], point.quantity(variable)
        for row in np.flatnonzero((rows["line"] == line.row) & (values > NOTICED)).tolist():
            period = int(rows["period"][row])
            found[period] = found.get(period, 0.0) + float(values[row])
    return sorted(found.items()), float(point.quantity("short")[line.place])


def _givers(standing: Standing, item: str) -> list[str]:
    """The item, and what is delivered in its place."""
    rows = standing.plan.tables["allocations"]
    others = rows.loc[(rows["item"] == item) & (rows["delivered_item"] != ""), "delivered_item"]
    return list(dict.fromkeys([item, *others]))


def _waiting(point: Point, line: DemandLine, due: int, seconds: float) -> Waiting:
    """What changes where nothing of the line is delivered in its due period."""
    limits = []
    for variable, index in (("deliver", "deliveries"), ("otherwise", "other_ways")):
        rows, columns = point.book.indexes[index], point.compiled.columns[variable]
        kept = (rows["line"] == line.row) & (rows["period"] <= due) & (columns >= 0)
        limits += [Limit(int(column), 0.0, 0.0) for column in columns[kept]]
    waits = Alternative("wait", "nothing of it delivered in its due period", [], Changed(limits), [])
    best = widened(
        point, circles(point, line.item, [due, due + 1], gates(point, line.item, due)), [waits.changed], seconds
    )
    (choice,) = chosen(best, [waits])
    return Waiting(choice, best.resolved.near.words, best.resolved.improvement, best.wider)
