"""Summary: what a planner wants to know of a plan at a glance, in a terminal of 80 columns.

Cost by account, fill rates, what to order from whom, who waits at most cost, how far the plan can be from the best,
warnings, and where the files are. Takes a plan, returns what rich prints; long lists are cut, and say so.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from optimizer.report.text import amount, counted, dearest_first, duration, percent, printable
from optimizer.results.plan import Plan

WIDTH = 80


def summary(plan: Plan, folder: Path | None = None, top: int = 8) -> Group:
    """The summary of a plan.

    Args:
        plan: the plan.
        folder: where it was published; by default where the plan says.
        top: rows shown of each list.

    Returns:
        What `rich.console.Console.print` takes.
    """
    parts: list[RenderableType] = [*what_if(plan), headline(plan), Text(), *quality(plan), accounts(plan)]
    for part in (today(plan), promises(plan), orders(plan, top), backorders(plan, top), warnings(plan, top)):
        if part is not None:
            parts.append(part)
    folder = folder or plan.folder
    if folder is not None:
        parts += [Text(), Text.assemble("Plan in ", (printable(folder), "bold"), overflow="fold")]
    return Group(*parts)


def summary_text(plan: Plan, folder: Path | None = None, top: int = 8, width: int = WIDTH) -> str:
    """The summary as plain text."""
    console = Console(width=width, color_system=None, force_terminal=False, legacy_windows=False, highlight=False)
    with console.capture() as capture:
        console.print(summary(plan, folder, top))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def what_if(plan: Plan) -> Iterator[Text]:
    """That the plan is not of the tables as they are, and what was changed."""
    if plan.what_if:
        yield Text("What if: this plan is not of the tables as they are. Order nothing by it.", style="bold yellow")
        yield from (Text(f"  {printable(change)}", overflow="fold") for change in plan.what_if)
        yield Text()


def headline(plan: Plan) -> Text:
    """Name, cost and how long it took."""
    counts = ", ".join(f"{amount(count)} {name.replace('_', ' ')}" for name, count in plan.counts.items())
    return Text.assemble(
        (printable(plan.name), "bold"),
        (f"   {amount(plan.objective)} {printable(plan.currency)}", "bold green"),
        f"   planned in {duration(plan.seconds)}",
        (f"\n{counts}" if counts else "", "dim"),
    )


def quality(plan: Plan) -> Iterator[Text]:
    """How good the plan is and how much of what was asked is delivered, in sentences."""
    yield Text(gap_sentence(plan))
    on_time, ever = percent(plan.fill_rate_on_time), percent(plan.fill_rate)
    yield Text(f"Of the quantity asked, {on_time} is delivered on time and {ever} in all.")
    other = baseline_sentence(plan)
    if other:
        yield Text(other)


def baseline_sentence(plan: Plan) -> str:
    """What another rule would have cost; nothing where there is no figure, and none was asked for."""
    rule: Mapping[str, Any] | None = plan.run.get("baseline")
    if rule is None or (rule["cost"] is None and not rule.get("audited", True)):
        return ""
    note = f" ({printable(rule['note'])})" if rule["note"] else ""
    if rule["cost"] is None:
        return f"What {rule['rule']} would cost cannot be told{note}."
    more = rule["cost"] - plan.objective
    than = f"{amount(abs(more))} {'more' if more >= 0 else 'less'}"
    rates = f"{percent(rule['fill_rate_on_time'])} on time and {percent(rule['fill_rate'])} in all"
    cost = f"{'' if rule.get('audited', True) else 'about '}{amount(rule['cost'])} {printable(plan.currency)}"
    return f"By {rule['rule']} it would cost {cost}, {than}, with {rates}{note}."


def gap_sentence(plan: Plan) -> str:
    """How far the plan can be from the best possible, in money."""
    currency = printable(plan.currency)
    if plan.gap_money <= 1e-6 * max(1.0, abs(plan.objective)):
        return "No plan can cost less."
    reached = "" if plan.status == "optimal" else " The gap asked for was not reached."
    return (
        f"No plan can cost less than {amount(plan.bound)} {currency}: "
        f"at most {amount(plan.gap_money)} {currency} could still be saved, {percent(plan.gap)} of the cost, "
        f"or {percent(plan.gap_controllable)} of the controllable cost (all but the goods).{reached}"
    )


def accounts(plan: Plan) -> Table:
    """Cost by account with its share of the whole, the dearest first."""
    table = _table("Cost by account")
    table.add_column("account")
    table.add_column(_name(plan.currency), justify="right")
    table.add_column("share", justify="right")
    places = 0 if abs(plan.objective) >= 10_000 else 2
    for name, money in dearest_first(plan.accounts):
        table.add_row(_name(name.replace("_", " ")), amount(money, places), _share(money, plan.objective))
    table.add_section()
    table.add_row("in all", amount(plan.objective, places), _share(plan.objective, plan.objective), style="bold")
    return table


def today(plan: Plan, top: int = 5) -> RenderableType | None:
    """What to do today on which most money hangs."""
    actions = plan.tables.get("actions")
    if actions is None or not len(actions):
        return None
    table = _table(f"To do today ({counted(len(actions), 'action')}, actions.csv has them all)")
    for column in ("", "item", "with", "until"):
        table.add_column(column, overflow="fold")
    table.add_column(f"{printable(plan.currency)} at stake", justify="right")
    for row in actions.head(top).to_dict("records"):
        stake = row["money"] if row["action"] == "tell" else row["cost_of_waiting"]
        names = (row["action"], row["item"], row["supplier"] or row["customer"], row["latest_safe_date"])
        table.add_row(*map(_name, names), amount(stake))
    return table


def promises(plan: Plan, top: int = 5) -> RenderableType | None:
    """Whom to call: orders that are promised otherwise than in the plan before."""
    changes = plan.tables.get("promise_changes")
    if changes is None or not len(changes):
        return None
    table = _table(f"Customers to call ({counted(len(changes), 'order')} promised otherwise than before)")
    for column in ("", "customer", "item", "due", "was promised", "now"):
        table.add_column(column, overflow="fold")
    for row in changes.head(top).to_dict("records"):
        dates = (row["promise_before"] or "never", row["promise"] or "never")
        table.add_row(*map(_name, (row["change"], row["customer"], row["item"], row["due"], *dates)))
    return table


def orders(plan: Plan, top: int = 8) -> RenderableType:
    """Lines and value to release now and later, by supplier."""
    lines = plan.tables.get("purchase_orders")
    if lines is None or not len(lines):
        return Text("\nNothing is ordered.")
    by_supplier = orders_by_supplier(lines)
    table = _table("Orders by supplier")
    table.add_column("supplier", overflow="fold")
    table.add_column("release now", justify="right")
    table.add_column(_name(plan.currency), justify="right")
    table.add_column("planned later", justify="right")
    table.add_column(_name(plan.currency), justify="right")
    for supplier, row in by_supplier.head(top).iterrows():
        table.add_row(_name(supplier), *_order_cells(row))
    rest = by_supplier.iloc[top:]
    if len(rest):
        table.add_row(f"and {len(rest):,} more", *_order_cells(rest.sum()), style="dim")
    table.add_section()
    table.add_row("in all", *_order_cells(by_supplier.sum()), style="bold")
    return table


def orders_by_supplier(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines and value by supplier and by whether they are released now.

    Args:
        lines: the table `purchase_orders`.

    Returns:
        Index supplier; columns `now_lines, now_value, later_lines, later_value`; the most to release now first.
    """
    now = lines["action"] == "release"
    figures = pd.DataFrame(
        {
            "supplier": lines["supplier"].astype(object),
            "now_lines": now.astype(int),
            "now_value": lines["value"].where(now, 0.0),
            "later_lines": (~now).astype(int),
            "later_value": lines["value"].where(~now, 0.0),
        }
    )
    by_supplier = figures.groupby("supplier", sort=True).sum()
    return by_supplier.sort_values(["now_value", "now_lines", "later_value"], ascending=False, kind="stable")


def backorders(plan: Plan, top: int = 8) -> RenderableType:
    """The demand lines whose waiting and falling short cost most."""
    lines = plan.tables.get("backorders")
    if lines is None or not len(lines):
        return Text("\nNothing waits and nothing falls short.")
    worst = lines.sort_values("cost", ascending=False, kind="stable")
    table = _table(f"Worst backorders ({counted(len(lines), 'line')} late or short)")
    for column in ("item", "customer", "due"):
        table.add_column(column, overflow="fold")
    for column in ("asked", "late", "short"):
        table.add_column(column, justify="right")
    table.add_column("promise")
    table.add_column(_name(plan.currency), justify="right")
    for row in worst.head(top).to_dict("records"):
        table.add_row(
            *(_name(row[name]) for name in ("item", "customer", "due")),
            *(amount(row[name]) for name in ("quantity", "late_quantity", "short_quantity")),
            _name(row["promise"] or "never"),
            amount(row["cost"]),
        )
    rest = worst.iloc[top:]
    if not len(rest):
        return table
    more = f"and {len(rest):,} more, {amount(rest['cost'].sum())} {printable(plan.currency)}"
    return Group(table, Padding(Text(more, style="dim"), (0, 2)))


def warnings(plan: Plan, top: int = 8) -> RenderableType | None:
    """What the planner should know."""
    if not plan.warnings:
        return None
    table = Table.grid(padding=(0, 1))
    for warning in plan.warnings[:top]:
        table.add_row(Text("!", style="yellow"), Text(printable(warning), overflow="fold"))
    if len(plan.warnings) > top:
        table.add_row(
            "",
            Text(
                f"and {len(plan.warnings) - top:,} more; `replenish check` has those of the data, plan.json the others",
                style="dim",
            ),
        )
    return Group(Text("\nWarnings", style="bold"), table)


def _table(title: str) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1),
    )


def _name(name: object) -> Text:
    """A name as it is: no markup in it is obeyed."""
    return Text(printable(name), overflow="fold")


def _share(money: float, whole: float) -> str:
    return percent(money / whole) if whole else ""


def _order_cells(row: "pd.Series[float]") -> tuple[str, str, str, str]:
    return (
        amount(row["now_lines"]) if row["now_lines"] else "",
        amount(row["now_value"]) if row["now_lines"] else "",
        amount(row["later_lines"]) if row["later_lines"] else "",
        amount(row["later_value"]) if row["later_lines"] else "",
    )
