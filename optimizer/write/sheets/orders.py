"""Orders: what to send now, by supplier with subtotals, and what is planned for later."""

import pandas as pd

from models.tables import Column
from optimizer.report.text import amount, counted
from optimizer.report.why import reasons, with_reason
from optimizer.write.columns import RESULTS
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.quick_sheet import Cell, write_cells
from optimizer.write.sheets.rows import FIRST_ROW, ROW_LIMIT, Rows

SOURCE = "purchase_orders.csv"
BY_SUPPLIER = ("supplier", "item", "location", "why", "arrival_period", "quantity", "unit_cost", "value")
BY_PERIOD = ("order_period", "supplier", "item", "location", "why", "arrival_period", "quantity", "unit_cost", "value")


def write_release_now(book: Book) -> None:
    """The sheet of orders to send now: a block for each supplier, closed by its subtotal, and the total at the end."""
    lines = _lines(book, release=True).sort_values(["supplier", "item", "location"], kind="stable")
    rows = Rows(book, "Release now", lines, _columns(BY_SUPPLIER))
    suppliers = lines["supplier"].nunique()
    sentence = "Nothing is to be ordered now."
    if len(lines):
        sentence = (
            f"Send now: {counted(len(lines), 'line')} to {counted(suppliers, 'supplier')}, {_value(book, lines)}."
        )
    rows.head(sentence, len(lines) + suppliers + 1, SOURCE, frozen=2)
    _write_blocks(rows, lines["supplier"].astype(object).tolist())


def write_later_orders(book: Book) -> None:
    """The sheet of orders planned for later periods, the next first."""
    lines = _lines(book, release=False).sort_values(["order_period", "supplier", "item", "location"], kind="stable")
    if not len(lines):
        return
    rows = Rows(book, "Later orders", lines, _columns(BY_PERIOD))
    sentence = f"Planned for later, and open to change: {counted(len(lines), 'line')}, {_value(book, lines)}."
    rows.head(sentence, len(lines), SOURCE, frozen=3)
    rows.write()


def _write_blocks(rows: Rows, suppliers: list[str]) -> None:
    formats = [rows.book.format(column.style) for column in rows.columns]
    money = rows.place("value")
    row, subtotal, total = FIRST_ROW, 0.0, 0.0
    for place, cells in enumerate(zip(*(column.cells for column in rows.columns), strict=True)):
        if row - FIRST_ROW + 2 > ROW_LIMIT:
            return
        rows.sheet.set_row(row, None, None, {"level": 1})
        write_cells(rows.sheet, row, cells, formats)
        subtotal += float(cells[money] or 0.0)
        row += 1
        if place + 1 == len(suppliers) or suppliers[place + 1] != suppliers[place]:
            _write_total(rows, row, f"{suppliers[place]}: in all", subtotal)
            total, subtotal, row = total + subtotal, 0.0, row + 1
    if suppliers:
        _write_total(rows, row, "All suppliers", total)


def _write_total(rows: Rows, row: int, name: str, total: float) -> None:
    money = rows.place("value")
    cells: list[Cell] = [name, *([""] * (money - 1)), total]
    formats = [rows.book.format("bold")] * money
    write_cells(rows.sheet, row, cells, [*formats, rows.book.format("bold_decimal")])


def _lines(book: Book, release: bool) -> pd.DataFrame:
    lines = book.table("purchase_orders")
    if lines is None:
        return pd.DataFrame({column.name: pd.Series([], dtype=object) for column in RESULTS["purchase_orders"]})
    lines = lines[(lines["action"] == "release") == release]
    return lines.assign(why=pd.Series(reasons(lines, book.projection), index=lines.index, dtype=object))


def _value(book: Book, lines: pd.DataFrame) -> str:
    return f"{amount(lines['value'].sum(), 2)} {book.plan.currency}"


def _columns(names: tuple[str, ...]) -> list[Column]:
    declared = {column.name: column for column in with_reason(RESULTS["purchase_orders"])}
    return [declared[name] for name in names]
