"""Order: why it is planned: what it covers, which rules bind, and what else could be done at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Codes
from optimizer.explain.alternatives import asked_for, usual
from optimizer.explain.binding import Binding, binding, rules
from optimizer.explain.choice import Choice, cheapest, chosen
from optimizer.explain.near import WITHIN, costs_of
from optimizer.explain.neighbourhood import circles
from optimizer.explain.point import Point
from optimizer.explain.standing import Standing
from optimizer.explain.subject import OrderLine, order_line, order_name
from optimizer.explain.widening import Wider, widened
from optimizer.report.pegging import Peg
from optimizer.solve.program import Booleans


@dataclass(frozen=True)
class OrderExplained:
    """An order of a plan, explained.

    Attributes:
        order: as a question names it.
        quantity: planned; 0: not ordered.
        arrives: first day of the period of arrival.
        covers: what it is used for, first in first out.
        rules: those that bind, the dearest first; None: not found in time.
        around: what was free to move.
        improvement: what the plan itself could save there [money]; 0: it is the best that the neighbourhood can do.
        choices: alternatives.
        next_best: the cheapest of them.
        nearly: words for alternatives that cost no more than `allowed`: half a per cent of what the item costs [money].
        wider: what could not be decided in time with more free; None where all was, or nothing more was tried.
    """

    order: str
    quantity: float
    arrives: str
    covers: Sequence[Peg]
    rules: Sequence[Binding] | None
    around: str
    improvement: float
    choices: Sequence[Choice]
    next_best: Choice | None
    nearly: Sequence[str]
    allowed: float
    wider: Wider | None = None


def explained_order(
    standing: Standing, text: str, instead: Sequence[str] = (), seconds: float = 60.0
) -> OrderExplained:
    """Explain an order.

    Args:
        standing: the plan.
        text: `ITEM,SUPPLIER[,LOCATION],PERIOD`.
        instead: alternatives to decide (`none`, `supplier=…`, `period=…`, `quantity=…`); default: the usual ones.
        seconds: at most, for all of them.

    Raises:
        Unexplained: there is no such order or alternative.
    """
    point = standing.point
    line = order_line(point, text)
    alternatives = [asked_for(point, line, one) for one in instead] or list(usual(point, line))
    gates = list(dict.fromkeys(gate(point, row) for one in alternatives for row in (line.row, *one.lines)))
    periods = sorted({arrival(point, row) for one in alternatives for row in (line.row, *one.lines)})
    near = circles(point, line.item, periods, gates)
    best = widened(point, near, [one.changed for one in alternatives], seconds)
    resolved, choices = best.resolved, chosen(best, alternatives)
    arrives, allowed = arrival(point, line.row), WITHIN * costs_of(point, line.item)
    pegs = standing.pegs([str(point.instance.labels["item"][line.item])])
    covers = [peg for peg in pegs if _is(point, peg, line, arrives)]
    return OrderExplained(
        order_name(point, line.row),
        line.quantity,
        point.days[arrives],
        covers,
        binding(point, resolved.free, _rows(point, line, arrives, covers)) if line.quantity else (),
        resolved.near.words,
        resolved.improvement,
        choices,
        cheapest(choices),
        [one.words for one in choices if one.difference is not None and one.difference.high <= allowed],
        allowed,
        best.wider,
    )


def gate(point: Point, row: int) -> tuple[int, int]:
    """Supplier and period of a row of index set `orders`."""
    index = point.book.indexes["orders"]
    return int(index["supplier"][row]), int(index["period"][row])


def arrival(point: Point, row: int) -> int:
    """The period in which an order arrives."""
    (lines,) = point.book.posted("order lines")
    arrivals: Codes = lines.arrival
    return int(arrivals[row])


def _is(point: Point, peg: Peg, line: OrderLine, arrives: int) -> bool:
    """Whether a peg is of this order."""
    labels = point.instance.labels
    supplier, location = labels["supplier"][line.supplier], labels["location"][line.location]
    names = (str(supplier), str(location), point.days[line.period])
    return (peg.receipt.kind, peg.receipt.names, peg.receipt.arrival) == ("order", names, point.days[arrives])


def _rows(point: Point, line: OrderLine, arrives: int, covers: Sequence[Peg]) -> Booleans:
    """Rules that are about the order, and those of its item from its arrival to the last use of it."""
    program = point.program
    found = np.zeros(program.rows, dtype=np.bool_)
    used = [point.days.index(peg.use.period) for peg in covers if peg.use.period]
    for period in range(arrives, max([arrives, *used]) + 1):
        found |= point.rows_about(item=line.item, period=period)
    columns = [int(point.compiled.columns[name][line.row]) for name in ("order", "place")]
    for column in columns:
        if column >= 0:
            found[program.matrix[:, [column]].indices] = True
    equal = program.row_lower == program.row_upper
    own = np.zeros(program.rows, dtype=np.bool_)
    own[program.matrix[:, [columns[0]]].indices] = True
    kept: Booleans = found & (rules(program) | (own & ~equal))
    return kept
