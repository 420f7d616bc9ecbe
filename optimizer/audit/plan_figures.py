"""Figures of the plan: what `plan.json` says is true of the plan beside it.

    objective                 what the plan costs (the book's charges); `accounts`, where given, what each of them holds
    bound <= objective
    gap_money                 objective - bound
    gap                       gap_money ÷ |objective|; 0 where that is 0
    gap_controllable          gap_money ÷ |objective without the account purchase|; 0 where that is 0
    fill_rate_on_time         delivered in its due period ÷ asked for, by quantity; an old order is never on time
    fill_rate                 delivered at all ÷ asked for; both are 1 where nothing is
    counts                    where given: orders, orders_to_release, deliveries, lines_late_or_short are rows of files
    status                    optimal only where the gap is within the one asked for, as far as `run.json` tells that

Whether the bound is right, no audit of the plan can tell. Ratios are compared multiplied out, in money.
"""

from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit.book import Book, Total
from optimizer.audit.book.numbers import MONEY_RELATIVE, QUANTITY_ABSOLUTE, ZERO, at_most_money, same_money, total
from optimizer.audit.book.violation import Violation, show

FIGURES = ("objective", "bound", "gap", "gap_money", "gap_controllable", "fill_rate_on_time", "fill_rate")


def check(book: Book) -> Iterator[Violation]:
    """Refuse figures that the files do not bear out."""
    figures: dict[str, Fraction] = {}
    for name in FIGURES:
        number = _number(book.plan.figures.get(name))
        if number is None:
            yield _violation(name, "is not a number", str(book.plan.figures.get(name)))
        else:
            figures[name] = number
    if len(figures) == len(FIGURES):
        yield from _cost(book, figures["objective"])
        yield from _gap(book, figures)
        yield from _status(book, figures["gap"])
        yield from _fill_rates(book, figures)
    yield from _counts(book)


def _number(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def _cost(book: Book, objective: Fraction) -> Iterator[Violation]:
    totals: dict[str, list[Total]] = {account: [] for account in sorted(book.accounts)}
    for key, charged in book.charges.items():
        totals[key[0]].append(charged)
    accounts = {account: total(one.amount for one in charged) for account, charged in totals.items()}
    slack = {account: total(one.rates for one in charged) * QUANTITY_ABSOLUTE for account, charged in totals.items()}
    cost = sum(accounts.values(), ZERO)
    if not same_money(objective, cost, sum(slack.values(), ZERO)):
        yield _violation("objective", "is not what the plan costs", show(objective), show(cost))
    stated = book.plan.figures.get("accounts", {})
    for account, value in stated.items() if isinstance(stated, dict) else ():
        number, amount = _number(value), accounts.get(account, ZERO)
        if number is None or not same_money(number, amount, slack.get(account, ZERO)):
            yield _violation(f"account {account}", "is not what the plan costs", str(value), show(amount))


def _gap(book: Book, figures: dict[str, Fraction]) -> Iterator[Violation]:
    objective, bound, gap_money = figures["objective"], figures["bound"], figures["gap_money"]
    purchase = total(charged.amount for key, charged in book.charges.items() if key[0] == "purchase")
    margin = MONEY_RELATIVE * max(abs(objective), abs(bound), Fraction(1))
    if not at_most_money(bound, objective):
        yield _violation("bound", "is above the objective", show(bound), f"at most {show(objective)}")
    if abs(gap_money - (objective - bound)) > margin:
        yield _violation("gap_money", "is not objective − bound", show(gap_money), show(objective - bound))
    for name, whole in (("gap", abs(objective)), ("gap_controllable", abs(objective - purchase))):
        found, nothing = figures[name], whole <= margin and figures[name] == 0
        if not nothing and (whole == 0 or abs(found * whole - gap_money) > margin):
            expected = f"{show(gap_money)} ÷ {show(whole)}" if whole else "0"
            yield _violation(name, "does not follow from the gap in money", show(found), expected)


def _status(book: Book, gap: Fraction) -> Iterator[Violation]:
    status, asked = book.plan.figures.get("status"), _gap_asked(book)
    if status not in ("optimal", "feasible"):
        yield _violation("status", "is not one of the two", str(status), "optimal or feasible")
    if status == "optimal" and asked is not None and gap > asked + MONEY_RELATIVE:
        yield _violation("status", "is optimal above the gap asked for", show(gap), f"at most {show(asked)}")


def _gap_asked(book: Book) -> Fraction | None:
    """The gap among the settings of `run.json`: that of the call where it gave one, else the instance's."""
    return _number(book.plan.run_settings.get("gap"))


def _fill_rates(book: Book, figures: dict[str, Fraction]) -> Iterator[Violation]:
    asked = total(line.quantity for line in book.instance.lines.values())
    delivered = total(service.delivered for service in book.services.values())
    late = total(service.late for service in book.services.values())
    for name, quantity in (("fill_rate_on_time", delivered - late), ("fill_rate", delivered)):
        found = figures[name]
        expected = quantity / asked if asked else Fraction(1)
        if abs(found - expected) > MONEY_RELATIVE:
            yield _violation(name, "is not what the allocations deliver", show(found), show(expected))


def _counts(book: Book) -> Iterator[Violation]:
    plan, stated = book.plan, book.plan.figures.get("counts", {})
    released = sum(order.action == "release" for order in plan.orders)
    counts = {
        "orders": len(plan.orders), "orders_to_release": released, "deliveries": len(plan.allocations),
        "lines_late_or_short": len(plan.backorders),
    }  # fmt: skip
    for name, count in counts.items():
        if isinstance(stated, dict) and stated.get(name, count) != count:
            yield _violation(f"count of {name}", "is not that of the files", str(stated[name]), str(count))


def _violation(name: str, message: str, found: str, expected: str = "") -> Violation:
    return Violation(rule="plan_figures", file="plan.json", message=f"{name} {message}", found=found, expected=expected)
