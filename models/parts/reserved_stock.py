"""Reserved stock: what customers of a lower tier may not take.

Decides     above_reserve[i,l,k,t] in {0,1}    whether anybody below the tier of reserve k is served in t
Subject to  reserve_kept       on_hand[i,l,t]    >=  R_k · above_reserve[i,l,k,t]
            reserve_closed     delivered[d,l,t]  <=  q_d · above_reserve[i,l,k,t]     lines d of lower tiers
            reserve_first      Σ {delivered[e,m,u]: u <= t}  >=  q_e · above_reserve[i,l,k,t]
                                                               other lines e of the item that could be served then

R `quantity` of table `reserved_stock` [unit]; a line is of a lower tier where the `tier` of its customer is above that
of the reserve, or is not given; q what a line asks for. In a period in which a lower tier is served, nobody of the
reserve's tier or above it waits for that stock, and at least the reserve is on hand at its end. Lines for the item get
it alone, and it is no substitute for another. It is hard, and always possible.

Source: critical levels: Veinott (1965), Operations Research 13(5); Topkis (1968), Management Science 15(3); Kleijn &
Dekker (1999), An overview of inventory systems with several demand classes.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book
from models.demand import delivery_ways
from models.entities import CUSTOMERS, TIER
from models.findings import Finding, warning
from models.instance import Codes, Figures, Instance
from models.ledger import Ledger
from models.limits import Limit
from models.orders import OrderLines
from models.part import Part
from models.tables import Column, Kind, Table, quantity, text

RESERVES = Table(
    "reserved_stock",
    "Stock that is kept for the best customers: one row per item, location and tier.",
    key=(
        text("item", "The item.", refers="items", example="WIDGET-1"),
        text("location", "The location.", refers="locations", default="", default_text="each"),
        Column(
            "tier",
            Kind.COUNT,
            "Kept for customers of this tier and those above it.",
            unit="tier",
            minimum=1.0,
            example="1",
        ),
    ),
    columns=(quantity("quantity", "How much customers of lower tiers may not take.", example="20"),),
    optional=True,
)


class ReservedStock(Part):
    """Critical levels of stock by tier."""

    needs = (RESERVES, CUSTOMERS.with_columns(TIER))
    limits = (Limit("reserved_stock", "quantity", "a reserve of {}", whole_row=True),)
    uses = ("delivered", "on_hand")

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Reserves that nobody may take."""
        rows, tiers = instance["reserved_stock"], _tiers(instance)
        for k in np.flatnonzero(rows["tier"] < np.min(tiers, initial=np.inf)):
            yield warning(
                "reserve for nobody",
                "no customer is of this tier or above it, so that nobody may take the stock",
                table="reserved_stock",
                row=int(k),
                column="tier",
                value=rows["tier"][k],
            )

    def prepare(self, instance: Instance, book: Book) -> None:
        """A reserve must be there before a lower tier is served: a reason to buy, and for lines to wait."""
        rows = instance["reserved_stock"]
        if not len(rows):
            return
        item, location = instance.codes("reserved_stock", "item"), instance.codes("reserved_stock", "location")
        book.post("held back", np.unique(item))
        book.post("own item only", np.flatnonzero(np.isin(instance.codes("demand", "item"), item)))
        book.post("no substitute", np.unique(item))
        kept = np.zeros((len(instance["items"]), len(instance.labels["location"]) + 1))
        np.add.at(kept, (item, location), rows["quantity"])

        def reason(lines: OrderLines) -> Figures:
            wanted: Figures = kept[lines.item, lines.location] + kept[lines.item, -1]
            return wanted

        book.post("reason", reason)

    def derive(self, instance: Instance, book: Book) -> None:
        """Reserves by period in which a lower tier could be served, and its deliveries."""
        (lines,) = book.posted("demand lines")
        ways = delivery_ways(book, lines, len(instance["reserved_stock"]) > 0)
        line, location, period, which = ways.line, ways.location, ways.period, ways.which
        item = lines.item[which]
        reserve, way, lower = _kept(instance, lines.customer[which], item, location)
        key = np.column_stack([item[way], location[way], reserve, period[way]])
        periods = np.unique(key[lower], axis=0)
        names = ("item", "location", "reserve", "period")
        book.index("reserve_periods", **dict(zip(names, periods.T, strict=True)))
        book.parameter("reserved_quantity", "reserve_periods", instance["reserved_stock"]["quantity"][periods[:, 2]])
        open_then = {tuple(place) for place in periods.tolist()}
        higher = ~lower & np.array([tuple(place) in open_then for place in key.tolist()], dtype=np.bool_)
        for name, asked, chosen in (("closed_ways", "most_below", lower), ("first_lines", "owed", higher)):
            index = book.index(name, **dict(zip(names, key[chosen].T, strict=True)), line=line[way[chosen]])
            book.parameter(asked, name, lines.quantity[which[way[chosen]]])
        first, until = _until(index["line"], index["period"], line, period)
        parents = tuple(index[name][first] for name in index.dimensions)
        book.relation("served_by", "first_lines", parents, from_location=location[until], sent_period=period[until])

    def declare(self, m: Any, ledger: Ledger) -> None:
        """When lower tiers are served."""
        m.above_reserve = pyo.Var(m.reserve_periods, domain=pyo.Binary)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """They are served only from what is above the reserve."""
        m.reserve_kept = pyo.Constraint(
            m.reserve_periods,
            rule=lambda m, i, l, k, t: (
                ledger.total("on_hand", m, i, l, t) >= m.reserved_quantity[i, l, k, t] * m.above_reserve[i, l, k, t]
            ),
        )
        m.reserve_closed = pyo.Constraint(
            m.closed_ways,
            rule=lambda m, i, l, k, t, d: (
                ledger.total("delivered", m, d, l, t) <= m.most_below[i, l, k, t, d] * m.above_reserve[i, l, k, t]
            ),
        )
        m.reserve_first = pyo.Constraint(
            m.first_lines,
            rule=lambda m, i, l, k, t, d: (
                sum(ledger.total("delivered", m, d, a, u) for a, u in m.served_by[i, l, k, t, d])
                >= m.owed[i, l, k, t, d] * m.above_reserve[i, l, k, t]
            ),
        )


def _tiers(instance: Instance) -> Figures:
    """Tier of each customer; inf where none is given."""
    given = instance["customers"]["tier"]
    customers = len(instance.labels["customer"])
    tiers: Figures = np.where(np.isnan(given), np.inf, given) if len(given) else np.full(customers, np.inf)
    return tiers


def _kept(instance: Instance, customer: Codes, item: Codes, location: Codes) -> tuple[Codes, Codes, Any]:
    """Reserve, delivery from stock of which it is a part, and whether that is to a lower tier."""
    rows = instance["reserved_stock"]
    of, place = instance.codes("reserved_stock", "item"), instance.codes("reserved_stock", "location")
    found: list[Codes] = []
    for k in range(len(rows)):
        counts = (item == of[k]) & (rows["quantity"][k] > 0) & ((place[k] == -1) | (location == place[k]))
        found.append(np.flatnonzero(counts))
    reserve = np.repeat(np.arange(len(rows)), [len(some) for some in found])
    way = np.concatenate([np.zeros(0, np.int64), *found])
    return reserve, way, _tiers(instance)[customer[way]] > rows["tier"][reserve]


def _until(wanted: Codes, by: Codes, line: Codes, period: Codes) -> tuple[Codes, Codes]:
    """Pairs of places: (wanted line and period, a delivery of that line by then)."""
    start = np.searchsorted(line, wanted, side="left")
    count = np.searchsorted(line, wanted, side="right") - start
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
    row = np.repeat(np.arange(len(wanted)), count)
    in_time = period[place] <= by[row]
    return row[in_time], place[in_time]
