"""Values: what one more unit of stock, of capacity, of budget, of room would be worth.

With orders and packs as planned, the rest is a linear program. Its prices say which rows to look at; what a unit is
worth is found by giving it, since a price may hold in the other direction only. What is saved by more and more is
concave: where twice as much saves twice as much, each unit between saves the same, so that the range for which a worth
holds is found by doubling. All is local: with more than that, other orders would be best.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.binding import NOTICED, Room, rules
from optimizer.explain.neighbourhood import around
from optimizer.explain.otherwise import decided, lead_time_longer
from optimizer.explain.point import Named
from optimizer.explain.resolve import Resolved, Solution
from optimizer.explain.standing import Standing
from optimizer.explain.subject import code_of
from optimizer.solve.construct import forgiving
from optimizer.solve.highs import Priced
from optimizer.solve.program import Booleans, Program

STOCK = "stock_balance"  # the row of the model that a unit more of stock stands in
SAME = 1e-6  # relative: a worth is the same that is so near
DOUBLINGS, HALVINGS = 14, 6
MOST = 15  # of each rule that are told


@dataclass(frozen=True)
class Worth:
    """A unit more of something.

    Attributes:
        named: the row of the model that it stands in.
        words: what there is a unit more of.
        limit: what there is now; 0 for stock, of which there is what there is.
        saves: what the first unit saves [money per unit].
        up_to: so many units each save as much; there may be more than the last that was tried.
    """

    named: Named
    words: str
    limit: float
    saves: float
    up_to: float


@dataclass(frozen=True)
class Sooner:
    """A period less of lead time: what it saves [money], between what that lies, and what was free to move.

    Where nothing was found in time, it is not known what it saves (None).
    """

    words: str
    saves: float | None
    low: float
    high: float
    around: str


def values(
    standing: Standing, item: str | None = None, supplier: str | None = None, seconds: float = 60.0
) -> Sequence[Worth]:
    """What a unit more is worth, the dearest first of each rule.

    Args:
        standing: the plan.
        item: only of this item; default: of all.
        supplier: only of this supplier.
        seconds: at most.

    Raises:
        Unexplained: there is no such item or supplier.
    """
    point = standing.point
    program, until = forgiving(point.held, point.x), time.monotonic() + seconds
    asked = _asked(program, point.compiled.rows[STOCK])
    free = np.ones(program.columns, dtype=np.bool_)
    if item is not None:
        code = code_of(point, "item", item)
        asked &= point.rows_about(item=code)
        free = around(point, [code], [], 0).free
    if supplier is not None:
        asked &= point.rows_about(supplier=code_of(point, "supplier", supplier))
    part, touched = program.restricted(free, point.x), np.unique(program.matrix[:, free].indices)
    priced = Priced(part, point.x[free], seconds)
    if priced.x is None:
        return []
    stock = np.isin(touched, point.compiled.rows[STOCK])
    raises = (priced.prices < 0) | stock
    candidates = np.flatnonzero(asked[touched] & (np.abs(priced.prices) > NOTICED) & raises)
    candidates = candidates[np.argsort(-np.abs(priced.prices[candidates]), kind="stable")]
    room, counts, found = Room(part, point.x[free]), dict[str, int](), []
    for k in candidates.tolist():
        named = point.named(int(touched[k]))
        if counts.get(named.rule, 0) >= MOST or time.monotonic() > until:
            continue
        saves = _saved(priced, room, k, 1.0)
        if saves > NOTICED:
            counts[named.rule] = counts.get(named.rule, 0) + 1
            limit = 0.0 if stock[k] else float(program.row_upper[touched[k]])
            found.append(Worth(named, _words(named), limit, saves, _range(priced, room, k, saves)))
    return sorted(found, key=lambda one: (one.named.rule == STOCK, one.named.rule, -one.saves))


def lead_times(standing: Standing, item: str, seconds: float = 60.0) -> Sequence[Sooner]:
    """What a period less of lead time would save, by supplier of an item; those who gain nothing are left out.

    Raises:
        Unexplained: there is no such item.
    """
    point, code = standing.point, code_of(standing.point, "item", item)
    index = point.book.indexes["orders"]
    mine = index["item"] == code
    suppliers = list(dict.fromkeys(index["supplier"][mine].tolist()))
    near = around(point, [code], [], 0)
    each = seconds / (2 + len(suppliers))
    base = Resolved(point, near, 2 * each).base
    found = list[Sooner]()
    for supplier in suppliers:
        sooner = lead_time_longer(point.instance, code, int(supplier), -1)
        if sooner is None:
            continue
        _, best = decided(point, sooner, [code], each)
        words = f"a {point.instance.calendar.kind} less from {point.instance.labels['supplier'][supplier]}"
        if not isinstance(best, Solution):
            found.append(Sooner(words, None, 0.0, np.inf, near.words))
        elif base.cost - best.bound > base.tolerance:
            low, high = max(base.bound - best.cost, 0.0), base.cost - best.bound
            found.append(Sooner(words, max(0.0, base.cost - best.cost), low, high, near.words))
    return sorted(found, key=lambda one: -(one.saves or 0.0))


def _asked(program: Program, stock: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Booleans:
    """Limits from above that are no matter of whole numbers alone, and stock."""
    found: Booleans = rules(program) & np.isfinite(program.row_upper) & (program.row_upper > 0)
    found &= program.row_lower != program.row_upper
    found[stock[stock >= 0]] = True
    return found


def _saved(priced: Priced, room: Room, row: int, by: float) -> float:
    cost = priced.again(room.given(row, by))
    return 0.0 if cost is None else priced.cost - cost


def _range(priced: Priced, room: Room, row: int, saves: float) -> float:
    """So many units that save as much as the first."""
    held, beyond = 1.0, np.inf
    for _ in range(DOUBLINGS):
        much = 2.0 * held
        if abs(_saved(priced, room, row, much) - much * saves) > SAME * much * saves + NOTICED:
            beyond = much
            break
        held = much
    if np.isinf(beyond):
        return held
    for _ in range(HALVINGS):
        much = (held + beyond) / 2
        if abs(_saved(priced, room, row, much) - much * saves) > SAME * much * saves + NOTICED:
            beyond = much
        else:
            held = much
    return held


def _words(named: Named) -> str:
    if named.rule == STOCK:
        about = named.about
        return f"{about['item']} in stock at {about['location']} in {about['period']}"
    return named.words
