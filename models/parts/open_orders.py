"""Open orders: what is already placed arrives as it was agreed, and is not decided again.

Posts       receipts[i,l,t]  +=  R_ilt     quantity of open orders that arrive in t        [unit]
Offers      certain[i,l,t]   =   R_ilt     it arrives whatever is decided

R the sum of `quantity` of table `open_orders` by the period of `arrival`. One that is overdue is expected
`[horizon] overdue_arrival` periods after `start`; one that arrives after the horizon is left out. Open orders use no
capacity, budget or share, and nothing is paid for them again.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.book import Book, Values
from models.findings import Finding, warning
from models.instance import Codes, Instance
from models.ledger import Ledger
from models.open_orders import OPEN_ORDERS, OVERDUE_ARRIVAL, arriving, expected_periods
from models.part import Move, Part
from models.tables import quantity, text

ROWS = OPEN_ORDERS.with_columns(
    text("item", "The item.", refers="items", example="WIDGET-1"),
    text("supplier", "The supplier.", refers="suppliers", default="", default_text="none", example="ACME"),
    text("location", "Where it will arrive.", refers="locations", example="main"),
    quantity("quantity", "Still to be received.", example="20"),
)


class OpenOrders(Part):
    """Receipts that are fixed."""

    needs = (ROWS,)
    settings = (OVERDUE_ARRIVAL,)
    posts = ("receipts",)
    offers = ("certain",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Overdue orders, and those that arrive after the horizon."""
        orders, arrives = instance["open_orders"], instance.calendar.index(instance["open_orders"]["arrival"])
        expected = instance.calendar.first_day(int(instance.setting("horizon.overdue_arrival")))
        for k in np.flatnonzero(arrives < 0):
            yield warning(
                "overdue open order",
                f"order {orders['order'][k]} was due before {instance.calendar.start}: it is expected "
                f"in the period of {expected} (setting overdue_arrival); chase it, or take it off",
                table="open_orders",
                row=int(k),
                column="arrival",
                value=orders.text("arrival")[k],
            )
        for k in np.flatnonzero(arrives >= instance.calendar.periods):
            yield warning(
                "open order after the horizon",
                f"order {orders['order'][k]} arrives after the horizon, which ends on "
                f"{instance.calendar.last_day(instance.calendar.periods - 1)}, and is left out",
                table="open_orders",
                row=int(k),
                column="arrival",
                value=orders.text("arrival")[k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What arrives is stocked."""
        book.post("stocked", (instance.codes("open_orders", "item"), instance.codes("open_orders", "location")))

    def derive(self, instance: Instance, book: Book) -> None:
        """Arrivals, summed by item, location and period."""
        item, location, period, quantity = _arrivals(instance)
        book.post("certain arrivals", (item, location, period, quantity))
        places, which = np.unique(np.column_stack([item, location, period]), axis=0, return_inverse=True)
        book.index("open_arrivals", item=places[:, 0], location=places[:, 1], period=places[:, 2])
        book.parameter(
            "open_quantity",
            "open_arrivals",
            np.bincount(which.ravel(), quantity, minlength=len(places)).astype(np.float64),
        )
        book.relation(
            "open_receipts", "stock_periods", (places[:, 0], places[:, 1], places[:, 2]), arrives=places[:, 2]
        )

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Post what arrives."""

        def arriving(m: Any, i: Any, l: Any, t: Any) -> Any:
            return sum(m.open_quantity[i, l, a] for a in m.open_receipts[i, l, t])

        ledger.post("receipts", arriving)
        ledger.offer("certain", arriving)

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """Open orders as they arrive."""
        yield Move("receipts", *_arrivals(instance))


def _arrivals(instance: Instance) -> tuple[Codes, Codes, Codes, Any]:
    """Item, location, period and quantity of each open order that arrives within the horizon."""
    row = arriving(instance)
    return (
        instance.codes("open_orders", "item")[row],
        instance.codes("open_orders", "location")[row],
        expected_periods(instance)[row],
        instance["open_orders"]["quantity"][row],
    )
