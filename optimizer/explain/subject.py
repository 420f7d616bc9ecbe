"""Subject: the order or demand line that a question is about, found by the names that a planner writes.

    ITEM,SUPPLIER[,LOCATION],PERIOD                     an order; any day of the period will do
    ITEM,CUSTOMER,DUE[,KIND[,LOCATION[,REFERENCE]]]     a demand line, as the demand table has it

Names with a comma stand in double quotes. What is left out must not be needed: where two would fit, they are listed.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Codes
from optimizer.explain.point import Point
from optimizer.explain.unexplained import Unexplained
from optimizer.solve.program import Booleans

LISTED = 8  # that are named where several fit, or none


@dataclass(frozen=True)
class OrderLine:
    """An order that the plan places, or could place.

    Attributes:
        row: of index set `orders`.
        item, supplier, location, period: codes.
        quantity: planned; 0: not placed.
    """

    row: int
    item: int
    supplier: int
    location: int
    period: int
    quantity: float


@dataclass(frozen=True)
class DemandLine:
    """A demand line that counts: row of the demand table, place in index set `lines`, and what it asks for."""

    row: int
    place: int
    item: int
    quantity: float


def words_of(text: str, least: int, most: int, form: str) -> list[str]:
    """The names in a question.

    Raises:
        Unexplained: too few or too many.
    """
    names = next(csv.reader([text], skipinitialspace=True), [])
    if not least <= len(names) <= most:
        raise Unexplained(f"'{text}': write {form}; a name with a comma stands in double quotes.")
    return names


def order_line(point: Point, text: str) -> OrderLine:
    """The order that `ITEM,SUPPLIER[,LOCATION],PERIOD` names.

    Raises:
        Unexplained: there is none, none can be placed then, or several fit.
    """
    item, supplier, *where, day = words_of(text, 3, 4, "ITEM,SUPPLIER[,LOCATION],PERIOD")
    index, period = point.book.indexes["orders"], period_of(point, day)
    fits = (index["item"] == code_of(point, "item", item)) & (index["supplier"] == code_of(point, "supplier", supplier))
    if where and where[0]:
        fits &= index["location"] == code_of(point, "location", where[0])
    rows, ordered = np.flatnonzero(fits & (index["period"] == period)), point.quantity("order")
    if len(rows) > 1 and (ordered[rows] > 0).sum() == 1:
        rows = rows[ordered[rows] > 0]
    if len(rows) == 1:
        return line_at(point, int(rows[0]))
    if len(rows):
        raise Unexplained(f"'{text}' may be any of: {_listed([order_name(point, int(row)) for row in rows])}")
    planned = np.flatnonzero((index["item"] == code_of(point, "item", item)) & (ordered > 0))
    said = _listed([order_name(point, int(row)) for row in planned]) if len(planned) else "none"
    raise Unexplained(
        f"no order of {item} from {supplier} can be placed in the {point.instance.calendar.kind} of "
        f"{point.days[period]}: it is frozen or closed then, would arrive too late, or is of no use. Orders of {item}: "
        f"{said}"
    )


def line_at(point: Point, row: int) -> OrderLine:
    """The order of a row of index set `orders`."""
    codes = point.book.indexes["orders"].codes[row]
    item, supplier, location, period = (int(code) for code in codes)
    return OrderLine(row, item, supplier, location, period, float(point.quantity("order")[row]))


def order_name(point: Point, row: int) -> str:
    """The names of an order, as a question has them."""
    about = point.about("orders", row)
    return quoted([about["item"], about["supplier"], about["location"], about["period"]])


def demand_line(point: Point, text: str) -> DemandLine:
    """The demand line that `ITEM,CUSTOMER,DUE[,KIND[,LOCATION[,REFERENCE]]]` names.

    Raises:
        Unexplained: there is none that counts, or several fit.
    """
    names = words_of(text, 3, 6, "ITEM,CUSTOMER,DUE[,KIND[,LOCATION[,REFERENCE]]]")
    demand, lines = point.instance["demand"], point.book.indexes["lines"]["line"]
    fits: Booleans = np.ones(len(lines), dtype=np.bool_)
    for column, name in zip(("item", "customer", "due", "kind", "location", "reference"), names, strict=False):
        if column == "due":
            written, iso = demand.text("due")[lines], demand["due"][lines].astype(str)
            fits &= (written == name) | (iso == name)
        elif name:
            fits &= demand[column][lines] == name
    found = np.flatnonzero(fits)
    if len(found) == 1:
        place = int(found[0])
        row = int(lines[place])
        item = int(point.instance.codes("demand", "item")[row])
        return DemandLine(row, place, item, float(point.book.values("quantity")[place]))
    if len(found):
        raise Unexplained(f"'{text}' may be any of: {_listed([demand_name(point, int(lines[k])) for k in found])}")
    same = np.flatnonzero(demand["item"][lines] == names[0])
    said = _listed([demand_name(point, int(lines[k])) for k in same]) if len(same) else "none"
    raise Unexplained(f"no demand line that counts is '{text}'; lines of {names[0]}: {said}")


def demand_name(point: Point, row: int) -> str:
    """The names of a demand line, as a question has them."""
    return line_name(line_names(point, row))


def line_names(point: Point, row: int) -> tuple[str, ...]:
    """What names a demand line in result tables: item, customer, due as written, kind, location, reference."""
    demand = point.instance["demand"]
    first = [demand["item"][row], demand["customer"][row], demand.text("due")[row]]
    return tuple(str(name) for name in (*first, demand["kind"][row], demand["location"][row], demand["reference"][row]))


def line_name(names: Sequence[str]) -> str:
    """The names of a demand line, as a question has them: without those at the end that are empty."""
    count = max(3, *(place + 1 for place, name in enumerate(names) if name))
    return quoted(list(names[:count]))


def code_of(point: Point, dimension: str, name: str) -> int:
    """The code of an id.

    Raises:
        Unexplained: nobody is called so.
    """
    found: Codes = np.flatnonzero(point.instance.labels[dimension] == name)
    if not len(found):
        raise Unexplained(f"there is no {dimension} '{name}' in this instance.")
    return int(found[0])


def period_of(point: Point, day: str) -> int:
    """The period that contains a day.

    Raises:
        Unexplained: it is no date, or outside the horizon.
    """
    try:
        period = int(point.instance.calendar.index(np.array([day], dtype="datetime64[D]"))[0])
    except ValueError:
        raise Unexplained(f"'{day}' is no date; write it as 2026-11-23.") from None
    if not 0 <= period < len(point.days):
        raise Unexplained(f"{day} is outside the horizon, which begins on {point.days[0]}.")
    return period


def quoted(names: list[str]) -> str:
    """Names with commas between them; those with a comma in quotes."""
    return ",".join(f'"{name}"' if "," in name else name for name in names)


def _listed(names: list[str]) -> str:
    more = f"; and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return "; ".join(names[:LISTED]) + more
