"""Actions: the worklist names what the plan says is to be done, all of it and nothing else, in its order.

    release              each order that is released: its quantity; promise, the last day of the period it arrives in;
                         money, its value
    chase                each open order that is overdue, expected within the horizon, and not changed: money, by price
    expedite             each part of a released order that comes faster, and each open order that is brought in
    postpone, cancel     each open order that is put off or cancelled
    tell                 each customer's order that is late or short: quantity, what is; promise, money as in
                         `backorders.csv`
    rank                 1, 2, … by cost_of_waiting (tell: money), the largest first
    due                  as the table has it, of an open order its arrival; of what is ordered, the first day of the
                         period in which it is needed (`waiting`), empty where it is in none
    latest_safe_date     the last day of that period, as many periods sooner as it takes from what is to be done to the
                         arrival; put off or cancelled: the last day before it was expected; tell: due, or the start
    cost_of_waiting      of what arrives, what a week more would cost (`waiting`); else nothing

`why` is words about these figures, and is not audited. A plan without the file passes: older ones have none.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from optimizer.audit.book import Book
from optimizer.audit.book.numbers import ZERO, same_money, same_quantity
from optimizer.audit.book.tables import TableRow
from optimizer.audit.book.violation import Violation, show
from optimizer.audit.book.waiting import Receipt, Waiting
from optimizer.audit.open_order_changes import FILE as CHANGES
from optimizer.audit.open_order_changes import Change
from optimizer.audit.transport_modes import FILE as EXPEDITED
from optimizer.audit.transport_modes import Expedited

FILE = "actions.csv"


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
    """An action that the plan calls for.

    Of what arrives, `receipt`, and the period in which it is to be done; of the rest, its latest safe date. `due` is
    None where it is the period in which the receipt is needed.
    """

    names: Names
    quantity: Fraction
    money: Fraction
    due: str | None
    safe: str = ""
    receipt: Receipt | None = None
    done: int = 0


def check(book: Book) -> Iterator[Violation]:
    """Refuse actions that are missing, superfluous, wrong or out of order."""
    if not (book.plan.folder / FILE).exists():
        return
    rows = book.plan.load(FILE, Action)
    yield from _ranks(rows)
    wanted: dict[Names, list[_Wanted]] = {}
    every = list(_wanted(book))
    for one in every:
        wanted.setdefault(one.names, []).append(one)
    waiting = Waiting(book, (one.receipt for one in every if one.receipt is not None))
    for row in rows:
        same = [one for one in wanted.get(row.names, ()) if same_quantity(one.quantity, row.quantity)]
        if not same:
            yield _refused(row, "the plan calls for no such action", found=" / ".join(filter(None, row.names)))
            continue
        found = min(same, key=lambda one: len(list(_figures(book, waiting, row, one))))
        wanted[row.names].remove(found)
        yield from _figures(book, waiting, row, found)
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


def _figures(book: Book, waiting: Waiting, row: Action, wanted: _Wanted) -> Iterator[Violation]:
    if not same_money(row.money, wanted.money):
        yield _refused(row, "money is wrong", show(row.money), show(wanted.money))
    receipt, cost = wanted.receipt, ZERO
    dates = {(wanted.due or "", wanted.safe)}
    if receipt is not None:
        dates = {_dates(book, wanted, receipt, period) for period in waiting.needed(receipt)}
        cost = waiting.cost(receipt)
    if row.cost_of_waiting != cost and (receipt is None or not waiting.costs_so(receipt, row.cost_of_waiting)):
        yield _refused(row, "cost_of_waiting is wrong", show(row.cost_of_waiting), show(cost))
    if (row.due, row.latest_safe_date) not in dates:
        found, *_ = sorted(dates, reverse=True)
        for name, told, right in zip(("due", "latest_safe_date"), (row.due, row.latest_safe_date), found, strict=True):
            if told != right:
                yield _refused(row, f"{name} is wrong", told or "none", right or "none")


def _dates(book: Book, wanted: _Wanted, receipt: Receipt, needed: int | None) -> tuple[str, str]:
    """When it is due, and the last day by which it can be done, where it is needed in that period."""
    if needed is None:
        return wanted.due or "", ""
    due = book.calendar.name(needed) if wanted.due is None else wanted.due
    return due, book.calendar.last_day(wanted.done + needed - receipt.arrives)


def _wanted(book: Book) -> Iterator[_Wanted]:
    """Everything that the plan calls for."""
    sped = book.plan.load(EXPEDITED, Expedited) if (book.plan.folder / EXPEDITED).exists() else []
    faster: dict[tuple[str, str, str, int], Fraction] = defaultdict(Fraction)
    for part in sped:
        faster[part.order] += part.quantity
    released = set()
    last_day = book.calendar.last_day
    for order in book.plan.orders:
        if order.action == "release":
            key = order.item, order.supplier, order.location, order.order_period
            released.add(key)
            names = Names("release", *key[:3], "", "", last_day(order.arrival_period))
            rest = Receipt(order.item, order.location, order.arrival_period, order.quantity - faster[key])
            yield _Wanted(names, order.quantity, order.value, None, receipt=rest, done=order.order_period)
    for part in sped:
        if part.order in released:
            names = Names("expedite", *part.order[:3], "", part.mode, last_day(part.arrival_period))
            comes = Receipt(part.item, part.location, part.arrival_period, part.quantity)
            yield _Wanted(names, part.quantity, part.cost, None, receipt=comes, done=part.order_period)
    yield from _open_orders(book)
    yield from _told(book)


def _told(book: Book) -> Iterator[_Wanted]:
    """Customers' orders that are late or short."""
    start = book.calendar.name(0)
    days = {row.as_written("due"): row.day("due") for row in book.instance.tables.rows("demand")}
    for row in book.plan.backorders:
        if row.kind == "order":
            names = Names("tell", row.item, "", row.demand_location, row.customer, row.reference, row.promise)
            day = days.get(row.due)
            safe = start if day is None else max(day.isoformat(), start)
            yield _Wanted(names, row.late_quantity + row.short_quantity, row.cost, row.due, safe)


def _open_orders(book: Book) -> Iterator[_Wanted]:
    changes = book.plan.load(CHANGES, Change) if (book.plan.folder / CHANGES).exists() else []
    changed = {change.key: change for change in changes}
    expected, last_day = book.instance.periods("overdue_arrival", 1), book.calendar.last_day
    for row in book.instance.tables.rows("open_orders"):
        due = row.as_written("arrival")
        change, quantity, day = (
            changed.get((row.text("order"), row.text("line"), due)),
            row.number("quantity"),
            row.day("arrival"),
        )
        period = 0 if day is None else book.calendar.index(day)
        agreed = expected if period < 0 else period
        if change is not None:
            try:
                new = book.calendar.named(change.new_arrival) if change.new_arrival else None
            except ValueError:  # told where changes are audited
                continue
            names = _open(book, row, change.action, "" if new is None else last_day(new))
            if change.action == "expedite" and new is not None:
                comes = Receipt(names.item, names.location, new, quantity)
                yield _Wanted(names, quantity, change.cost, due, receipt=comes)
            else:
                yield _Wanted(names, quantity, change.cost, due, last_day(max(agreed - 1, 0)))
        elif period < 0 and quantity > ZERO and expected < book.calendar.periods:
            names = _open(book, row, "chase", last_day(expected))
            comes = Receipt(names.item, names.location, expected, quantity)
            money = quantity * book.instance.item(names.item).price
            yield _Wanted(names, quantity, money, due, receipt=comes, done=expected)


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
