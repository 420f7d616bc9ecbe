"""Alternatives: what could be done in place of an order, as limits of its columns and as rows of table `overrides`.

    without          nothing of it in its period
    later, earlier   as much of it in the next period, or the last one, in which it can be ordered
    from another     as much of it from another supplier, in the last period in which it arrives no later
    quantity         another quantity in the same order

Whoever wants one puts its rows into `overrides.csv` and plans again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explain.point import Point
from optimizer.explain.resolve import Changed, Limit
from optimizer.explain.subject import OrderLine, code_of, line_at, period_of
from optimizer.explain.unexplained import Unexplained
from optimizer.solve.program import Ints

SUPPLIERS = 3  # other suppliers that are tried without being asked for


@dataclass(frozen=True)
class Alternative:
    """One thing that could be done instead.

    Attributes:
        name: a word for it.
        words: what it is.
        rows: of table `overrides` that force it.
        changed: limits that force it.
        lines: rows of index set `orders` that it is about.
    """

    name: str
    words: str
    rows: Sequence[Mapping[str, str]]
    changed: Changed
    lines: Sequence[int]


def usual(point: Point, line: OrderLine) -> Iterator[Alternative]:
    """Those that are looked at without being asked for; what is not possible is left out."""
    if line.quantity <= 0:
        yield placed_after_all(point, line)
        return
    yield without(point, line)
    for name, rows in (("later", _beside(point, line, 1)), ("earlier", _beside(point, line, -1))):
        for row in rows[:1]:
            yield moved(point, line, int(row), name)
    index = point.book.indexes["orders"]
    others = dict.fromkeys(index["supplier"][(index["item"] == line.item)].tolist())
    for supplier in [s for s in others if s != line.supplier][:SUPPLIERS]:
        for row in _in_time(point, line, int(supplier))[:1]:
            yield moved(point, line, int(row), "from another")


def asked_for(point: Point, line: OrderLine, text: str) -> Alternative:
    """The alternative that `none`, `supplier=…`, `period=…`, `quantity=…`, or several of them with commas, name.

    Raises:
        Unexplained: it is none, or not possible.
    """
    if text.strip() == "none":
        return without(point, line)
    given = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    given = {name.strip(): value.strip() for name, value in given.items()}
    if not given or set(given) - {"supplier", "period", "quantity"}:
        raise Unexplained(f"'{text}': write none, or supplier=…, period=… and quantity=… with commas between them.")
    quantity = _number(given["quantity"]) if "quantity" in given else None
    if "supplier" not in given and "period" not in given:
        assert quantity is not None
        return of_quantity(point, line, quantity)
    supplier = code_of(point, "supplier", given["supplier"]) if "supplier" in given else line.supplier
    index = point.book.indexes["orders"]
    if "period" in given:
        fits = (index["item"] == line.item) & (index["supplier"] == supplier) & (index["location"] == line.location)
        rows = np.flatnonzero(fits & (index["period"] == period_of(point, given["period"])))
    else:
        rows = _in_time(point, line, supplier)
    if not len(rows) or int(rows[0]) == line.row:
        raise Unexplained(f"'{text}': no such order can be placed, or it is the one that is planned.")
    return moved(point, line, int(rows[0]), "as asked", quantity)


def without(point: Point, line: OrderLine) -> Alternative:
    """Nothing of it."""
    return Alternative(
        "without",
        "not ordering it then",
        [_override(point, line.row, quantity=0.0)],
        Changed([_at_most(point, line.row, 0.0)]),
        [line.row],
    )


def of_quantity(point: Point, line: OrderLine, quantity: float) -> Alternative:
    """Another quantity in the same order.

    Raises:
        Unexplained: more than can be of use.
    """
    quantity = _written(quantity)
    _check(point, line.row, quantity)
    column = _column(point, line.row)
    return Alternative(
        "quantity",
        f"ordering {quantity:.10g} of it",
        [_override(point, line.row, quantity=quantity)],
        Changed([Limit(column, quantity, quantity)]),
        [line.row],
    )


def moved(point: Point, line: OrderLine, row: int, name: str, quantity: float | None = None) -> Alternative:
    """As much of it (or so much) in another order, beside what is planned there."""
    other = line_at(point, row)
    largest = float(point.book.values("largest_order")[row])
    much = _written(min(line.quantity + other.quantity, largest) if quantity is None else quantity)
    _check(point, row, much)
    about = point.about("orders", row)
    words = f"ordering {much:.10g} from {about['supplier']} in {about['period']}"
    limits = [_at_most(point, line.row, 0.0), Limit(_column(point, row), much, np.inf)]
    rows = [_override(point, line.row, quantity=0.0), _override(point, row, minimum_quantity=much)]
    return Alternative(name, f"{words} instead", rows, Changed(limits), [line.row, row])


def placed_after_all(point: Point, line: OrderLine) -> Alternative:
    """An order that the plan does not place: the least that can be ordered."""
    least = _smallest(point, line.row)
    return Alternative(
        "ordered",
        f"ordering at least {least:.10g} of it",
        [_override(point, line.row, minimum_quantity=least)],
        Changed([Limit(_column(point, line.row), least, np.inf)]),
        [line.row],
    )


def _smallest(point: Point, row: int) -> float:
    """The least that an order can be; a hundredth of the largest where nothing says."""
    (of, rows), largest = point.book.parts_of["minimum_orders"], float(point.book.values("largest_order")[row])
    found = np.flatnonzero(rows == row)
    return float(point.book.values("smallest_order")[found[0]]) if of == "orders" and len(found) else largest / 100


def _beside(point: Point, line: OrderLine, step: int) -> Ints:
    """The same order in later (1) or earlier (-1) periods, the nearest first."""
    index = point.book.indexes["orders"]
    same = (index["item"] == line.item) & (index["supplier"] == line.supplier) & (index["location"] == line.location)
    rows = np.flatnonzero(same & ((index["period"] - line.period) * step > 0))
    found: Ints = rows[np.argsort(np.abs(index["period"][rows] - line.period), kind="stable")]
    return found


def _in_time(point: Point, line: OrderLine, supplier: int) -> Ints:
    """Orders from a supplier: first those that arrive no later, the last of them first; then the soonest others."""
    index, (lines,) = point.book.indexes["orders"], point.book.posted("order lines")
    same = (index["item"] == line.item) & (index["supplier"] == supplier) & (index["location"] == line.location)
    rows = np.flatnonzero(same)
    late = lines.arrival[rows] - lines.arrival[line.row]
    found: Ints = rows[np.lexsort((np.abs(late), late > 0))]
    return found


def _column(point: Point, row: int) -> int:
    return int(point.compiled.columns["order"][row])


def _at_most(point: Point, row: int, most: float) -> Limit:
    column = _column(point, row)
    return Limit(column, min(float(point.program.lower[column]), most), most)


def _check(point: Point, row: int, quantity: float) -> None:
    largest = float(point.book.values("largest_order")[row])
    if quantity > largest * (1 + 1e-9):
        raise Unexplained(f"{quantity:.10g} is more than can be ordered or be of use then, which is {largest:.10g}.")
    if quantity < 0:
        raise Unexplained(f"{quantity:.10g} is no quantity.")


def _written(quantity: float) -> float:
    """The quantity as an override would say it."""
    return float(f"{quantity:.10g}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Unexplained(f"'{text}' is no quantity.") from None


def _override(point: Point, row: int, **cells: float) -> dict[str, str]:
    about = point.about("orders", row)
    names = {name: about[name] for name in ("item", "supplier", "location", "period")}
    return {**names, **{name: f"{value:.10g}" for name, value in cells.items()}}
