"""Shown: a result in a terminal: its points as a table, and its sentences."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.report.text import amount, percent, printable
from optimizer.tune.result import Tuned

MOST = 60  # rows; frontier.csv has all


def shown(result: Tuned) -> Group:
    """What `rich.console.Console.print` takes."""
    parts: list[RenderableType] = [Text(printable(result.name), style="bold"), _table(result)]
    parts += [Text(f"• {printable(sentence)}") for sentence in result.sentences]
    return Group(*parts)


def _table(result: Tuned) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    table.add_column("")
    table.add_column("point", overflow="fold")
    for heading in (_cost(result), "at own", "on time", "ever", "orders", "gap"):
        table.add_column(heading, justify="right")
    rows = result.points.to_dict("records")
    for row in rows[:MOST]:
        table.add_row(
            " ".join(_marks(row)),
            Text(printable(row["label"])),
            amount(row[result.across.column]),
            amount(row["cost_own"]),
            percent(row["fill_rate_on_time"]),
            percent(row["fill_rate"]),
            amount(row["orders"]),
            percent(row["gap"]),
            style="dim" if row["dominated"] else "",
        )
    if len(rows) > MOST:
        table.add_row("", f"and {len(rows) - MOST} more, in frontier.csv", style="dim")
    return table


def _cost(result: Tuned) -> str:
    return "cost" if result.across.column == "cost_own" else "other cost"


def _marks(row: Mapping[Hashable, Any]) -> Iterator[str]:
    if row["knee"]:
        yield "◆"
    if row["own"]:
        yield "□"
    if row["dominated"]:
        yield "○"
