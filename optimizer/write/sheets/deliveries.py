"""Deliveries: who gets what when, and who waits or goes short, with promise dates."""

from optimizer.report.text import amount, counted
from optimizer.write.columns import RESULTS
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import Rows


def write_allocations(book: Book) -> None:
    """The sheet of deliveries, late ones coloured."""
    frame = book.table("allocations")
    if frame is None:
        return
    rows = Rows(book, "Allocations", frame, RESULTS["allocations"])
    late = int((frame["periods_late"] > 0).sum())
    deliveries = counted(len(frame), "delivery", "deliveries")
    sentence = f"Who gets what, when and from where: {deliveries}, {late:,} of them late (coloured)."
    rows.head(sentence, len(frame), "allocations.csv")
    rows.mark("periods_late", "late")
    rows.write()


def write_backorders(book: Book) -> None:
    """The sheet of demand lines that wait or fall short, the dearest first."""
    frame = book.table("backorders")
    if frame is None:
        return
    rows = Rows(book, "Backorders", frame.sort_values("cost", ascending=False, kind="stable"), RESULTS["backorders"])
    cost = f"{amount(frame['cost'].sum(), 2)} {book.plan.currency}"
    lines = counted(len(frame), "demand line")
    sentence = f"{lines} late or short, which costs {cost}. Promise: when the last of it is there."
    rows.head(sentence, len(frame), "backorders.csv")
    rows.mark("late_quantity", "late")
    rows.mark("short_quantity", "short")
    rows.write()
