"""Show: an answer as tables for people."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.explain.binding import Binding
from optimizer.explain.choice import Choice
from optimizer.explain.flip import Flip
from optimizer.explain.item import ItemExplained
from optimizer.explain.line import LineExplained
from optimizer.explain.near import WITHIN, NearlyAsGood
from optimizer.explain.order import OrderExplained
from optimizer.explain.promise import Promise
from optimizer.explain.relaxed import RuleCost
from optimizer.explain.resolve import Difference
from optimizer.explain.subject import line_name
from optimizer.explain.supplier import SupplierExplained
from optimizer.explain.values import Sooner, Worth
from optimizer.explain.widening import Wider
from optimizer.report.pegging import Peg
from optimizer.report.plain_table import PlainTable
from optimizer.report.text import amount, dearest_first, percent, printable

TOP = 10  # rows of a list that are shown; --json has all of them


def shown(name: str, answer: Any) -> Iterator[RenderableType]:
    """What rich prints of an answer, by what was asked."""
    match name:
        case "order":
            yield from _order(answer)
        case "line":
            yield from _line(answer)
        case "item":
            yield from _item(answer)
        case "near":
            yield from _near(answer)
        case "supplier":
            yield from _supplier(answer)
        case "flip":
            yield from _flip(answer)
        case "values":
            yield from _values(answer)
        case "lead_times":
            yield from _lead_times(answer)
        case "rules":
            yield from _rule_costs(answer)


def _flip(answer: Flip) -> Iterator[RenderableType]:
    yield _title(f"How far from here {answer.order} stays", f"{len(answer.tried)} changes were decided")
    if not answer.now:
        yield Text("Decided anew as it is, it would not be placed: the plan can be improved there.", style="yellow")
        return
    for share, stays, words in (
        (answer.less, answer.stays_less, "less demand"),
        (answer.more, answer.stays_more, "more demand"),
    ):
        yield _how_far(f"{share:.1%}" if share else "", f"{stays:.0%}" if stays else "", words)
    longer, stays_longer = (str(periods or "") for periods in (answer.longer, answer.stays_longer))
    yield _how_far(longer, stays_longer, "periods more of lead time")


def _how_far(goes: str, stays: str, words: str) -> Text:
    """With how much of a change an order goes, or stays at least; "" where that is not known."""
    if goes:
        return Text(f"  goes with {goes} {words}")
    return Text(f"  stays with up to {stays} {words}" if stays else f"  not found in time: with {words}")


def _values(answer: Sequence[Worth]) -> Iterator[RenderableType]:
    if not answer:
        yield Text("A unit more of anything would save nothing, with the orders as planned.")
        return
    table = _table("What a unit more would save, with the orders as planned", "of", ">now", ">saves", ">each of up to")
    for one in answer:
        limit = amount(one.limit) if one.limit else ""
        table.add_row(printable(one.words), limit, amount(one.saves, 4 if one.saves < 1 else 2), amount(one.up_to))
    yield table


def _lead_times(answer: Sequence[Sooner]) -> Iterator[RenderableType]:
    if not answer:
        yield Text("A period less of lead time would save nothing.")
        return
    table = _table("What a shorter lead time would save", "", ">saves")
    for one in answer:
        said = "not found in time" if one.saves is None else _between(one.low, one.high)
        exact = one.saves is not None and one.high - one.low <= 0.01
        table.add_row(printable(one.words), amount(one.saves or 0.0, 2) if exact else said)
    yield table
    yield Text(printable(answer[0].around), style="dim")


def _rule_costs(answer: Sequence[RuleCost]) -> Iterator[RenderableType]:
    if not answer:
        yield Text("No rule of a supplier could be weighed.")
        return
    table = _table("What rules cost", "supplier", "rule", ">saved without it", ">of what is bought")
    for one in answer:
        saved = amount(one.saves, 2) if one.exact else f"{amount(one.saves, 2)} ({_between(one.low, one.high)})"
        table.add_row(printable(one.supplier), one.rule.replace("_", " "), saved, percent(one.break_even))
    yield table
    yield Text("One supplier's rule at a time, for the items of whom most is bought; --json tells which.", style="dim")


def _between(low: float, high: float) -> str:
    return f"{amount(low, 2)} to {amount(high, 2)}"


def _order(answer: OrderExplained) -> Iterator[RenderableType]:
    said = f"{amount(answer.quantity)} ordered, arrives {answer.arrives}" if answer.quantity else "not ordered"
    yield _title(f"Order {answer.order}", said)
    yield from _pegs("What it covers (first in, first out)", answer.covers)
    yield from _rules(answer.rules)
    yield from _improvement(answer.improvement, answer.around)
    yield from _choices(answer.choices)
    if answer.nearly:
        said = f"Nearly as good ({amount(answer.allowed, 2)}, {WITHIN:.1%} of what the item costs, or less): "
        yield Text(said + printable("; ".join(answer.nearly)))
    yield from _wider(answer.wider)
    if answer.next_best is not None:
        yield from _detail(answer.next_best)


def _line(answer: LineExplained) -> Iterator[RenderableType]:
    told = ", ".join(f"{amount(quantity)} in {period}" for period, quantity in answer.deliveries) or "nothing"
    short = f"; {amount(answer.short)} never" if answer.short > 0 else ""
    yield _title(f"Demand {answer.line}", f"{amount(answer.quantity)} asked; delivered: {told}{short}")
    yield from _pegs("What covers it (first in, first out)", answer.covered_by)
    if answer.promise is not None:
        yield from _promise(answer.promise)
    if answer.wait is not None:
        yield _title("If it waited", answer.wait.choice.words)
        yield from _improvement(answer.wait.improvement, answer.wait.around)
        yield from _detail(answer.wait.choice)
        yield from _wider(answer.wait.wider)


def _promise(answer: Promise) -> Iterator[RenderableType]:
    yield _title("Price of a promise", answer.price.words)
    if answer.price.difference is not None:
        yield from _improvement(answer.improvement, answer.around)
        yield from _detail(answer.price)
        yield from _wider(answer.wider)
        return
    yield Text(f"{answer.price.verdict}: {amount(answer.most)} can be there by then.")
    for reason in answer.why[:TOP]:
        yield Text(f"  because {printable(reason)}")


def _item(answer: ItemExplained) -> Iterator[RenderableType]:
    yield _title(f"Item {answer.item}", f"{len(answer.orders)} orders")
    yield from _pegs("Receipts and what they cover (first in, first out)", answer.pegs, most=40)
    yield from _rules(answer.rules)
    yield from _improvement(answer.improvement, answer.around)
    if answer.better:
        table = _table("Orders that would be others then", "order", ">planned", ">better")
        for one in answer.better[:TOP]:
            table.add_row(printable(one.order), amount(one.before), amount(one.after))
        yield table


def _near(answer: Sequence[NearlyAsGood]) -> Iterator[RenderableType]:
    if not answer:
        yield Text("No clearly different plan of the item is nearly as good.")
        return
    first = answer[0]
    table = _table(f"Nearly as good: for {amount(first.allowed, 2)} more at most", "", ">best", ">then", ">costs more")
    for one in answer:
        found = amount(one.after) if one.proven else f"{amount(one.after)}, or fewer"
        table.add_row(one.name, amount(one.before), found, amount(one.costs, 2))
    yield table
    for one in answer:
        changes = _table(f"Orders: {one.name}", "order", ">now", ">then")
        for order in one.orders[:TOP]:
            changes.add_row(printable(order.order), amount(order.before), amount(order.after))
        yield from _cut(changes, len(one.orders))
    yield Text(printable(first.around[0].upper() + first.around[1:] + "."), style="dim")


def _supplier(answer: SupplierExplained) -> Iterator[RenderableType]:
    yield _title(f"Supplier {answer.supplier}", f"{len(answer.orders)} orders")
    table = _table("Orders", "period", ">lines", ">value", "items")
    for order in answer.orders:
        named = ", ".join(f"{printable(item)} {amount(quantity)}" for item, quantity in order.lines[:4])
        more = f" and {len(order.lines) - 4} more" if len(order.lines) > 4 else ""
        table.add_row(order.period, amount(len(order.lines)), amount(order.value), named + more)
    yield table
    yield from _rules(answer.rules)


def _pegs(title: str, pegs: Sequence[Peg], most: int = TOP) -> Iterator[RenderableType]:
    if not pegs:
        return
    table = _table(title, "receipt", "goes to", "in", ">quantity")
    for peg in pegs[:most]:
        names = ",".join(name for name in peg.receipt.names if name)
        goes = line_name(peg.use.line) if peg.use.line else peg.use.kind
        came = f"{peg.receipt.kind} {names}".strip()
        table.add_row(printable(came), printable(goes), peg.use.period, amount(float(peg.quantity)))
    total = sum((peg.quantity for peg in pegs), Decimal(0))
    cut = f"… and {len(pegs) - most} more" if len(pegs) > most else ""
    table.add_row("in all", cut, "", amount(float(total)), style="bold")
    yield table


def _rules(found: Sequence[Binding] | None) -> Iterator[RenderableType]:
    if found is None:
        yield Text("Which rules bind was not found in time.")
        return
    if not found:
        yield Text("No rule binds: it is what costs least.")
        return
    table = _table("Rules that bind", "rule", ">limit", ">a unit of room saves")
    for one in found[:TOP]:
        table.add_row(printable(one.named.words), amount(one.limit), amount(one.saves, 4 if one.saves < 1 else 2))
    yield table


def _improvement(improvement: float, around: str) -> Iterator[RenderableType]:
    yield Text(printable(around[0].upper() + around[1:] + "."), style="dim")
    if improvement > 0:
        yield Text(
            f"The plan itself can be improved by {amount(improvement, 2)} there: what follows is measured against the "
            "better plan.",
            style="yellow",
        )


def _choices(choices: Sequence[Choice]) -> Iterator[RenderableType]:
    table = _table("Instead", "", "", ">costs more")
    for one in choices:
        table.add_row(one.name, printable(one.words), costs(one.difference) if one.difference else one.verdict)
    yield table


def _wider(wider: Wider | None) -> Iterator[RenderableType]:
    """What more freedom might change, as far as that was found in time."""
    if wider is None:
        return
    known = [costs(one) if one is not None else "not known" for one in wider.differences]
    said = printable(wider.around)
    yield Text(f"Not decided in time: {said}. It costs more then: {'; '.join(known)}.", style="dim")


def costs(difference: Difference) -> str:
    """The difference, or between what it lies."""
    if difference.exact:
        return amount(difference.cost, 2)
    return _between(difference.low, difference.high)


def _detail(one: Choice) -> Iterator[RenderableType]:
    if one.difference is None:
        yield Text(one.verdict)
        return
    table = _table(f"What changes: {one.words}", "account", ">more")
    for name, money in dearest_first(one.difference.by_account):
        table.add_row(name.replace("_", " "), amount(money, 2))
    table.add_row("in all", amount(one.difference.cost, 2), style="bold")
    yield table
    if not one.difference.exact:
        yield Text(f"Proven: between {costs(one.difference)} more. A longer --time-limit narrows it down.", style="dim")
    if one.orders:
        table = _table("Orders", "order", ">now", ">then")
        for order in one.orders[:TOP]:
            table.add_row(printable(order.order), amount(order.before), amount(order.after))
        yield from _cut(table, len(one.orders))
    if one.lines:
        table = _table("Demand", "line", "change")
        for line in one.lines[:TOP]:
            table.add_row(printable(line.line), line.words)
        yield from _cut(table, len(one.lines))
    for row in one.overrides:
        cells = ", ".join(f"{name}={value}" for name, value in row.items() if value)
        yield Text(f"To force it, a row of overrides: {printable(cells)}", style="dim")


def _cut(table: Table, count: int) -> Iterator[RenderableType]:
    yield table
    if count > TOP:
        yield Text(f"… and {count - TOP} more (--json has all).", style="dim")


def _title(name: str, said: str) -> Text:
    return Text.assemble("\n", (printable(name), "bold"), f"   {printable(said)}")


def _table(title: str, *columns: str) -> Table:
    table = PlainTable(printable(title), pad_edge=False)
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left", overflow="fold")
    return table
