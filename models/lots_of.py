"""Lots of an instance: from what the parts derived (`Book`) to the arrays of `models.lots`, all rows at once.

An order line belongs to the lot of its item and location, a demand line to that of the location that it names, or to
the lot of its item where it names none: then all stocks of the item are one lot. A demand line that no lot can deliver
falls short whatever is decided, and is counted in `constant`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.book import Book
from models.demand import DemandLines
from models.instance import Codes, Figures, Instance
from models.known import judged
from models.lots import FREE, Lots, starts
from models.part import Part

Arrays = dict[str, Any]  # columns by name, equally long


def lots_of(instance: Instance, book: Book, parts: Sequence[Part] | None = None) -> Lots:
    """The lots of an instance.

    Args:
        instance: what is planned.
        book: what `derive` gave, in any formulation.
        parts: of the plain formulation; by default all.
    """
    stocks, horizon = book.indexes["stocks"], instance.calendar.periods
    places = _places(instance, stocks["item"], stocks["location"])
    line, shared = _lines(book)
    lot, count = _lots_of_stocks(stocks["item"], shared)
    stock = np.unique(lot, return_index=True)[1]
    rows = _Rows(instance, places, lot)

    holding = np.full((count, horizon), np.inf)
    np.minimum.at(holding, lot, book.values("holding_cost").reshape(len(lot), horizon))
    credit = np.zeros(count)
    np.maximum.at(credit, lot, -_spread(book, "ending_credit", "stock_periods").reshape(len(lot), horizon)[:, -1])
    gates, key = _gates(book, horizon)
    judgement = judged(instance, book, parts)
    demand, constant = _demand(book, line, rows)
    return Lots(
        periods=horizon,
        block=stocks["item"][stock],
        stock=stock,
        holding=holding,
        credit=credit,
        opening=np.bincount(lot, book.values("opening"), minlength=count).astype(np.float64),
        **_options(book, rows, count, horizon, key),
        **_sorted("line_start", demand, count, "first"),
        **_supply(book, rows, count, horizon),
        **gates,
        constant=constant,
        pure=judgement.pure and count == len(lot),
        relaxes=judgement.relaxes,
        merged=count < len(lot),
    )


@dataclass(frozen=True)
class _Rows:
    """Finds the lot of an item and location; `FREE` where there is none."""

    instance: Instance
    places: Codes  # of the stocks, ascending
    lot: Codes

    def of(self, item: Codes, location: Codes) -> Codes:
        wanted = _places(self.instance, item, location)
        at = np.searchsorted(self.places, wanted)
        found = np.append(self.places, -1)[at] == wanted
        return np.where(found, np.append(self.lot, FREE)[at], FREE)

    def of_item(self, item: Codes) -> Codes:
        """The lot of an item whose stocks are all in one lot."""
        locations = len(self.instance.labels["location"])
        at = np.searchsorted(self.places, item * locations)
        found = np.append(self.places, -locations)[at] // locations == item
        return np.where(found, np.append(self.lot, FREE)[at], FREE)


def _places(instance: Instance, item: Codes, location: Codes) -> Codes:
    return item * len(instance.labels["location"]) + location


def _lines(book: Book) -> tuple[DemandLines, Codes]:
    """The lines of index set `lines`, and the items of which one may be delivered from anywhere."""
    (lines,) = book.posted("demand lines")
    here = np.searchsorted(lines.row, book.indexes["lines"]["line"])
    if len(here) < len(lines.row):
        lines = DemandLines(**{name: values[here] for name, values in vars(lines).items()})
    return lines, np.unique(lines.item[lines.location == FREE])


def _lots_of_stocks(item: Codes, shared: Codes) -> tuple[Codes, int]:
    """The lot of each stock: its own, or that of the stock before where they share a line that may go to both."""
    if not len(item):
        return np.zeros(0, np.int64), 0
    joins = (np.diff(item, prepend=-1) == 0) & np.isin(item, shared)
    lot = np.cumsum(~joins) - 1
    return lot, int(lot[-1]) + 1


def _spread(book: Book, parameter: str, whole: str) -> Figures:
    """A parameter over a subset, by rows of the whole; 0 elsewhere."""
    name, values = book.parameters[parameter]
    rows: Codes | slice = slice(None)
    while name != whole:
        name, above = book.parts_of[name]
        rows = above[rows]
    spread = np.zeros(len(book.indexes[whole]))
    spread[rows] = values
    return spread


def _sorted(pointer: str, columns: Arrays, count: int, *by: str) -> Arrays:
    """Columns sorted by lot and others, and pointers to each lot's."""
    lot = columns.pop("lot")
    order = np.lexsort([*(columns[name] for name in reversed(by)), lot])
    pointers = starts(np.bincount(lot, minlength=count))
    return {pointer: pointers, **{name: values[order] for name, values in columns.items()}}


def _options(book: Book, rows: _Rows, count: int, horizon: int, gates: Codes) -> Arrays:
    orders, arrivals = book.indexes["orders"], book.relations["arrivals"]
    assert np.array_equal(arrivals.members[:, 1], orders["period"])  # both are made from the same lines
    key = orders["supplier"] * horizon + orders["period"]
    at = np.searchsorted(gates, key)
    gate = np.where(np.append(gates, FREE)[at] == key, at, FREE)

    limited = book.indexes["capacity_periods"]
    uses = np.isin(key, limited["supplier"] * horizon + limited["period"])  # as the part picks its lines, in order
    use, setup = np.zeros(len(orders)), np.zeros(len(orders))
    use[uses] = book.values("capacity_use")
    setup[uses] = _spread(book, "capacity_setup", "capacity_orders")
    columns = {
        "lot": rows.of(orders["item"], orders["location"]),
        "arrival": arrivals.parents[:, 2].astype(np.int64),
        "gate": gate,
        "unit_cost": book.values("unit_cost"),
        "fixed_cost": _spread(book, "line_cost", "orders"),
        "smallest": _spread(book, "smallest_order", "orders"),
        "largest": book.values("largest_order"),
        "pack": _spread(book, "pack", "orders"),
        "use": use,
        "setup": setup,
        "worth": book.values("unit_cost"),
        "order": np.arange(len(orders)),
        "segment": np.full(len(orders), FREE),
    }
    return _sorted("option_start", _by_segment(book, columns), count, "arrival", "gate")


def _by_segment(book: Book, columns: Arrays) -> Arrays:
    """Columns by order line as columns by option: one for each segment of prices that a line can lie in."""
    lines = [line for line, _ in book.posted("segments")]
    if not lines:
        return columns
    single = np.delete(columns["order"], lines[0])
    row = np.concatenate([single, lines[0]])
    made = {name: values[row] for name, values in columns.items()}
    own = slice(len(single), None)
    made["segment"][own] = np.arange(len(lines[0]))
    made["unit_cost"][own] += book.values("segment_discount")
    made["fixed_cost"][own] += book.values("segment_fixed")
    made["smallest"][own] = np.maximum(made["smallest"][own], _spread(book, "segment_least", "segments"))
    made["largest"][own] = np.minimum(made["largest"][own], book.values("segment_most"))
    made["worth"] = made["unit_cost"]
    possible = made["smallest"] <= made["largest"]
    return {name: values[possible] for name, values in made.items()}


def _demand(book: Book, lines: DemandLines, rows: _Rows) -> tuple[Arrays, float]:
    """The lines that a lot can deliver, and what the others cost."""
    lot = np.where(lines.location == FREE, rows.of_item(lines.item), rows.of(lines.item, lines.location))
    has = lot >= 0
    quantity, lost = book.values("quantity"), book.values("shortage_cost")
    columns = {
        "lot": lot,
        "first": lines.first,
        "last": lines.last,
        "quantity": quantity,
        "waiting": lines.waiting_cost,
        "lost": lost,
        "line": np.arange(len(lot)),
    }
    return {name: values[has] for name, values in columns.items()}, float((quantity * lost)[~has].sum())


def _supply(book: Book, rows: _Rows, count: int, horizon: int) -> Arrays:
    """Opening stock and open orders, by lot and period."""
    opened = book.indexes["open_arrivals"]
    lot = np.concatenate([rows.lot, rows.of(opened["item"], opened["location"])])
    period = np.concatenate([np.zeros(len(rows.lot), np.int64), opened["period"]])
    quantity = np.concatenate([book.values("opening"), book.values("open_quantity")])
    by_period = np.bincount(lot * horizon + period, quantity, minlength=count * horizon).astype(np.float64)
    at = np.flatnonzero(by_period)
    columns = {"lot": at // horizon, "supply_period": at % horizon, "supply_quantity": by_period[at]}
    return _sorted("supply_start", columns, count, "supply_period")


def _gates(book: Book, horizon: int) -> tuple[Arrays, Codes]:
    """Gates by supplier and period, and one number for each, ascending."""

    def key(name: str) -> Codes:
        return book.indexes[name]["supplier"] * horizon + book.indexes[name]["period"]

    names = ("joint_orders", "capacity_periods", "value_ceilings")
    gates = np.unique(np.concatenate([key(name) for name in names]))

    def found(parameter: str, otherwise: float) -> Figures:
        over, given = book.parameters[parameter]
        values = np.full(len(gates), otherwise)
        values[np.searchsorted(gates, key(over))] = given
        return values

    def row(name: str) -> Codes:
        values = np.full(len(gates), FREE)
        values[np.searchsorted(gates, key(name))] = np.arange(len(book.indexes[name]))
        return values

    return {
        "gate_cost": found("joint_order_cost", 0.0),
        "gate_capacity": found("capacity", np.inf),
        "gate_overtime": found("overtime_capacity", 0.0),
        "gate_overtime_cost": found("overtime_cost", 0.0),
        "gate_floor": found("minimum_value", 0.0),
        "gate_ceiling": found("maximum_value", np.inf),
        "gate_open": row("joint_orders"),
        "gate_extra": row("overtime_periods"),
    }, gates
