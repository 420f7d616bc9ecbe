"""Flip: the smallest change of demand, or of a lead time, with which an order would no longer be placed.

The item's demand is multiplied by a factor, or its lead time from the supplier made longer; then its neighbourhood is
decided anew, and the order is still there or not. For demand the factor is bisected between the last one that keeps
the order and the first that does not, on the way from 1 outwards: it is a flip, and the nearest of those that were
tried. Decided within a time limit, an answer may be another with more of it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.explain.otherwise import decided, lead_time_longer, with_cells
from optimizer.explain.point import Point
from optimizer.explain.resolve import Solution
from optimizer.explain.standing import Standing
from optimizer.explain.subject import OrderLine, order_line, order_name
from optimizer.explain.unexplained import Unexplained

STEPS = (0.05, 0.1, 0.2, 0.4, 0.8)  # shares by which demand is changed, from near to far
HALVINGS = 3
LONGER = (1, 2, 3, 4)  # periods
NOTICED = 1e-6


@dataclass(frozen=True)
class Flip:
    """Where an order flips.

    Attributes:
        order: as questions name it.
        now: whether it is placed when its neighbourhood is decided anew without any change; where not, the plan can be
            improved there, and nothing else is looked at.
        less: share by which the item's demand may fall before the order goes; None: it stayed with all that was tried.
        more: share by which it may rise, likewise.
        longer: periods by which its lead time may grow before the order goes, likewise.
        stays_less, stays_more, stays_longer: the largest of each with which it was found to stay; 0 where none was
            decided in time.
        tried: changes that were decided.
    """

    order: str
    now: bool
    less: float | None
    more: float | None
    longer: int | None
    stays_less: float
    stays_more: float
    stays_longer: int
    tried: Sequence[str]


def flipped(standing: Standing, text: str, seconds: float = 60.0) -> Flip:
    """Where an order flips.

    Raises:
        Unexplained: there is no such order, or it is not placed.
    """
    point = standing.point
    line = order_line(point, text)
    if line.quantity <= 0:
        raise Unexplained(f"{order_name(point, line.row)} is not ordered in this plan: it cannot be dropped.")
    look = _Look(point, line, seconds / (2 * (len(STEPS) + HALVINGS) + len(LONGER) + 1))
    name, until = order_name(point, line.row), time.monotonic() + seconds
    if look.keeps(point.instance, "as it is") is False:
        return Flip(name, False, None, None, None, 0.0, 0.0, 0, look.tried)
    (less, stays_less), (more, stays_more) = (_factor(look, sign, until) for sign in (-1.0, 1.0))
    longer, stays_longer = None, 0
    for by in LONGER:
        other = lead_time_longer(point.instance, line.item, line.supplier, by)
        if other is None or time.monotonic() > until:
            break
        stays = look.keeps(other, f"lead time +{by}")
        if stays is False:
            longer = by
        if not stays:
            break
        stays_longer = by
    return Flip(name, True, less, more, longer, stays_less, stays_more, stays_longer, look.tried)


class _Look:
    """Whether an order is kept, and what was tried."""

    def __init__(self, point: Point, line: OrderLine, seconds: float) -> None:
        self.point, self.line, self.tried = point, line, list[str]()
        self._seconds = max(seconds, 1.0)

    def keeps(self, instance: Instance, words: str) -> bool | None:
        """Whether the order is still placed; None where that was not found in time."""
        line = self.line
        other, found = decided(self.point, instance, [line.item], self._seconds)
        if not isinstance(found, Solution):
            return None
        self.tried.append(words)
        index = other.book.indexes["orders"]
        named = zip(
            ("item", "supplier", "location", "period"),
            (line.item, line.supplier, line.location, line.period),
            strict=True,
        )
        same = np.all([index[name] == code for name, code in named], axis=0)
        return bool((other.quantity("order", found.x)[same] > NOTICED).any())


def _factor(look: _Look, sign: float, until: float) -> tuple[float | None, float]:
    """The smallest share by which demand may change in one direction before the order goes; the largest it stays with.

    None where it did not go with any that was decided in time.
    """

    def stays(share: float, percent: str) -> bool | None:
        if time.monotonic() > until:
            return None
        return look.keeps(_demanded(look, 1 + sign * share), f"demand {sign * share:{percent}}")

    kept, gone = 0.0, None
    for step in STEPS:
        found = stays(step, "+.0%")
        if found is None:
            return None, kept
        if not found:
            gone = step
            break
        kept = step
    for _ in range(HALVINGS if gone is not None else 0):
        assert gone is not None
        middle = (kept + gone) / 2
        found = stays(middle, "+.1%")
        if found is None:
            break
        kept, gone = (middle, gone) if found else (kept, middle)
    return gone, kept


def _demanded(look: _Look, factor: float) -> Instance:
    """The item's demand multiplied, in whole steps where it comes in such."""
    instance, item = look.point.instance, look.line.item
    quantity = instance["demand"]["quantity"].copy()
    mine = instance.codes("demand", "item") == item
    quantity[mine] *= factor
    step = float(instance["items"]["quantity_step"][item])
    if not np.isnan(step):
        quantity[mine] = np.round(quantity[mine] / step) * step
    return with_cells(instance, "demand", {"quantity": quantity})
