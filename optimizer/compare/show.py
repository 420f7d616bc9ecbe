"""Show: a comparison in a terminal: cost side by side, what becomes of the orders, who fares better and worse."""

from collections.abc import Iterator

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.compare.comparison import Comparison, Pair
from optimizer.compare.why import Attribution
from optimizer.report.plain_table import PlainTable
from optimizer.report.text import amount, counted, percent, printable

TOP = 8
WORDS = {
    "quantity": "another quantity",
    "moved": "moved in time",
    "supplier": "from another supplier",
    "added": "added",
    "dropped": "dropped",
}


def shown(comparison: Comparison, top: int = TOP) -> Group:
    """What `rich.console.Console.print` takes."""
    parts: list[RenderableType] = []
    for number, pair in enumerate(comparison.pairs):
        parts += [*([Text()] if number else []), *_pair(pair, top)]
    return Group(*parts)


def _pair(pair: Pair, top: int) -> Iterator[RenderableType]:
    yield _plans(pair)
    for note in pair.notes:
        yield Text.assemble(("! ", "yellow"), printable(note), overflow="fold")
    yield _accounts(pair)
    yield Text(_sentence(pair), overflow="fold")
    yield from _orders(pair, top)
    yield from _lines(pair, top)


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """An empty table as all of these look."""
    made = PlainTable(f"\n{title}", "bold", show_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def _plans(pair: Pair) -> Table:
    made = Table.grid(padding=(0, 2))
    for word, plan, rates in zip(("before", "after"), (pair.before, pair.after), pair.fill_rates, strict=True):
        figures, currency = plan.document, printable(plan.document["currency"])
        made.add_row(Text(word, style="dim"), Text(printable(plan.folder), style="bold", overflow="fold"))
        cost = f"{amount(figures['objective'])} {currency}, at least {amount(figures['bound'])}"
        made.add_row("", Text(f"{cost}; on time {percent(rates[0])}, in all {percent(rates[1])}"))
    return made


def _accounts(pair: Pair) -> Table:
    made = table("Cost by account", "account", "before", "after", "difference", right=("before", "after", "difference"))
    places = 0 if pair.accounts[["before", "after"]].abs().to_numpy().max(initial=0.0) >= 10_000 else 2
    for account, row in pair.accounts.iterrows():
        made.add_row(printable(str(account).replace("_", " ")), *(_signed(row, name, places) for name in row.index))
    made.add_section()
    whole = pair.accounts.sum()
    made.add_row("in all", *(_signed(whole, name, places) for name in whole.index), style="bold")
    return made


def _signed(row: "pd.Series[float]", name: object, places: int) -> str:
    text = amount(float(row[str(name)]), places)
    return _plus(float(row[str(name)]), places) if name == "difference" else text


def _sentence(pair: Pair) -> str:
    """What the difference proves."""
    if pair.best is None:
        return ""
    (low, high), currency = pair.best, printable(pair.after.document["currency"])
    what, proven = "\nThe best that the tables allow costs", f"{currency}: that is proven."
    if low > 0:
        return f"{what} more than before, by {_range(low, high)} {proven}"
    if high < 0:
        return f"{what} less than before, by {_range(-high, -low)} {proven}"
    more = f"from {amount(-low)} {currency} less to {amount(high)} {currency} more than before"
    return f"{what} {more}: the gaps of the plans are as large as what is between them."


def _range(low: float, high: float) -> str:
    """From … to …; one amount where the bounds leave next to nothing open."""
    places = 0 if high >= 100 else 2
    ends = dict.fromkeys((amount(low, places), amount(high, places)))
    return " to ".join(ends)


def _orders(pair: Pair, top: int) -> Iterator[RenderableType]:
    found = pair.order_counts
    told = [f"{found[change]:,} {words}" for change, words in WORDS.items() if found[change]]
    summary = ", ".join([f"{found['kept']:,} as before", *told])
    yield Text(f"\nOrders: {counted(found['before'], 'line')} before, {found['after']:,} after: {summary}.")
    if not len(pair.orders):
        return
    made = table("Orders on which most value hangs", "", "item", "supplier", "period", "quantity", right=("quantity",))
    for row in pair.orders.head(top).to_dict("records"):
        made.add_row(
            row["change"],
            printable(row["item"]),
            printable(_arrow(row["supplier_before"], row["supplier"])),
            _arrow(row["order_period_before"], row["order_period"]),
            _arrow(*("" if pd.isna(row[name]) else amount(row[name]) for name in ("quantity_before", "quantity"))),
        )
    yield made
    yield from _rest(len(pair.orders) - top)


def _lines(pair: Pair, top: int) -> Iterator[RenderableType]:
    found = pair.line_counts
    only = f"; {found['only_before']:,} only before, {found['only_after']:,} only after"
    yield Text(
        f"\nDemand lines: {found['both']:,} in both, {found['better']:,} better, {found['worse']:,} worse"
        f"{only if found['only_before'] or found['only_after'] else ''}."
    )
    if not len(pair.lines):
        return
    made = table("Lines whose cost differs most", "", "item", "customer", "due", "promise", "short", right=("short",))
    for row in pair.lines.head(top).to_dict("records"):
        made.add_row(
            row["change"],
            *(printable(row[name]) for name in ("item", "customer", "due")),
            _arrow(row["promise_before"] or "never", row["promise"] or "never"),
            _arrow(amount(row["short_quantity_before"]), amount(row["short_quantity"])),
        )
    yield made
    yield from _rest(len(pair.lines) - top)


def _arrow(before: str, after: str) -> str:
    """What it was and what it is; once where that is the same."""
    return before if before == after or not after else (f"{before} → {after}" if before else after)


def _rest(count: int) -> Iterator[Text]:
    if count > 0:
        yield Text(f"  and {count:,} more; -o FOLDER writes them all", style="dim")


def shown_why(reasons: Attribution, currency: str) -> Group:
    """What the difference in cost is owed to."""
    made = table(
        "Why", "", printable(currency), "from", "to", "what changed", right=(printable(currency), "from", "to")
    )
    places = 0 if abs(reasons.before) >= 10_000 else 2
    for step in reasons.steps:
        rows = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in step.rows.items())
        low, high = (amount(figure, places) if step.rows else "" for figure in step.range)
        made.add_row(step.group, _plus(step.amount, places), low, high, rows or "nothing")
    made.add_section()
    made.add_row("in all", _plus(reasons.difference, places), style="bold")
    how = (
        "Groups of changes are made one after the other, in this order, and planned again; what changed is counted in "
        "rows. From, to: between which amounts what is best differs."
    )
    notes = [Text(f"! {printable(note)}") for note in reasons.notes]
    return Group(made, *notes, Text(how, style="dim"))


def _plus(figure: float, places: int) -> str:
    text = amount(figure, places)
    return f"+{text}" if "-" not in text and any(sign in text for sign in "123456789") else text
