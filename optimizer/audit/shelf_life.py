"""Shelf life: stock leaves first expired first out, never after its day, and what is thrown away is paid for.

For an item with a `shelf_life` of L periods, at a location: what arrives in t can be used to the end of t + L - 1, the
stock that no row of `batches` names to the end of L - 1, the others (and open orders with an `expiry`) to their day.
From that, from what leaves and from what is wasted, period by period:

    what leaves for lines that ask for k periods more takes the oldest that last so long; those that ask for most first
    what is wasted is the oldest that is left; then nothing is left that expires now
    batches.csv tells the same of each batch; waste = waste_cost × wasted

Items that expire are not moved between locations: there is no route for them.

k is the customer's `minimum_remaining_life`, and the periods on the way.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from optimizer.audit.book import Book, Charge, Flow
from optimizer.audit.book.calendar import day
from optimizer.audit.book.numbers import ZERO, decimal, same_quantity
from optimizer.audit.book.violation import Violation, show

ACCOUNTS = ("waste",)
FILE = "batches.csv"
Place = tuple[str, str]
Key = tuple[str, str, int, int]  # item, location, period, expiry


class Batch(NamedTuple):
    """A row of `batches.csv`."""

    row: int
    item: str
    location: str
    expiry: str
    period: int
    taken: Fraction
    wasted: Fraction


def flows(book: Book) -> Iterator[Flow]:
    """Out of stock, for nobody."""
    for row in _rows(book):
        if row.wasted:
            yield Flow("wasted", row.item, row.location, row.period, row.wasted)


def costs(book: Book) -> Iterator[Charge]:
    """By item, location and period."""
    costs = {row.text("item"): row.number("waste_cost") for row in book.instance.tables.rows("items")}
    for row in _rows(book):
        rate = costs.get(row.item, ZERO)
        yield Charge(account="waste", amount=rate * row.wasted, item=row.item, location=row.location, period=row.period)


def check(book: Book) -> Iterator[Violation]:
    """Refuse what no batch gives, what is too old, and batches other than those that are used."""
    lives = _lives(book)
    if not lives:
        return
    told: dict[Key, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    for row in _rows(book):
        refuse = partial(Violation, rule="batch", file=FILE, row=row.row, item=row.item, location=row.location)
        try:
            expiry = book.calendar.index(day(row.expiry))
        except ValueError:
            yield refuse(message="expiry cannot be read", found=row.expiry)
            continue
        key = row.item, row.location, row.period, expiry
        if row.item not in lives or book.calendar.last_day(expiry) != row.expiry:
            yield refuse(message="no such batch", found=row.expiry)
        elif key in told:
            yield refuse(message="a second row for one batch and period")
        else:
            told[key] = [row.taken, row.wasted]
    arrived, leaves = _arrived(book, lives), _leaves(book, lives)
    used: dict[Key, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    for place in sorted({*arrived, *(key[:2] for key in leaves)}):
        yield from _place(book, place, arrived.get(place, {}), leaves, used)
    for key in sorted({*told, *used}):
        for what, found, right in zip(("taken", "wasted"), told[key], used[key], strict=True):
            if not same_quantity(found, right):
                item, location, t, expiry = key
                yield Violation(
                    rule="batch",
                    file=FILE,
                    item=item,
                    location=location,
                    period=book.calendar.name(t),
                    message=f"of the batch of {book.calendar.last_day(expiry)}, another quantity is {what}",
                    found=show(found),
                    expected=show(right),
                )
    yield from _inventory(book)


def _place(
    book: Book,
    place: Place,
    arrived: dict[int, dict[int, Fraction]],
    leaves: dict[tuple[str, str, int], dict[int, Fraction]],
    used: dict[Key, list[Fraction]],
) -> Iterator[Violation]:
    """An item and location, period by period, first expired first out."""
    left: dict[int, Fraction] = defaultdict(Fraction)
    for t in range(book.calendar.periods):
        about = partial(
            Violation, rule="batch", file=FILE, item=place[0], location=place[1], period=book.calendar.name(t)
        )
        for expiry, come in arrived.items():
            left[expiry] += come.get(t, ZERO)
        for k, asked in sorted(leaves.get((*place, t), {}).items(), reverse=True):
            missing = _oldest(left, asked, t + k, place, t, used, 0)
            if not same_quantity(missing, ZERO):
                message = f"so much leaves that no batch gives which lasts {k} periods more"
                yield about(message=message, found=show(missing))
        missing = _oldest(left, book.flows["wasted"].get((*place, t), ZERO), t, place, t, used, 1)
        if not same_quantity(missing, ZERO):
            yield about(message="more is wasted than there is", found=show(missing))
        over = sum((quantity for expiry, quantity in left.items() if expiry <= t), ZERO)
        if not same_quantity(over, ZERO):
            yield about(message="it has expired, and is not told as waste", found=show(over))
        for expiry in [expiry for expiry in left if expiry <= t]:
            del left[expiry]


def _oldest(
    left: dict[int, Fraction],
    much: Fraction,
    least: int,
    place: Place,
    t: int,
    used: dict[Key, list[Fraction]],
    what: int,
) -> Fraction:
    """Take a quantity from the batches that last to `least` or longer, the oldest first; what is missing of it."""
    for expiry in sorted(expiry for expiry in left if expiry >= least):
        some = min(left[expiry], much)
        if some > 0:
            left[expiry] -= some
            much -= some
            used[*place, t, expiry][what] += some
    return much


def _leaves(book: Book, lives: dict[str, int]) -> dict[tuple[str, str, int], dict[int, Fraction]]:
    """What leaves each stock in each period, by the periods for which it must last."""
    rows = book.instance.tables.rows("customers")
    least = {row.text("customer"): int(row.number("minimum_remaining_life")) for row in rows}
    leaves: dict[tuple[str, str, int], dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in book.plan.allocations:
        flow = book.leaves(row)
        if flow.item in lives:
            asks = least.get(row.customer, 0) + row.delivery_period - flow.period
            leaves[flow.item, flow.location, flow.period][asks] += flow.quantity
    return leaves


def _arrived(book: Book, lives: dict[str, int]) -> dict[Place, dict[int, dict[int, Fraction]]]:
    """What arrives of each batch: by place, expiry and period."""
    arrived: dict[Place, dict[int, dict[int, Fraction]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Fraction))
    )
    tables, calendar = book.instance.tables, book.calendar
    rest = {place: stock.on_hand for place, stock in book.instance.stocks.items() if place[0] in lives}
    for row in tables.rows("batches"):
        place, last = (row.text("item"), row.text("location")), row.day("expiry")
        if place in rest and last is not None:
            arrived[place][calendar.index(last)][0] += row.number("quantity")
            rest[place] -= row.number("quantity")
    for place, quantity in rest.items():
        arrived[place][lives[place[0]] - 1][0] += quantity
    for (item, location, t), quantity in book.flows["receipts"].items():
        if item in lives:
            arrived[item, location][t + lives[item] - 1][t] += quantity
    for row in tables.rows("open_orders"):
        last, arrival, item = row.day("expiry"), row.day("arrival"), row.text("item")
        if last is None or arrival is None or item not in lives:
            continue
        t = calendar.index(arrival)
        t = book.instance.periods("overdue_arrival", 1) if t < 0 else t
        if t < calendar.periods:
            place = item, row.text("location")
            arrived[place][t + lives[item] - 1][t] -= row.number("quantity")
            arrived[place][calendar.index(last)][t] += row.number("quantity")
    return arrived


def _inventory(book: Book) -> Iterator[Violation]:
    """`inventory.csv` tells the same waste."""
    path = book.plan.folder / "inventory.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return  # told already by whoever reads the file
    told: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for k, row in enumerate(rows):
        try:
            told[row["item"], row["location"], row["period"]] += decimal(row.get("wasted") or "0")
        except (KeyError, ValueError):
            yield Violation(rule="wasted", file="inventory.csv", row=k + 2, message="wasted cannot be read")
    for (item, location, t), quantity in book.flows["wasted"].items():
        found = told.pop((item, location, book.calendar.name(t)), ZERO)
        if not same_quantity(found, quantity):
            yield Violation(
                rule="wasted",
                file="inventory.csv",
                item=item,
                location=location,
                period=book.calendar.name(t),
                message="wasted is not what batches.csv tells",
                found=show(found),
                expected=show(quantity),
            )
    for (item, location, period), found in told.items():
        if found:
            message = "nothing of it goes to waste then"
            yield Violation(
                rule="wasted", file="inventory.csv", item=item, location=location, period=period, message=message
            )


def _lives(book: Book) -> dict[str, int]:
    rows = ((row.text("item"), row.number_or_none("shelf_life")) for row in book.instance.tables.rows("items"))
    return {item: int(life) for item, life in rows if life is not None}


def _rows(book: Book) -> list[Batch]:
    return book.plan.load(FILE, Batch) if (book.plan.folder / FILE).exists() else []
