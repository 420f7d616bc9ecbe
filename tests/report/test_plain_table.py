"""Ids are shown as they are, whatever a terminal's markup would make of them."""

from rich.console import Console

from optimizer.report.plain_table import PlainTable


def test_nothing_is_taken_for_markup() -> None:
    table = PlainTable("Orders of [b]", show_edge=False)
    table.add_column("in [eur]")
    table.add_column("", justify="right")
    table.add_row("A[b] :x:", None, style="bold")
    console = Console(width=60, emoji=True, highlight=False)
    with console.capture() as capture:
        console.print(table)
    for words in ("Orders of [b]", "in [eur]", "A[b] :x:"):
        assert words in capture.get()
