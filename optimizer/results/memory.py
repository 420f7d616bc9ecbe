"""Memory: what a plan keeps for a later run to begin from, and how such a run takes it up.

    basis    item, digest                                  what the plan was made of: another digest, another item
    prices   supplier, period, item, location, limit, price
             limit `capacity`: what a unit of use of the supplier's period is worth     [money per unit of capacity]
             `maximum_quantity`, `minimum_quantity`: of an order line                             [money per unit]

All is found again by its names, so rows may have come, gone or moved since. What is not found again counts as new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.book import Book
from models.instance import Array, Codes, Figures, Instance, Records, as_texts
from models.lots import Lots
from optimizer.solve.program import Floats, Ints

PRICE_KEY = ["supplier", "period", "item", "location", "limit"]
LIMITS = ("capacity", "maximum_quantity", "minimum_quantity")
Digests = NDArray[np.uint64]
ODD, WORD = 0x9E3779B97F4A7C15, 1 << 64


@dataclass(frozen=True)
class Begun:
    """An earlier plan in the rows of an instance.

    Attributes:
        quantity: of each row of index set `orders`.
        prices: of each gate, then of each option's largest and smallest quantity; NaN for gates that are new. Empty
            where there are no lots, or the plan has no prices.
        changed: codes of items that are new, or of which a row has changed.
        record: what `run.json` says of it.
    """

    quantity: Floats
    prices: Floats
    changed: Codes
    record: dict[str, Any]


def remembered(instance: Instance, book: Book, lots: Lots | None, prices: Floats) -> dict[str, pd.DataFrame]:
    """The tables that are kept: `basis`, and `prices` where lots have some."""
    tables = {"basis": basis(instance)}
    if lots is not None and len(prices):
        tables["prices"] = price_table(instance, book, lots, prices)
    return tables


def basis(instance: Instance) -> pd.DataFrame:
    """The digest of each item."""
    digest = as_texts([f"{value:016x}" for value in digests(instance).tolist()])
    return pd.DataFrame({"item": instance.labels["item"], "digest": digest})


def begun(instance: Instance, book: Book, lots: Lots | None, earlier: Mapping[str, pd.DataFrame]) -> Begun:
    """Take up the tables of an earlier plan.

    Args:
        instance: what is to be planned now.
        book: what was derived of it.
        lots: where it is planned lot by lot.
        earlier: `purchase_orders`; `basis` and `prices` where there are.
    """
    orders = earlier["purchase_orders"]
    wanted = _keys(instance, *(orders[name].to_numpy() for name in ("item", "supplier", "location", "order_period")))
    index = book.indexes["orders"]
    names = ("item", "supplier", "location", "period")
    quantity, found = _looked_up(
        _key(instance, *(index[name] for name in names)), wanted, orders["quantity"].to_numpy(np.float64)
    )
    prices = np.zeros(0)
    if lots is not None and "prices" in earlier:
        prices = _prices(instance, book, lots, earlier["prices"])
    changed = changed_items(instance, earlier.get("basis"))
    return Begun(quantity, prices, changed, told(len(orders), int(found.sum()), changed, prices))


def told(orders: int, found: int, changed: Codes, prices: Floats) -> dict[str, Any]:
    """What `run.json` says of an earlier plan that was taken up."""
    return {
        "orders": orders,
        "orders_found_again": found,
        "items_changed": len(changed),
        "prices": bool(len(prices)),
    }


def digests(instance: Instance) -> Digests:
    """One number per item: another one where a cell of its rows, or of a row to which they refer, is another."""
    settings = np.array([float(len(instance.settings))] + [v or 0.0 for _, v in sorted(instance.settings.items())])
    shape = as_texts([f"{instance.calendar.periods} {instance.calendar.kind}"])
    start = int(_hashed(settings).sum()) + int(_hashed(shape)[0])
    total = np.full(len(instance.labels["item"]), start % WORD, dtype=np.uint64)
    for name, records in instance.tables.items():
        if len(records) and "item" in records.columns:
            item, rows = instance.codes(name, "item"), _rows(instance, name, records)
            np.add.at(total, item[item >= 0], rows[item >= 0])
            total += rows[item < 0].sum(dtype=np.uint64)  # a row that names no item is of all of them
    return total


def _rows(instance: Instance, name: str, records: Records) -> Digests:
    """A digest of each row, with those of the rows to which it refers."""
    total = _own(records)
    for column in records.table.all_columns:
        other = instance.tables.get(column.refers) if column.refers != "items" else None
        if other is None or not len(other):
            continue
        dimension = other.table.key[0].name
        codes = instance.codes(name, dimension, column.name)
        total = _mixed(total + np.append(_own(other), np.uint64(0))[codes])
    return total


def _own(records: Records) -> Digests:
    """A digest of the cells of each row."""
    total = np.zeros(len(records), dtype=np.uint64)
    for place, name in enumerate(sorted(column.name for column in records.table.all_columns)):
        total += _mixed(_hashed(records[name]) + np.uint64(place * ODD % WORD))
    return _mixed(total)


def _hashed(values: Array) -> Digests:
    if values.dtype.kind == "M":
        values = values.astype("datetime64[s]")
    return np.asarray(pd.util.hash_array(values), dtype=np.uint64)


def _mixed(values: Digests) -> Digests:
    """Every bit depends on every bit (splitmix64), so that sums of rows differ where cells have changed places."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)), dtype=np.uint64)


def changed_items(instance: Instance, basis: pd.DataFrame | None) -> Codes:
    """Items whose digest is not the one of the basis; none where there is no basis."""
    if basis is None:
        return np.zeros(0, dtype=np.int64)
    known = dict(zip(basis["item"], basis["digest"], strict=True))
    now = zip(instance.labels["item"], digests(instance).tolist(), strict=True)
    return np.flatnonzero([known.get(item) != f"{digest:016x}" for item, digest in now])


def price_table(instance: Instance, book: Book, lots: Lots, prices: Floats) -> pd.DataFrame:
    """The prices by name: all of the gates that anything can be ordered in, and the others that are not 0."""
    count, options = len(lots.gate_cost), len(lots.order)
    gates, first = _gates(lots)
    pieces = [(first, prices[:count][gates])]
    for k in range(2):
        some = prices[count + k * options : count + (k + 1) * options]
        pieces.append((np.flatnonzero(some > 0), some[some > 0]))
    orders, shown = book.indexes["orders"], instance.calendar.first_days().astype(str).astype(object)
    frames = []
    for limit, (option, price) in zip(LIMITS, pieces, strict=True):
        row, nothing = lots.order[option], as_texts([""] * len(option))
        named = {
            name: nothing if limit == "capacity" else instance.labels[name][orders[name][row]]
            for name in ("item", "location")
        }
        frames.append(
            pd.DataFrame(
                {
                    "supplier": instance.labels["supplier"][orders["supplier"][row]],
                    "period": shown[orders["period"][row]],
                    **named,
                    "limit": as_texts([limit] * len(option)),
                    "price": price,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _prices(instance: Instance, book: Book, lots: Lots, table: pd.DataFrame) -> Floats:
    orders = book.indexes["orders"]
    row = lots.order
    gates, first = _gates(lots)
    by_gate = np.full(len(lots.gate_cost), np.nan)
    pieces = [by_gate]
    for limit in LIMITS:
        some = table[table["limit"] == limit]
        columns = [some[name].to_numpy() for name in ("item", "supplier", "location", "period")]
        price = some["price"].to_numpy(np.float64)
        if limit == "capacity":
            wanted = _keys(instance, None, columns[1], None, columns[3])
            nothing = np.zeros(len(first), dtype=np.int64)
            asked = _key(instance, nothing, orders["supplier"][row[first]], nothing, orders["period"][row[first]])
            found, _ = _looked_up(asked, wanted, price)
            by_gate[gates] = np.where(np.isin(asked, wanted), found, np.nan)
            continue
        asked = _key(instance, *(orders[name][row] for name in ("item", "supplier", "location", "period")))
        pieces.append(_looked_up(asked, _keys(instance, *columns), price)[0])
    return np.concatenate(pieces)


def _gates(lots: Lots) -> tuple[Ints, Ints]:
    """Gates that some option uses, and the first option of each."""
    gates, first = np.unique(lots.gate, return_index=True)
    return gates[gates >= 0], first[gates >= 0]


def _keys(instance: Instance, item: Array | None, supplier: Array, location: Array | None, day: Array) -> Codes:
    """One number for each combination of names; -1 where one of them is unknown."""
    period = instance.calendar.index(day.astype("datetime64[D]"))
    period = np.where(period < instance.calendar.periods, period, -1)
    nothing = np.zeros(len(day), dtype=np.int64)
    codes = [
        nothing if names is None else pd.Index(instance.labels[name]).get_indexer(pd.Index(names))
        for name, names in (("item", item), ("supplier", supplier), ("location", location))
    ]
    unknown = (period < 0) | np.any([code < 0 for code in codes], axis=0)
    return np.where(unknown, -1, _key(instance, codes[0], codes[1], codes[2], period))


def _key(instance: Instance, item: Codes, supplier: Codes, location: Codes, period: Codes) -> Codes:
    """One number for each combination of codes."""
    suppliers, locations = (len(instance.labels[name]) for name in ("supplier", "location"))
    return ((item * suppliers + supplier) * locations + location) * instance.calendar.periods + period


def _looked_up(asked: Codes, known: Codes, values: Figures) -> tuple[Figures, NDArray[np.bool_]]:
    """The values of the keys asked for, 0 for those that are not known; and which of the known were asked for."""
    keys, inverse = np.unique(known, return_inverse=True)
    sums = np.bincount(inverse, values, minlength=len(keys)).astype(np.float64)
    at = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(asked)), np.zeros(0, dtype=np.bool_)
    hit = keys[at] == asked
    met = np.zeros(len(keys), dtype=np.bool_)
    met[at[hit]] = True
    return np.where(hit, sums[at], 0.0), met[inverse]
