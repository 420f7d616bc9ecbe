"""Accounts: `costs.csv` tells what the plan costs, account by account and key by key.

Its amounts, added up by key, are those of the book's charges; it has no other accounts, and adds up to the objective.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from optimizer.audit.book import Book, ChargeKey, Total
from optimizer.audit.book.numbers import ZERO, same_money, total
from optimizer.audit.book.violation import Violation, show

NOTHING = Total()


def check(book: Book) -> Iterator[Violation]:
    """Refuse amounts that the plan does not cost, and costs that are not told."""
    found: dict[ChargeKey, Fraction] = {}
    rows: dict[ChargeKey, int] = {}
    periods = {book.calendar.name(t) for t in range(book.calendar.periods)} | {""}
    for row in book.plan.cost_rows:
        key = row.account, row.item, row.supplier, row.customer, row.location, row.period
        if rows.setdefault(key, row.row) == row.row:
            found[key] = row.amount
        else:
            found[key] += row.amount
        if row.account not in book.accounts:
            yield _about(key, row.row)(rule="unknown_account", message="no such account", found=row.account)
        if row.period not in periods:
            yield _about(key, row.row)(rule="period", message="no period of the horizon", found=row.period)
    for key in [*found, *(key for key in book.charges if key not in found)]:
        told, due = found.get(key, ZERO), book.charges.get(key, NOTHING)
        if key[0] in book.accounts and told is not due.amount and not same_money(told, due.amount, due.slack):
            yield _about(key, rows.get(key))(
                rule="account",
                message=f"{key[0]} is not what the plan costs there",
                found=show(told),
                expected=show(due.amount),
            )
    total_found = total(found.values())
    objective = book.plan.figures.get("objective")
    if isinstance(objective, int | Fraction) and not same_money(Fraction(objective), total_found):
        yield Violation(
            rule="total_cost",
            file="costs.csv",
            message="the amounts do not add up to the objective",
            found=show(total_found),
            expected=f"the objective of plan.json, {show(Fraction(objective))}",
        )


def _about(key: ChargeKey, row: int | None) -> Callable[..., Violation]:
    _, item, supplier, customer, location, period = key
    return partial(
        Violation,
        file="costs.csv",
        row=row,
        item=item,
        supplier=supplier,
        customer=customer,
        location=location,
        period=period,
    )
