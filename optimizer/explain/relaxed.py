"""Relaxed: what each rule costs: the plan's neighbourhood decided anew without one supplier's rule.

    saves        base - (best without the rule), both in one neighbourhood: the supplier's largest items in this plan
    break-even   saves ÷ what is bought from the supplier: so much dearer its goods could be, and it would still pay

A rule is a name in the model and a supplier (or none); which names are rules is seen from the program (binding.py), so
a rule that is written tomorrow is weighed tomorrow. With more items free more may be saved: it is told what was free.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.binding import rules
from optimizer.explain.neighbourhood import around
from optimizer.explain.point import Point
from optimizer.explain.resolve import Changed, Resolved, Solution
from optimizer.explain.standing import Standing
from optimizer.explain.subject import code_of
from optimizer.solve.program import Ints

ITEMS = 3  # of a supplier that are wholly free
COMPANIONS = 8
LEAST_SECONDS = 2.0


@dataclass(frozen=True)
class RuleCost:
    """What a rule costs.

    Attributes:
        rule: its name in the model.
        supplier: whose; "" for a rule that is about none.
        rows: how many limits it sets.
        saves: without it [money]; low and high: between what it lies.
        exact: low and high are the same, but for rounding.
        bought: from the supplier in this plan [money].
        break_even: what is saved as a share of that; 0 where nothing is bought.
        around: what was free to move.
    """

    rule: str
    supplier: str
    rows: int
    saves: float
    low: float
    high: float
    exact: bool
    bought: float
    break_even: float
    around: str


def rule_costs(standing: Standing, supplier: str | None = None, seconds: float = 60.0) -> Sequence[RuleCost]:
    """What the rules of each supplier cost, the dearest first; those for which there is no time are left out.

    Args:
        standing: the plan.
        supplier: only this one; default: all, those of whom most is bought first.
        seconds: at most, in all.

    Raises:
        Unexplained: there is no such supplier.
    """
    point, until = standing.point, time.monotonic() + seconds
    bought = _bought(point)
    codes = np.argsort(-bought, kind="stable")
    codes = codes[bought[codes] > 0] if supplier is None else np.array([code_of(point, "supplier", supplier)])
    groups = {int(code): list(_groups(point, int(code))) for code in codes}
    count = sum(len(some) + 1 for some in groups.values() if some)
    found = list[RuleCost]()
    for code, some in groups.items():
        left = until - time.monotonic()
        if not some or left <= 0:
            continue
        each = max(left / max(count, 1), LEAST_SECONDS)
        found += _costs(point, code, some, each, float(bought[code]))
        count -= len(some) + 1
    return sorted(found, key=lambda one: (-one.saves, one.supplier, one.rule))


def _bought(point: Point) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Money spent on goods by supplier."""
    index = point.book.indexes["orders"]
    worth = point.quantity("order") * point.book.values("unit_cost")
    return np.bincount(index["supplier"], worth, minlength=len(point.instance.labels["supplier"])).astype(np.float64)


def _groups(point: Point, supplier: int) -> Iterator[tuple[str, Ints]]:
    """The rows of each rule of a supplier."""
    mine = point.rows_about(supplier=supplier) & rules(point.program)
    for name, rows in point.compiled.rows.items():
        kept = rows[rows >= 0]
        kept = kept[mine[kept]]
        if len(kept):
            yield name, kept


def _costs(
    point: Point, supplier: int, groups: Sequence[tuple[str, Ints]], seconds: float, bought: float
) -> Iterator[RuleCost]:
    """The rules of one supplier, all in one neighbourhood."""
    index, ordered = point.book.indexes["orders"], point.quantity("order")
    mine = (index["supplier"] == supplier) & (ordered > 0)
    worth = np.bincount(index["item"][mine], (ordered * point.book.values("unit_cost"))[mine])
    items = [int(k) for k in np.argsort(-worth, kind="stable")[:ITEMS] if worth[k] > 0]
    gates = [(supplier, int(period)) for period in np.unique(index["period"][mine])]
    near = around(point, items, gates, COMPANIONS)
    resolved = Resolved(point, near, 2 * seconds)
    name = str(point.instance.labels["supplier"][supplier])
    for rule, rows in groups:
        found = resolved.solved(Changed(dropped=rows), seconds, start=resolved.base.x)
        if isinstance(found, Solution):
            difference = resolved.difference(found, restricts=False)
            saves, low, high = (max(0.0, -money) for money in (difference.cost, difference.high, difference.low))
            share = saves / bought if bought else 0.0
            yield RuleCost(rule, name, len(rows), saves, low, high, difference.exact, bought, share, near.words)
