"""Shipments: what leaves a location for a customer in a period is nothing, or at least so much.

Decides     shipped[c,l,t] in {0,1}    whether anything leaves location l for customer c in period t
Subject to  minimum_shipment   Σ_d delivered[d,l,t]  >=  m_c · shipped[c,l,t]         over the lines d of the customer
            shipped_delivery   delivered[d,l,t]      <=  q_d · shipped[c,l,t]

m `minimum_shipment` of table `customers`, in units of all items together; q what a line asks for; the lines get their
own items. It is hard, and always possible.

Source: minimum order and shipment sizes in distribution: Stadtler, Kilger & Meyr (2015), ch. 9; semi-continuous
quantities: Beale & Tomlin (1970).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import delivery_ways
from models.entities import CUSTOMERS
from models.findings import Finding, warning
from models.instance import Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.part import Part, Scope
from models.tables import quantity

SIZE = CUSTOMERS.with_columns(
    quantity(
        "minimum_shipment",
        "What leaves one location for the customer in a period is nothing or at least this, all items together.",
        default=0.0,
    )
)


class Shipments(Part):
    """Minimum shipments to a customer."""

    scope = Scope.SHARED
    needs = (SIZE,)
    limits = (Limit("customers", "minimum_shipment", "shipments of at least {}"),)
    uses = ("delivered",)

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Customers who do not ask for as much as they must be sent."""
        sizes, demand = instance["customers"]["minimum_shipment"], instance["demand"]
        if not (sizes > 0).any():
            return
        asked = np.bincount(instance.codes("demand", "customer"), demand["quantity"], minlength=len(sizes))
        for k in np.flatnonzero(sizes > asked):
            yield warning(
                "shipment above demand",
                f"the customer asks for {asked[k]:.10g} in all, and will get nothing",
                table="customers",
                row=int(k),
                column="minimum_shipment",
                value=sizes[k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """A line may wait for others though there is stock."""
        sized = _sizes(instance) > 0
        if sized.any():
            mine = sized[instance.codes("demand", "customer")]
            book.post("held back", np.unique(instance.codes("demand", "item")[mine]))
            book.post("own item only", np.flatnonzero(mine))

    def derive(self, instance: Instance, book: Book) -> None:
        """Customers who take no small shipments, and the deliveries to them."""
        (lines,) = book.posted("demand lines")
        sizes = _sizes(instance)
        ways = delivery_ways(book, lines, bool((sizes > 0).any()))
        mine = sizes[lines.customer[ways.which]] > 0
        line, location, period, which = (column[mine] for column in (ways.line, ways.location, ways.period, ways.which))
        customer = lines.customer[which]
        places = np.unique(np.column_stack([customer, location, period]), axis=0)
        book.index("customer_shipments", customer=places[:, 0], location=places[:, 1], period=places[:, 2])
        book.parameter("smallest_shipment", "customer_shipments", sizes[places[:, 0]])
        book.relation("shipment_lines", "customer_shipments", (customer, location, period), line=line)
        book.index("shipment_ways", customer=customer, line=line, location=location, period=period)
        book.parameter("most_for_customer", "shipment_ways", lines.quantity[which])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """When anything leaves."""
        m.shipped = pyo.Var(m.customer_shipments, domain=pyo.Binary)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Nothing, or enough."""
        m.minimum_shipment = pyo.Constraint(
            m.customer_shipments,
            rule=lambda m, c, l, t: (
                sum(ledger.total("delivered", m, d, l, t) for d in m.shipment_lines[c, l, t])
                >= m.smallest_shipment[c, l, t] * m.shipped[c, l, t]
            ),
        )
        m.shipped_delivery = pyo.Constraint(
            m.shipment_ways,
            rule=lambda m, c, d, l, t: (
                ledger.total("delivered", m, d, l, t) <= m.most_for_customer[c, d, l, t] * m.shipped[c, l, t]
            ),
        )


def _sizes(instance: Instance) -> Figures:
    """Smallest shipment to each customer; 0 for any."""
    sizes = instance["customers"]["minimum_shipment"]
    return sizes if len(sizes) else np.zeros(len(instance.labels["customer"]))
