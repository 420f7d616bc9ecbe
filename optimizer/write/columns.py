"""Columns: what the result tables and the workbook's sheets show, with units.

The result tables' are the parts' own declarations; here are only those of what is put together for people.
"""

from models.schema import results
from models.tables import Column, date, number, quantity, text

RESULTS: dict[str, tuple[Column, ...]] = {result.name: result.columns for result in results()}
OPTIONAL = frozenset(result.name for result in results() if result.optional)  # written only where they have rows

PROJECTION = (
    text("item", "The item."),
    text("location", "The location; empty: demand that falls short and may be served from any."),
    date("period", "The period, by its first day."),
    quantity("demand", "What customers want in the period; old orders count in the first one."),
    quantity("backlog", "What was due by the period's end and is delivered later."),
    quantity("open_receipts", "What arrives from orders placed earlier."),
    quantity("new_receipts", "What arrives from this plan's orders."),
    quantity("transfers_in", "What arrives from other locations."),
    quantity("delivered", "What leaves for customers."),
    quantity("on_hand", "On hand when the period ends."),
    quantity("safety_stock", "The safety stock you set."),
    number("cover", "Periods of the demand to come that the stock lasts; empty where none comes.", unit="periods"),
    quantity("short", "Of the demand, what is never delivered."),
)
