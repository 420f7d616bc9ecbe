"""Lanes: from which location a customer is served, how long that takes and what it costs.

Costs       delivery  c_lc · delivered[d,l,t]          for a line d of customer c

Table `lanes`: `lead_time`, the periods from location to door, c `unit_cost`. Where it is there, a location serves the
customers with which it has a lane, and no others; what is delivered in t left the location in t - lead_time, so what is
due before a lane can bring it waits. On the road it pays no holding cost. The figure `lanes` tells fulfilment, and
whoever else delivers.

Source: fixed-charge free transport problems on bipartite networks: Hitchcock (1941), Journal of Mathematics and Physics
20.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from models.book import Book
from models.findings import Finding, warning
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.part import Part
from models.tables import Table, money, periods, text
from models.ways import lanes

LANES = Table(
    "lanes",
    "Which location serves which customer: one row per location and customer. Without it, every location serves every "
    "customer at once and for nothing.",
    key=(
        text("location", "The location.", refers="locations", example="main"),
        text("customer", "The customer.", refers="customers", example="SHOP-1"),
    ),
    columns=(
        money("unit_cost", "Cost of delivering a unit.", per="unit", default=0.0),
        periods("lead_time", "From the period in which it leaves to that of delivery.", default=0.0),
    ),
    optional=True,
)


class Lanes(Part):
    """Ways from locations to customers."""

    needs = (LANES,)
    uses = ("delivered",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Customers that nobody serves, and lines whose own location does not."""
        if not len(instance["lanes"]):
            return
        customer, location = instance.codes("lanes", "customer"), instance.codes("lanes", "location")
        who, where = instance.codes("demand", "customer"), instance.codes("demand", "location")
        places = len(instance.labels["location"])
        lane = np.isin(who * places + where, customer * places + location)
        for k in np.flatnonzero(np.where(where < 0, ~np.isin(who, customer), ~lane)):
            whence = f"location {instance['demand']['location'][k]} does" if where[k] >= 0 else "no location does"
            yield warning(
                "no lane",
                f"{whence} not serve this customer (lanes has no row of it): the line falls short"
                if where[k] >= 0
                else "no location serves this customer (lanes has no row of it): the line falls short",
                table="demand",
                row=int(k),
                column="customer",
                value=instance["demand"]["customer"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """Tell who delivers; what is on the road does not come at once, though there is stock."""
        rows = instance["lanes"]
        if not len(rows):
            return
        shape = len(instance.labels["customer"]), len(instance.labels["location"])
        key = instance.codes("lanes", "customer"), instance.codes("lanes", "location")
        on_the_way, cost = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
        on_the_way[key], cost[key] = rows["lead_time"].astype(np.int64), rows["unit_cost"]

        def lane(customer: Codes, location: Codes) -> tuple[Codes, Figures]:
            return on_the_way[customer, location], cost[customer, location]

        book.post("lanes", lane)
        if (rows["lead_time"] > 0).any():
            book.post("held back", np.arange(len(instance["items"])))

    def derive(self, instance: Instance, book: Book) -> None:
        """Deliveries that cost something."""
        ways = book.indexes["deliveries"]
        _, cost = lanes(book, instance.codes("demand", "customer")[ways["line"]], ways["location"])
        book.subset("paid_deliveries", "deliveries", cost > 0)
        book.parameter("delivery_cost", "paid_deliveries", cost[cost > 0])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What deliveries cost."""
        ledger.cost("delivery", m.delivery_cost, m.deliver)
