"""Summary: the first sheet. What the plan costs and how good it is, by account and supplier, and what to beware of."""

from collections.abc import Sequence
from typing import Any

from optimizer.report.summary import baseline_sentence, gap_sentence, orders_by_supplier
from optimizer.report.text import dearest_first
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.quick_sheet import Cell, write_cells
from optimizer.write.sheets.rows import shown_text

TOP = 15
WIDTHS = (40, 18, 18, 18, 18)


def write_overview(book: Book) -> None:
    """The sheet `Summary`."""
    writer = _Writer(book, book.add("Summary"))
    plan = book.plan
    for change in plan.what_if:
        writer.line(f"What if: {change}. Order nothing by this plan.", "sentence")
    writer.line(plan.name, "title")
    writer.line(gap_sentence(plan), "sentence")
    if baseline_sentence(plan):
        writer.line(baseline_sentence(plan), "sentence")
    writer.line("")
    _quality(writer)
    _accounts(writer)
    _suppliers(writer)
    writer.heading(f"Warnings ({len(book.warnings):,})")
    for warning in book.warnings or ("None.",):
        writer.line(warning)


def _quality(writer: "_Writer") -> None:
    plan = writer.book.plan
    writer.heading("How good it is")
    figures: list[tuple[str, Cell, str]] = [
        (f"Cost [{plan.currency}]", plan.objective, "decimal"),
        (f"No plan can cost less than [{plan.currency}]", plan.bound, "decimal"),
        (f"Gap [{plan.currency}]", plan.gap_money, "decimal"),
        ("Gap, of the cost", plan.gap, "share"),
        ("Gap, of the controllable cost", plan.gap_controllable, "share"),
        ("Delivered on time, of the quantity asked", plan.fill_rate_on_time, "share"),
        ("Delivered in all, of the quantity asked", plan.fill_rate, "share"),
        *((name.replace("_", " ").capitalize(), float(count), "whole") for name, count in plan.counts.items()),
        ("Started (UTC)", str(plan.run.get("start", "")), "text"),
        ("Seconds", round(plan.seconds, 1), "one_place"),
    ]
    for name, figure, style in figures:
        writer.cells([name, figure], ["text", style])
    writer.line("")


def _accounts(writer: "_Writer") -> None:
    plan = writer.book.plan
    writer.heading("Cost by account")
    writer.cells(["account", plan.currency, "share"], ["header"] * 3)
    first = writer.row
    for name, money in dearest_first(plan.accounts):
        writer.cells([name.replace("_", " "), money, _share(money, plan.objective)], ["text", "decimal", "share"])
    if writer.row > first:
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#9DC3E6"}
        writer.sheet.conditional_format(first, 2, writer.row - 1, 2, bar)
    whole = [plan.objective, _share(plan.objective, plan.objective)]
    writer.cells(["in all", *whole], ["bold", "bold_decimal", "bold_share"])
    writer.line("")


def _suppliers(writer: "_Writer") -> None:
    lines = writer.book.table("purchase_orders")
    writer.heading("Orders by supplier")
    if lines is None:
        writer.line("Nothing is ordered.")
        writer.line("")
        return
    currency = writer.book.plan.currency
    headers = ["supplier", "lines to release now", currency, "lines later", currency]
    writer.cells(list(headers), ["header"] * 5)
    by_supplier = orders_by_supplier(lines)
    styles = ["text", "whole", "decimal", "whole", "decimal"]
    for supplier, row in by_supplier.head(TOP).iterrows():
        writer.cells([str(supplier), *map(float, row)], styles)
    rest = by_supplier.iloc[TOP:]
    if len(rest):
        writer.cells([f"and {len(rest):,} more", *map(float, rest.sum())], styles)
    writer.cells(["in all", *map(float, by_supplier.sum())], ["bold", *(f"bold_{style}" for style in styles[1:])])
    writer.line("")


class _Writer:
    """Writes one row below the other."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet, self.row = book, sheet, 0
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width)
        sheet.hide_gridlines(2)

    def line(self, text: str, style: str = "text") -> None:
        self.cells([shown_text(text)], [style])

    def heading(self, text: str) -> None:
        self.cells([text, "", "", "", ""], ["heading"] * 5)

    def cells(self, cells: Sequence[Cell], styles: Sequence[str]) -> None:
        write_cells(self.sheet, self.row, cells, [self.book.format(style) for style in styles])
        self.row += 1


def _share(money: float, whole: float) -> float | None:
    return money / whole if whole else None
