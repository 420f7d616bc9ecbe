"""Frozen periods: in the first order periods nothing new may be ordered.

Subject to  no order line in periods o < frozen (setting `[horizon] frozen`).

What is on order already (open_orders) still arrives.
"""

from models.book import Book
from models.instance import Instance
from models.limits import Limit
from models.orders import OrderLines
from models.part import Part
from models.tables import Kind, Setting


class FrozenPeriods(Part):
    """Order periods that are closed because they are too near."""

    settings = (
        Setting(
            "horizon",
            "frozen",
            Kind.COUNT,
            "First order periods in which nothing new may be ordered.",
            unit="periods",
            default=0.0,
        ),
    )
    limits = (Limit("", "horizon.frozen", "the first {} order periods are frozen", free=0.0),)

    def prepare(self, instance: Instance, book: Book) -> None:
        """Close the frozen periods."""
        frozen = instance.setting("horizon.frozen")

        def closed(lines: OrderLines) -> object:
            return lines.period < frozen

        book.post("closed", closed)
