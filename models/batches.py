"""Batches: the shared word for stock that can be used until some day, by item, location and period.

What there is of batches whatever is decided: those on hand (table `batches`; the rest of the stock is as good as new)
and open orders with an `expiry` of their own. Which of them are used is told first expired, first out: of what can be
used long enough, the oldest goes first to those who ask for most life; then what is wasted is what expires first.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from models.book import NOISE
from models.findings import Finding, fault
from models.instance import Codes, Figures, Instance
from models.open_orders import OPEN_ORDERS, arriving, expected_periods
from models.tables import Table, date, quantity, text

BATCHES = Table(
    "batches",
    "Until when stock on hand can be used: one row per item, location and day. The rest of it is as good as new.",
    key=(
        text("item", "The item.", refers="items"),
        text("location", "The location.", refers="locations"),
        date("expiry", "Last day on which it can be used."),
    ),
    columns=(quantity("quantity", "How much of what is on hand."),),
    optional=True,
    illustrated=False,
)
ARRIVING = OPEN_ORDERS.with_columns(
    date("expiry", "Last day on which it can be used.", default=None, default_text="by the item's shelf_life"),
)
CHANGES = ("sooner_periods", "later_periods")
DECIMALS = 9


class Batches(NamedTuple):
    """Quantities, row by row: where, the last period in which they can be used (or must be), when, and how much."""

    place: Codes
    expiry: Codes
    period: Codes
    quantity: Figures


def with_own_expiry(instance: Instance, place: Codes) -> Batches:
    """Open orders that say when they expire, at these of all places (`pair_places`)."""
    rows, row = instance["open_orders"], arriving(instance)
    row = row[~np.isnat(rows["expiry"][row])]
    where = _places(instance, "open_orders")[row]
    row, where = row[np.isin(where, place)], where[np.isin(where, place)]
    expiry, arrival = instance.calendar.index(rows["expiry"][row]), expected_periods(instance)[row]
    return Batches(np.searchsorted(place, where), expiry, arrival, rows["quantity"][row])


def given(instance: Instance, opening: Figures, place: Codes, life: Codes) -> Batches:
    """What there is of batches at these places, of which so much is on hand, and which are good for so long when new.

    Rows of one place, expiry and period are one. What can no longer be used when it is there is left out.
    """
    rows, own = instance["batches"], with_own_expiry(instance, place)
    where = _places(instance, "batches")
    told = np.flatnonzero((rows["quantity"] > 0) & np.isin(where, place))
    at, much, rest = np.searchsorted(place, where[told]), rows["quantity"][told], opening.copy()
    np.subtract.at(rest, at, much)
    new = np.flatnonzero(rest > 0)
    found = Batches(
        np.concatenate([at, new, own.place]),
        np.concatenate([instance.calendar.index(rows["expiry"][told]), life[new] - 1, own.expiry]),
        np.concatenate([np.zeros(len(at) + len(new), dtype=np.int64), own.period]),
        np.concatenate([much, rest[new], own.quantity]),
    )
    keys, which = np.unique(np.column_stack(found[:3]), axis=0, return_inverse=True)
    total = np.zeros(len(keys))
    np.add.at(total, which.ravel(), found.quantity)
    usable = keys[:, 1] >= keys[:, 2]
    at, expiry, period = keys[usable].astype(np.int64).T
    return Batches(at, expiry, period, total[usable])


def first_expired_first(arrived: Batches, asked: Batches, wasted: Batches) -> tuple[Batches, Figures]:
    """What is taken of each batch and, beside it, what is wasted, in the order of places and periods.

    Args:
        arrived: what comes to each place.
        asked: what leaves; its `expiry` is the period until which it has to last.
        wasted: what is thrown away, of any batch that has not expired before.
    """
    comes, leaves, goes = _grouped(arrived), _grouped(asked), _grouped(wasted)
    told: list[tuple[int, int, int, float, float]] = []
    left, here = dict[int, float](), -1
    for place, t in sorted({*comes, *leaves, *goes}):
        if place != here:
            left, here = {}, place
        for e, much in comes.get((place, t), {}).items():
            left[e] = left.get(e, 0.0) + much
        taken, gone = dict[int, float](), dict[int, float]()
        for some, out in ((leaves, taken), (goes, gone)):
            for least, much in sorted(some.get((place, t), {}).items(), reverse=True):
                _oldest(left, much, least, out)
        told += [(place, e, t, taken.get(e, 0.0), gone.get(e, 0.0)) for e in sorted({*taken, *gone})]
    columns = np.array(told, dtype=np.float64).reshape(-1, 5).T
    places, expiry, period = columns[:3].astype(np.int64)
    return Batches(places, expiry, period, np.round(columns[3], DECIMALS)), np.round(columns[4], DECIMALS)


def _oldest(left: dict[int, float], much: float, least: int, out: dict[int, float]) -> None:
    """Move a quantity out of what is left, from the batches that last to `least` at the soonest, the oldest first."""
    for e in sorted(e for e in left if e >= least):
        some = min(left[e], much)
        if some > NOISE:
            left[e], much, out[e] = left[e] - some, much - some, out.get(e, 0.0) + some


def _grouped(some: Batches) -> dict[tuple[int, int], dict[int, float]]:
    """Quantity by expiry, of each place and period with any."""
    found: dict[tuple[int, int], dict[int, float]] = {}
    for place, expiry, period, much in zip(*(column.tolist() for column in some), strict=True):
        if much:
            of = found.setdefault((place, period), {})
            of[expiry] = of.get(expiry, 0.0) + much
    return found


def _places(instance: Instance, table: str) -> Codes:
    """Item and location of each row as one number (`pair_places`)."""
    return instance.codes(table, "item") * len(instance.labels["location"]) + instance.codes(table, "location")


def batch_faults(instance: Instance) -> Iterator[Finding]:
    """Batches that cannot be, and open orders with an expiry that is not planned."""
    life, rows, item = instance["items"]["shelf_life"], instance["batches"], instance.codes("batches", "item")
    for k in np.flatnonzero(instance.calendar.index(rows["expiry"]) < 0):
        message = "it expired before the start; take it off the stock in inventory, and off batches"
        yield _at("batches", k, "expired", message, "expiry", rows.text("expiry")[k])
    for k in np.flatnonzero(np.isnan(life[item])):
        message = "the item has batches and no shelf_life: fill it in items"
        yield _at("batches", k, "no shelf life", message, "item", rows["item"][k])
    yield from _too_much(instance)
    orders, arrival = instance["open_orders"], expected_periods(instance)
    changeable = ~np.isnan(orders["cancel_cost"])
    for name in CHANGES:
        changeable |= orders[name] > 0
    for k in np.flatnonzero(~np.isnat(orders["expiry"])):
        written = orders.text("expiry")[k]
        if instance.calendar.index(orders["expiry"][k : k + 1])[0] < arrival[k]:
            yield _at("open_orders", k, "expired", "it expires before it arrives", "expiry", written)
        if changeable[k]:
            message = (
                "an order with an expiry of its own cannot be sped up, postponed or cancelled; leave one of them empty"
            )
            yield _at("open_orders", k, "own expiry of a changeable order", message, "expiry", written)


def _too_much(instance: Instance) -> Iterator[Finding]:
    """Batches of more than is on hand."""
    rows, stock = instance["batches"], instance["inventory"]
    held = dict(zip(zip(stock["item"], stock["location"], strict=True), stock["on_hand"], strict=True))
    told: dict[tuple[str, str], float] = {}
    for k, key in enumerate(zip(rows["item"], rows["location"], strict=True)):
        told[key] = told.get(key, 0.0) + float(rows["quantity"][k])
        if told[key] > held.get(key, 0.0) * (1 + 1e-9):
            message = f"with this row there are {told[key]:.10g} in batches, and {held.get(key, 0.0):.10g} on hand"
            yield _at("batches", k, "more in batches than on hand", message, "quantity", rows["quantity"][k])


def _at(table: str, row: Any, rule: str, message: str, column: str, value: object) -> Finding:
    return fault(rule, message, table=table, row=int(row), column=column, value=value)
