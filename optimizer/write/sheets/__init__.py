"""Sheets of the workbook, in their order: functions that add one to a book, or none where it would be empty."""

from collections.abc import Callable

from optimizer.write.sheets.book import Book
from optimizer.write.sheets.deliveries import write_allocations, write_backorders
from optimizer.write.sheets.orders import write_later_orders, write_release_now
from optimizer.write.sheets.others import write_others
from optimizer.write.sheets.overview import write_overview
from optimizer.write.sheets.pegging import write_pegging
from optimizer.write.sheets.progress import write_progress
from optimizer.write.sheets.projection import write_projection
from optimizer.write.sheets.worklist import write_worklist

SHEETS: tuple[Callable[[Book], None], ...] = (
    write_worklist,
    write_overview,
    write_release_now,
    write_later_orders,
    write_allocations,
    write_backorders,
    write_projection,
    write_pegging,
    write_others,
    write_progress,
)
