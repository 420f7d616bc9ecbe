"""Changes: which orders and demand lines differ between two points of a plan's program."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.point import Point
from optimizer.explain.subject import demand_name, order_name
from optimizer.solve.program import Floats

NOTICED = 1e-6  # of a quantity: a smaller difference is none                                            [unit]
CENTS = 2  # decimals of money by which changes are in order: alike but for last digits, they stay as in the tables


@dataclass(frozen=True)
class OrderChange:
    """An order whose quantity is another, named as questions name it."""

    order: str
    before: float
    after: float


@dataclass(frozen=True)
class LineChange:
    """A demand line that is served in another way.

    Attributes:
        line: named as questions name it.
        late_before, late_after: quantity times periods late                                     [unit-periods]
        short_before, short_after: never delivered                                                      [unit]
        last_before, last_after: first day of the period of its last delivery; "" for none.
    """

    line: str
    late_before: float
    late_after: float
    short_before: float
    short_after: float
    last_before: str
    last_after: str

    @property
    def words(self) -> str:
        """Better or worse, and how."""
        said = []
        if abs(self.short_after - self.short_before) > NOTICED:
            said.append(f"short {self.short_before:.10g} → {self.short_after:.10g}")
        if self.last_before != self.last_after:
            said.append(f"complete {self.last_before or 'never'} → {self.last_after or 'never'}")
        if not said:
            said.append(f"waiting {self.late_before:.10g} → {self.late_after:.10g} unit-periods")
        return ", ".join(said)


def order_changes(point: Point, before: Floats, after: Floats) -> Sequence[OrderChange]:
    """Orders that differ, the largest change of money first."""
    then, now = point.quantity("order", before), point.quantity("order", after)
    rows = np.flatnonzero(np.abs(now - then) > NOTICED * np.maximum(1.0, np.abs(then)))
    worth = np.abs(now - then)[rows] * point.book.values("unit_cost")[rows]
    rows = rows[np.argsort(-np.round(worth, CENTS), kind="stable")]
    return [OrderChange(order_name(point, int(k)), _clean(then[k]), _clean(now[k])) for k in rows]


def line_changes(point: Point, before: Floats, after: Floats) -> Sequence[LineChange]:
    """Demand lines that wait longer or less long, or of which more or less falls short."""
    lines, ways = point.book.indexes["lines"]["line"], point.book.indexes["deliveries"]
    place, period = np.searchsorted(lines, ways["line"]), ways["period"]
    due = np.maximum(point.instance.calendar.index(point.instance["demand"]["due"][lines]), 0)
    late = np.maximum(period - due[place], 0)

    def served(x: Floats) -> tuple[Floats, Floats, Floats]:
        delivered = point.quantity("deliver", x)
        waits: Floats = np.bincount(place, delivered * late, minlength=len(lines)).astype(np.float64)
        last = np.full(len(lines), -1.0)
        np.maximum.at(last, place, np.where(delivered > NOTICED, period, -1.0))
        return waits, point.quantity("short", x), last

    then, now = served(before), served(after)
    differs = np.zeros(len(lines), dtype=np.bool_)
    for one, other in zip(then[:2], now[:2], strict=True):
        differs |= np.abs(one - other) > NOTICED * np.maximum(1.0, np.abs(one))
    rows = np.flatnonzero(differs)
    rows = rows[np.argsort(-np.abs(now[0] - then[0])[rows] - 1e6 * np.abs(now[1] - then[1])[rows], kind="stable")]
    return [
        LineChange(
            demand_name(point, int(lines[k])),
            _clean(then[0][k]),
            _clean(now[0][k]),
            _clean(then[1][k]),
            _clean(now[1][k]),
            *(point.days[int(last[k])] if last[k] >= 0 else "" for last in (then[2], now[2])),
        )
        for k in rows
    ]


def _clean(value: float) -> float:
    """Without the solver's noise."""
    return 0.0 if abs(value) < NOTICED else round(float(value), 9)
