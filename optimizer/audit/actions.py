"""Actions: the worklist names what the plan says is to be done, all of it and nothing else, in its order.

    release              each order that is released: its quantity; promise, the last day of the period it arrives in;
                         money, its value
    chase                each open order that is overdue, expected within the horizon, and not changed
    expedite             each part of a released order that comes faster, and each open order that is brought in
    postpone, cancel     each open order that is put off or cancelled
    tell                 each customer's order that is late or short: quantity, what is; promise, money as in
                         `backorders.csv`
    rank                 1, 2, … by cost_of_waiting (tell: money), the largest first
    latest_safe_date     of a release or chase that arrives in a: so many periods later as `on_hand` stays at or above
                         its quantity from a on; empty where it does to the end

A plan without the file passes: older ones have none.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import QUANTITY_ABSOLUTE, ZERO, same_money, same_quantity
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show
from optimizer.audit.open_order_changes import FILE as CHANGES
from optimizer.audit.open_order_changes import Change
from optimizer.audit.transport_modes import FILE as EXPEDITED
from optimizer.audit.transport_modes import Expedited

FILE = "actions.csv"
SLACK = Fraction(1, 1000)  # of a quantity: so near to what is on hand, either date is right


class Action(NamedTuple):
    """A row of `actions.csv`."""

    row: int
    rank: Fraction
    action: str
    item: str
    supplier: str
    location: str
    customer: str
    reference: str
    quantity: Fraction
    due: str
    promise: str
    money: Fraction
    latest_safe_date: str
    cost_of_waiting: Fraction
    why: str

    @property
    def names(self) -> "Names":
        """What it is about."""
        return Names(self.action, self.item, self.supplier, self.location, self.customer, self.reference, self.promise)

    @property
    def stake(self) -> Fraction:
        """By what it is ranked."""
        return self.money if self.action == "tell" else self.cost_of_waiting


class Names(NamedTuple):
    """What an action is about; several can be about the same."""

    action: str
    item: str
    supplier: str
    location: str
    customer: str
    reference: str
    promise: str


class _Wanted(NamedTuple):
    """An action that the plan calls for; `arrives` and `done` where waiting is reckoned with."""

    names: Names
    quantity: Fraction
    money: Fraction | None = None
    arrives: int | None = None
    done: int | None = None


def check(book: Book) -> Iterator[Violation]:
    """Refuse actions that are missing, superfluous, wrong or out of order."""
    if not (book.plan.folder / FILE).exists():
        return
    rows = book.plan.load(FILE, Action)
    yield from _ranks(rows)
    wanted: dict[Names, list[_Wanted]] = {}
    for one in _wanted(book):
        wanted.setdefault(one.names, []).append(one)
    for row in rows:
        found = next((one for one in wanted.get(row.names, ()) if same_quantity(one.quantity, row.quantity)), None)
        if found is None:
            yield _refused(row, "the plan calls for no such action", found=" / ".join(filter(None, row.names)))
            continue
        wanted[row.names].remove(found)
        yield from _figures(book, row, found)
    for names, missing in wanted.items():
        for _ in missing:
            told = " / ".join(filter(None, names))
            yield Violation(rule="actions", file=FILE, message="an action is missing", expected=told)


def _ranks(rows: list[Action]) -> Iterator[Violation]:
    for place, row in enumerate(rows, start=1):
        if row.rank != place:
            yield _refused(row, "rank is not its place", show(row.rank), str(place))
    for before, row in pairwise(rows):
        if row.stake > before.stake and not same_money(row.stake, before.stake):
            expected = f"at most {show(before.stake)}"
            yield _refused(row, "more hangs on it than on the one above", show(row.stake), expected)


def _figures(book: Book, row: Action, wanted: _Wanted) -> Iterator[Violation]:
    if wanted.money is not None and not same_money(row.money, wanted.money):
        yield _refused(row, "money is wrong", show(row.money), show(wanted.money))
    if row.cost_of_waiting < 0:
        yield _refused(row, "waiting cannot pay", show(row.cost_of_waiting), "0 or more")
    if wanted.arrives is None or wanted.done is None:
        return
    dates = {_safe(book, wanted, quantity) for quantity in (row.quantity * (1 - SLACK), row.quantity * (1 + SLACK))}
    if row.latest_safe_date not in dates:
        yield _refused(row, "latest_safe_date is wrong", row.latest_safe_date or "none", sorted(dates)[-1] or "none")


def _safe(book: Book, wanted: _Wanted, quantity: Fraction) -> str:
    """The last day by which it can be done."""
    assert wanted.arrives is not None and wanted.done is not None
    names = wanted.names
    for t in range(wanted.arrives, book.calendar.periods):
        if book.on_hand(names.item, names.location, t) < quantity - QUANTITY_ABSOLUTE:
            return book.calendar.last_day(wanted.done + t - wanted.arrives)
    return ""


def _wanted(book: Book) -> Iterator[_Wanted]:
    """Everything that the plan calls for."""
    sped = book.plan.load(EXPEDITED, Expedited) if (book.plan.folder / EXPEDITED).exists() else []
    whole = {part.order for part in sped}
    released = set()
    last_day = book.calendar.last_day
    for order in book.plan.orders:
        if order.action == "release":
            key = order.item, order.supplier, order.location, order.order_period
            released.add(key)
            names = Names("release", *key[:3], "", "", last_day(order.arrival_period))
            waits = (None, None) if key in whole else (order.arrival_period, order.order_period)
            yield _Wanted(names, order.quantity, order.value, *waits)
    for part in sped:
        if part.order in released:
            names = Names("expedite", *part.order[:3], "", part.mode, last_day(part.arrival_period))
            yield _Wanted(names, part.quantity, part.cost)
    yield from _open_orders(book)
    for row in book.plan.backorders:
        if row.kind == "order":
            names = Names("tell", row.item, "", row.demand_location, row.customer, row.reference, row.promise)
            yield _Wanted(names, row.late_quantity + row.short_quantity, row.cost)


def _open_orders(book: Book) -> Iterator[_Wanted]:
    changes = book.plan.load(CHANGES, Change) if (book.plan.folder / CHANGES).exists() else []
    changed = {change.key: change for change in changes}
    expected, last_day = book.instance.periods("overdue_arrival", 1), book.calendar.last_day
    for row in book.instance.tables.rows("open_orders"):
        key = row.text("order"), row.text("line"), row.as_written("arrival")
        change, quantity, day = changed.get(key), row.number("quantity"), row.day("arrival")
        overdue = day is not None and book.calendar.index(day) < 0
        if change is not None:
            try:
                promise = last_day(book.calendar.named(change.new_arrival)) if change.new_arrival else ""
            except ValueError:  # told where changes are audited
                continue
            yield _Wanted(_open(book, row, change.action, promise), quantity, change.cost)
        elif overdue and quantity > ZERO and expected < book.calendar.periods:
            yield _Wanted(_open(book, row, "chase", last_day(expected)), quantity, None, expected, expected)


def _open(book: Book, row: TableRow, action: str, promise: str) -> Names:
    locations = book.instance.locations
    location = row.text("location") or (locations[0] if len(locations) == 1 else "")
    reference = " ".join(filter(None, (row.text("order"), row.text("line"))))
    return Names(action, row.text("item"), row.text("supplier"), location, "", reference, promise)


def _refused(row: Action, message: str, found: str = "", expected: str = "") -> Violation:
    return Violation(
        rule="actions",
        file=FILE,
        row=row.row,
        item=row.item,
        location=row.location,
        message=message,
        found=found,
        expected=expected,
    )
