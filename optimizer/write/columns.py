"""Columns: what the result tables and the workbook's sheets show, said once, with units.

The order of columns is the contract's. The workbook's notes, files without rows and `docs/output.md` follow it.
"""

from models.tables import Column, Kind, date, money, number, periods, quantity, text

ITEM = text("item", "The item.")
SUPPLIER = text("supplier", "The supplier it is bought from.")
LOCATION = text("location", "Our location.")
PERIOD = date("period", "The period, by its first day.")

LINE = (
    text("item", "The item asked for."),
    text("customer", "The customer who asks."),
    text("due", "When it is due, as your table has it."),
    text("kind", "`order` for a firm order, `forecast` for an expected one."),
    text("demand_location", "The location from which the line must be served; empty: from any."),
    text("reference", "Your reference of the line."),
)

RESULTS: dict[str, tuple[Column, ...]] = {
    "purchase_orders": (
        ITEM,
        SUPPLIER,
        text("location", "Where it is delivered to."),
        date("order_period", "Period in which the order is placed, by its first day."),
        date("arrival_period", "Period in which it arrives, by its first day."),
        quantity("quantity", "What is ordered."),
        money("unit_cost", "The price.", per="unit"),
        money("value", "Quantity times price."),
        text("action", "`release`: send it now. `planned`: later, and open to change next week."),
    ),
    "allocations": (
        *LINE,
        text("location", "Where it is delivered from."),
        date("delivery_period", "Period in which the customer gets it, by its first day."),
        quantity("quantity", "What is delivered."),
        periods("periods_late", "Periods between due and delivery; an old order's true lateness."),
        money("backorder_cost", "What waiting costs for this row."),
    ),
    "backorders": (
        *LINE,
        quantity("quantity", "What was asked."),
        quantity("late_quantity", "What is delivered late."),
        quantity("short_quantity", "What is never delivered."),
        date("promise", "Last day of the period of its last delivery; empty where nothing is delivered."),
        money("cost", "What waiting and falling short cost for this line."),
    ),
    "inventory": (
        ITEM,
        LOCATION,
        PERIOD,
        quantity("opening", "On hand when the period begins."),
        quantity("receipts", "What arrives from suppliers: open and new orders."),
        quantity("transfers_in", "What arrives from other locations."),
        quantity("transfers_out", "What leaves for other locations."),
        quantity("delivered", "What is delivered to customers."),
        quantity("on_hand", "On hand when the period ends."),
    ),
    "costs": (
        text("account", "What kind of cost."),
        text("item", "The item; empty where none is meant."),
        text("supplier", "The supplier; empty where none is meant."),
        text("customer", "The customer; empty where none is meant."),
        text("location", "The location; empty where none is meant."),
        date("period", "The period, by its first day; empty where none is meant."),
        Column("amount", Kind.NUMBER, "The cost; a credit is negative.", unit="money", minimum=None),
    ),
}

TRANSFERS = (
    ITEM,
    text("from_location", "Where it leaves."),
    text("to_location", "Where it goes."),
    date("period", "Period in which it leaves, by its first day."),
    date("arrival_period", "Period in which it arrives, by its first day."),
    quantity("quantity", "What is moved."),
)

PROJECTION = (
    ITEM,
    text("location", "The location; empty: demand that falls short and may be served from any."),
    PERIOD,
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


def note(column: Column, currency: str) -> str:
    """What a header's note says: the meaning, and the unit with the currency put in."""
    unit = "the item's unit" if column.unit == "unit" else column.unit.replace("money", currency)
    return f"{column.about} [{unit}]" if unit else column.about
