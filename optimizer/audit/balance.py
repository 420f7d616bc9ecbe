"""Balance: stock at the end of a period is what there was, what came and what left.

    opening[t] + receipts[t] + transfers_in[t] - transfers_out[t] - delivered[t] - lost[t] = on_hand[t] >= 0
    opening[0] = on_hand of table `inventory` (negative: 0),  opening[t] = on_hand[t-1]

Receipts, transfers and deliveries are those of the plan's other files and of the open orders (the book's flows); lost
is what flows otherwise, in columns that their concepts look at.
`inventory.csv` has a row wherever there is stock or anything moves; a row that is not there stands for nothing at all.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, StockKey
from optimizer.audit.book.numbers import ZERO, at_most, balanced, same_quantity, total
from optimizer.audit.book.plan import StockRow
from optimizer.audit.book.violation import Violation, show

COLUMNS = ("receipts", "transfers_in", "transfers_out", "delivered")
WHENCE = {"receipts": "orders and open orders that arrive", "delivered": "allocations delivered from here"}


def check(book: Book) -> Iterator[Violation]:
    """Refuse stock that comes from nowhere, goes nowhere or is not told."""
    seen: dict[StockKey, int] = {}
    for row in book.plan.stock_rows:
        first = seen.setdefault((row.item, row.location, row.period), row.row)
        if first != row.row:
            yield _about(book, row)(rule="one_stock_row", message=f"a second row for one period, see row {first}")
        yield from _row(book, row)
    yield from _missing(book)


def _row(book: Book, row: StockRow) -> Iterator[Violation]:
    key = row.item, row.location, row.period
    lost = [flows[key] for column, flows in book.flows.items() if column not in COLUMNS and key in flows]
    came, left = (row.opening, row.receipts, row.transfers_in), (row.transfers_out, row.delivered, *lost)
    if not balanced(came, (*left, row.on_hand)) and not same_quantity(total(came), total(left) + row.on_hand):
        message, expected = "on_hand is not opening + receipts + transfers_in − transfers_out − delivered", total(came)
        expected -= total(left)
        yield _about(book, row)(rule="balance", message=message, found=show(row.on_hand), expected=show(expected))
    if row.on_hand.numerator < 0 and not at_most(ZERO, row.on_hand):
        yield _about(book, row)(rule="stock_not_negative", message="stock is negative", found=show(row.on_hand))
    opening = _opening(book, key)
    if not same_quantity(row.opening, opening):
        message = f"opening is not the stock of {'the end of the period before' if row.period else 'the instance'}"
        yield _about(book, row)(rule="opening", message=message, found=show(row.opening), expected=show(opening))
    for column in COLUMNS:
        found, expected = getattr(row, column), book.flows[column].get(key, ZERO)
        if not same_quantity(found, expected):
            message = f"{column} is not the sum of {WHENCE.get(column, 'transfers')}"
            yield _about(book, row)(rule=column, message=message, found=show(found), expected=show(expected))


def _opening(book: Book, key: StockKey) -> Fraction:
    item, location, t = key
    if t:
        return book.on_hand(item, location, t - 1)
    stock = book.instance.stocks.get((item, location))
    return ZERO if stock is None else stock.on_hand


def _missing(book: Book) -> Iterator[Violation]:
    """Rows that ought to be there: something moves, or there was stock at the start or the period before."""
    why: dict[StockKey, str] = {}

    def ought(key: StockKey, quantity: Fraction, reason: str) -> None:
        if key not in book.stock and not same_quantity(quantity, ZERO):
            why[key] = reason.format(show(quantity))

    for (item, location), stock in book.instance.stocks.items():
        ought((item, location, 0), stock.on_hand, "the instance has {} in stock")
    for row in book.plan.stock_rows:
        if row.period + 1 < book.calendar.periods:
            ought((row.item, row.location, row.period + 1), row.on_hand, "the period before ends with {}")
    for column in (*COLUMNS, *(column for column in book.flows if column not in COLUMNS)):
        for key, quantity in book.flows[column].items():
            ought(key, quantity, column + " {}")
    for (item, location, t), reason in why.items():
        yield Violation(
            rule="stock_row_missing",
            file="inventory.csv",
            item=item,
            location=location,
            period=book.calendar.name(t),
            message=f"no row, though something is or happens: {reason}",
        )


def _about(book: Book, row: StockRow) -> Callable[..., Violation]:
    period = book.calendar.name(row.period)
    return partial(Violation, file="inventory.csv", row=row.row, item=row.item, location=row.location, period=period)
