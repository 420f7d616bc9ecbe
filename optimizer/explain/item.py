"""Item: the whole of an item's plan: every receipt and what it covers, the rules that bind, and what could be saved."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.binding import Binding, binding, rules
from optimizer.explain.changes import OrderChange, order_changes
from optimizer.explain.neighbourhood import circles
from optimizer.explain.order import gate
from optimizer.explain.standing import Standing
from optimizer.explain.subject import code_of, order_name
from optimizer.explain.widening import widened
from optimizer.report.pegging import Peg


@dataclass(frozen=True)
class ItemExplained:
    """An item of a plan, explained.

    Attributes:
        item: its id.
        orders: planned, and how much of each.
        pegs: receipts and what they cover.
        rules: that bind, the dearest first; None: not found in time.
        around: what was free to move.
        improvement: what the plan itself could save there [money].
        better: the orders that would be others then.
        proven: whether nothing more could be saved there.
    """

    item: str
    orders: Sequence[tuple[str, float]]
    pegs: Sequence[Peg]
    rules: Sequence[Binding] | None
    around: str
    improvement: float
    better: Sequence[OrderChange]
    proven: bool


def explained_item(standing: Standing, item: str, seconds: float = 60.0) -> ItemExplained:
    """Explain an item.

    Raises:
        Unexplained: there is no such item.
    """
    point, code = standing.point, code_of(standing.point, "item", item)
    index, ordered = point.book.indexes["orders"], point.quantity("order")
    rows = np.flatnonzero((index["item"] == code) & (ordered > 0))
    rows = rows[np.argsort(index["period"][rows], kind="stable")]
    gates = list(dict.fromkeys(gate(point, int(row)) for row in rows))
    resolved = widened(point, circles(point, code, [], gates), [], seconds).resolved
    base, near = resolved.base, resolved.near
    return ItemExplained(
        item,
        [(order_name(point, int(row)), float(ordered[row])) for row in rows],
        standing.pegs([item]),
        binding(point, near.free, rules(point.program) & point.rows_about(item=code)),
        near.words,
        resolved.improvement,
        order_changes(point, point.x, base.x),
        base.proven,
    )
