"""Transfers: what moves between our locations."""

from optimizer.report.text import counted
from optimizer.write.columns import TRANSFERS
from optimizer.write.sheets.book import Book
from optimizer.write.sheets.rows import Rows


def write_transfers(book: Book) -> None:
    """The sheet of transfers, where there are any."""
    frame = book.table("transfers")
    if frame is None:
        return
    rows = Rows(book, "Transfers", frame, TRANSFERS)
    rows.head(f"{counted(len(frame), 'move')} between our locations.", len(frame), "transfers.csv")
    rows.write()
