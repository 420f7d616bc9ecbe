"""Balance: stock carries over, and what is on hand costs money.

Decides     on_hand[i,l,t] >= 0        stock of item i at l at the end of period t; t = -1 is the opening      [unit]
Owns        receipts[i,l,t], issues[i,l,t], losses[i,l,t]                                                      [unit]
Offers      on_hand[i,l,t];  received[i,l,t], issued[i,l,t] = the totals of receipts and issues
Subject to  stock_opening      on_hand[i,l,-1] = s_il
            stock_balance      on_hand[i,l,t]  = on_hand[i,l,t-1] + receipts[i,l,t] - issues[i,l,t] - losses[i,l,t]
Costs       holding  h_i · on_hand[i,l,t]

s `on_hand` of table `inventory` (negative counts as 0), h the item's holding cost. Receipts arrive before deliveries
leave, so what arrives in t can be delivered in t; losses leave for nobody. A part that moves stock in a column of its
own gives that column, too. There is a balance where an item can be: on hand, on order, to be
bought, or wanted by a safety stock.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import Book, Values
from models.entities import HOLDING_RATE, INVENTORY, holding_cost, pair_places, stocked
from models.findings import Finding, fault
from models.instance import Array, Figures, Instance
from models.ledger import Ledger
from models.part import Move, Part
from models.tables import Result, date, quantity, text

STOCK = INVENTORY.with_columns(
    quantity(
        "on_hand",
        "Unrestricted stock; what is reserved or blocked left out. Negative counts as 0.",
        default=0.0,
        clip=True,
        example="35",
    ),
)
FLOAT_NOISE = (
    1e-12  # of the largest quantity that moves: a few of the 16 digits of a float, lost in sums over the horizon
)
COLUMNS = {
    "receipts": 1,
    "transfers_in": 1,
    "transfers_out": -1,
    "delivered": -1,
}  # what moves, and its sign in the balance; columns of other parts leave


class Balance(Part):
    """Stock on hand, period by period."""

    needs = (STOCK,)
    settings = (HOLDING_RATE,)
    owns = ("receipts", "issues", "losses")
    offers = ("on_hand", "received", "issued")
    gives = (
        Result(
            "inventory",
            "Stock by period, where anything is or happens.",
            (
                text("item", "The item."),
                text("location", "The location."),
                date("period", "First day of the period."),
                quantity("opening", "On hand when the period begins."),
                quantity("receipts", "Arrives from suppliers: open and new orders."),
                quantity("transfers_in", "Arrives from other locations."),
                quantity("transfers_out", "Leaves for other locations."),
                quantity("delivered", "Leaves for customers."),
                quantity("on_hand", "On hand when the period ends."),
            ),
            key=("item", "location", "period"),
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Every item that is stocked has a holding cost."""
        costs = holding_cost(instance)
        for k in np.unique(instance.codes("inventory", "item")):
            if np.isnan(costs[k]):
                yield fault(
                    "no price",
                    "nothing tells what the item is worth: it has no price, no holding_cost and no row in sourcing; "
                    "fill price",
                    table="items",
                    row=int(k),
                    column="price",
                )

    def prepare(self, instance: Instance, book: Book) -> None:
        """What has a row in inventory is stocked."""
        book.post("stocked", (instance.codes("inventory", "item"), instance.codes("inventory", "location")))

    def derive(self, instance: Instance, book: Book) -> None:
        """Stocks: each item and location that anybody posted, by each period."""
        places = stocked(instance, book)
        locations, horizon = len(instance.labels["location"]), instance.calendar.periods
        item, location = places // locations, places % locations
        opening = np.zeros(len(places))
        rows = pair_places(instance, instance.codes("inventory", "item"), instance.codes("inventory", "location"))
        opening[np.searchsorted(places, rows)] = instance["inventory"]["on_hand"]
        book.index("stocks", item=item, location=location)
        book.parameter("opening", "stocks", opening)
        periods = np.tile(np.arange(horizon), len(places))
        ends = np.tile(np.arange(-1, horizon), len(places))
        book.index(
            "stock_periods", item=np.repeat(item, horizon), location=np.repeat(location, horizon), period=periods
        )
        book.index(
            "stock_ends", item=np.repeat(item, horizon + 1), location=np.repeat(location, horizon + 1), period=ends
        )
        book.parameter("holding_cost", "stock_periods", np.repeat(np.nan_to_num(holding_cost(instance))[item], horizon))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Stock and its cost."""
        m.on_hand = pyo.Var(m.stock_ends, domain=pyo.NonNegativeReals)
        m.stock_opening = pyo.Constraint(m.stocks, rule=lambda m, i, l: m.on_hand[i, l, -1] == m.opening[i, l])
        ledger.offer("on_hand", lambda m, i, l, t: m.on_hand[i, l, t])
        ledger.offer("received", ledger.totals("receipts"))
        ledger.offer("issued", lambda m, i, l, t: ledger.total("issues", m, i, l, t))
        ledger.cost("holding", m.holding_cost, m.on_hand)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """Total what arrives and what leaves."""
        receipts, issues, losses = (ledger.totals(account) for account in self.owns)
        m.stock_balance = pyo.Constraint(
            m.stock_periods,
            rule=lambda m, i, l, t: (
                m.on_hand[i, l, t]
                == m.on_hand[i, l, t - 1] + receipts(m, i, l, t) - issues(m, i, l, t) - losses(m, i, l, t)
            ),
        )

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`inventory`, added up from what moves, so that it adds up with what is written elsewhere."""
        stocks, locations, horizon = book.indexes["stocks"], len(instance.labels["location"]), instance.calendar.periods
        places = stocks["item"] * locations + stocks["location"]
        columns = dict.fromkeys([*COLUMNS, *(move.column for move in moves)])
        moved = {column: np.zeros((len(places), horizon)) for column in columns}
        for move in moves:
            row = np.searchsorted(places, move.item * locations + move.location)
            np.add.at(moved[move.column], (row, move.period), move.quantity)
        opening = book.values("opening")[:, None]
        on_hand = opening + np.cumsum(sum(COLUMNS.get(column, -1) * moved[column] for column in columns), axis=1)
        before = np.hstack([opening, on_hand[:, :-1]])
        moved_most = np.maximum(opening[:, 0], np.max([values.max(axis=1) for values in moved.values()], axis=0))
        digits_lost = (
            FLOAT_NOISE * np.maximum(moved_most, 1.0)[:, None]
        )  # what is left of sums of large numbers is nothing
        on_hand, before = (np.where(np.abs(stock) <= digits_lost, 0.0, stock) for stock in (on_hand, before))
        told = {column: moved[column] for column in COLUMNS}
        return {"inventory": _written(instance, book, {"opening": before, **told, "on_hand": on_hand})}


def _written(instance: Instance, book: Book, columns: dict[str, Figures]) -> dict[str, Array]:
    """The rows in which anything is or happens; what is left of rounding counts as nothing."""
    flat = {name: np.where(np.abs(values) < 1e-9, 0.0, values).ravel() for name, values in columns.items()}
    keep = np.any(list(flat.values()), axis=0)
    index = book.indexes["stock_periods"]
    return {
        "item": instance.labels["item"][index["item"][keep]],
        "location": instance.labels["location"][index["location"][keep]],
        "period": instance.calendar.first_days().astype(str)[index["period"][keep]],
        **{name: values[keep] for name, values in flat.items()},
    }
