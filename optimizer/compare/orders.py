"""Orders: which order lines of a plan another one keeps, changes, moves, gives to somebody else, drops or adds.

Lines are the same where item, supplier, location and order period are. Of what is left, a line that is dropped and one
that is added are told as one

    moved      same item, supplier and location: the same quantity first, then what is nearest in time, both at most
               `NEAR` periods apart
    supplier   same item and location, from somebody else, as near

Within the window that both plans have: orders placed before it are past, those that arrive after it are beyond what the
earlier plan could see.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from optimizer.compare.horizon import Window

NEAR = 4  # periods
TINY = 1e-6
PLACE = ("item", "supplier", "location")
FIGURES = ("supplier", "order_period", "arrival_period", "quantity", "value", "action")
CHANGES = ("quantity", "moved", "supplier", "added", "dropped")
COLUMNS = ("change", "item", "location", *(f"{name}{when}" for name in FIGURES for when in ("_before", "")))


class _Line(NamedTuple):
    """An order line and the number of its order period within the window."""

    period: int
    cells: dict[str, Any]

    @property
    def quantity(self) -> float:
        return float(self.cells["quantity"])


def order_changes(before: pd.DataFrame, after: pd.DataFrame, window: Window) -> pd.DataFrame:
    """What becomes of the order lines of a plan in another.

    Args:
        before: `purchase_orders` of the one.
        after: of the other.
        window: the periods that both have.

    Returns:
        Columns `COLUMNS`, a row for each line that is not kept as it is; `change` is one of `CHANGES`; those on which
        most value hangs first.
    """
    old, new = (_lines(frame, window) for frame in (before, after))
    rows: list[tuple[str, _Line | None, _Line | None]] = []
    for key in [key for key in old if key in new]:
        one, other = old.pop(key), new.pop(key)
        if not _same(one, other):
            rows.append(("quantity", one, other))
    left, right = list(old.values()), list(new.values())
    for change, place in (("moved", PLACE), ("supplier", ("item", "location"))):
        for alike in (_same, lambda one, other: True):
            rows += [(change, one, other) for one, other in _pairs(left, right, place, alike)]
    rows += [("dropped", one, None) for one in left] + [("added", None, other) for other in right]
    found = pd.DataFrame([_row(*row) for row in rows], columns=list(COLUMNS))
    size = np.maximum(found["value_before"].fillna(0.0).abs(), found["value"].fillna(0.0).abs()) if len(found) else []
    return found.iloc[np.argsort(-np.asarray(size, dtype=float), kind="stable")].reset_index(drop=True)


def kept(before: pd.DataFrame, after: pd.DataFrame, window: Window) -> int:
    """How many lines both plans have, alike."""
    old, new = (_lines(frame, window) for frame in (before, after))
    return sum(key in new and _same(line, new[key]) for key, line in old.items())


def counts(before: pd.DataFrame, after: pd.DataFrame, window: Window, changes: pd.DataFrame) -> dict[str, int]:
    """Lines by what becomes of them; `past` and `beyond` are those outside of what is compared."""
    found = changes["change"].value_counts()
    return {
        "before": len(_inside(before, window)),
        "after": len(_inside(after, window)),
        "kept": kept(before, after, window),
        **{change: int(found.get(change, 0)) for change in CHANGES},
        "past": int((before["order_period"] < window.first).sum()),
        "beyond": int((after["arrival_period"] >= window.after).sum()),
    }


def _inside(orders: pd.DataFrame, window: Window) -> pd.DataFrame:
    return orders[(orders["order_period"] >= window.first) & (orders["arrival_period"] < window.after)]


def _lines(orders: pd.DataFrame, window: Window) -> dict[tuple[str, ...], _Line]:
    inside = _inside(orders, window)
    periods = window.calendar.index(inside["order_period"].to_numpy(dtype="datetime64[D]"))
    return {
        (*(cells[name] for name in PLACE), cells["order_period"]): _Line(int(period), cells)
        for period, cells in zip(periods, _records(inside), strict=True)
    }


def _same(one: _Line, other: _Line) -> bool:
    return abs(one.quantity - other.quantity) <= TINY * (1 + one.quantity)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in cells.items()} for cells in frame.to_dict("records")]


def _pairs(
    left: list[_Line], right: list[_Line], place: Sequence[str], alike: Callable[[_Line, _Line], bool]
) -> list[tuple[_Line, _Line]]:
    """Lines of one place that are near, the nearest first; they are taken out of both lists."""
    there: dict[Hashable, list[int]] = defaultdict(list)
    for k, line in enumerate(right):
        there[tuple(line.cells[name] for name in place)].append(k)
    near = sorted(
        (abs(one.period - right[k].period), j, k)
        for j, one in enumerate(left)
        for k in there.get(tuple(one.cells[name] for name in place), ())
        if abs(one.period - right[k].period) <= NEAR and alike(one, right[k])
    )
    taken: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for _, j, k in near:
        if j not in taken[0] and k not in taken[1]:
            taken[0].add(j)
            taken[1].add(k)
            pairs.append((left[j], right[k]))
    left[:] = [line for j, line in enumerate(left) if j not in taken[0]]
    right[:] = [line for k, line in enumerate(right) if k not in taken[1]]
    return pairs


def _row(change: str, one: _Line | None, other: _Line | None) -> dict[str, Any]:
    known = one or other
    assert known is not None
    row: dict[str, Any] = {"change": change, "item": known.cells["item"], "location": known.cells["location"]}
    for when, line in (("_before", one), ("", other)):
        for name in FIGURES:
            nothing = np.nan if name in ("quantity", "value") else ""
            row[f"{name}{when}"] = nothing if line is None else line.cells[name]
    return row
