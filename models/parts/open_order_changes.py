"""Open order changes: what is already placed is sped up, postponed or cancelled, at a cost.

Decides     change[r,n] in {0,1}     open order r arrives in period n instead of the agreed one; n = -1: never
Subject to  one_change         Σ_n change[r,n]  <=  1
Posts       receipts[i,l,t]  +=  Σ {q_r · change[r,n]: n = t} - Σ {q_r · change[r,n]: agreed for t}               [unit]
Offers      certain[i,l,t]   +=  the same
Costs       order_change  (a + b · (agreed - n) · q) · change     sooner: b `sooner_cost`, up to `sooner_periods`
                          (a + b · (n - agreed) · q) · change     later: b `later_cost`, up to `later_periods`
                          (a + (b - p) · q) · change              cancelled: b `cancel_cost`, p `unit_cost`

q `quantity`, a `change_cost` of table `open_orders`. An order line is changed as a whole, within the horizon. Its price
was paid when it was placed, so only a cancelled one has an effect on what is bought: p is what is not paid after all.

Source: rescheduling messages of requirements planning: Orlicky (1975), Material Requirements Planning, ch. 7; their
damping by costs: Carlson, Jucker & Kropp (1979), Management Science 25(8).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from models.book import Book, Values
from models.entities import lowest_unit_cost
from models.findings import Finding, warning
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.open_orders import OPEN_ORDERS, OVERDUE_ARRIVAL, arriving, expected_periods
from models.part import Move, Part
from models.tables import Result, date, money, periods, quantity, text

TERMS = OPEN_ORDERS.with_columns(
    money("change_cost", "Fixed cost of changing the order line.", per="order line", default=0.0),
    periods("sooner_periods", "It can be brought in up to so many periods sooner.", default=0.0),
    money("sooner_cost", "Cost of each period sooner.", per="unit and period", default=0.0),
    periods("later_periods", "It can be put off by up to so many periods.", default=0.0),
    money("later_cost", "Cost of each period later.", per="unit and period", default=0.0),
    money("cancel_cost", "Cost of cancelling it.", per="unit", default=None, default_text="it cannot be cancelled"),
    money("unit_cost", "Its price, which is not paid where it is cancelled.", per="unit", default=0.0),
)
NEVER = -1
WHOLE = 0.5


class OpenOrderChanges(Part):
    """Open orders that come sooner, later or not at all."""

    needs = (TERMS,)
    settings = (OVERDUE_ARRIVAL,)
    posts = ("receipts",)
    offers = ("certain",)
    gives = (
        Result(
            "open_order_changes",
            "What to tell suppliers about orders that are already placed.",
            (
                text("order", "Number of the order."),
                text("line", "Line of the order."),
                date("arrival", "When it was expected, as open_orders has it."),
                text("item", "The item."),
                text("location", "Where it arrives."),
                quantity("quantity", "How much."),
                text("action", "`expedite`, `postpone` or `cancel`."),
                date("new_arrival", "First day of the period in which it is to arrive; empty where it is cancelled."),
                money("cost", "What the change costs; negative where its price saves more."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Orders that it would pay to cancel and place again."""
        rows = instance["open_orders"]
        cheapest = lowest_unit_cost(instance)[instance.codes("open_orders", "item")]
        saved = rows["unit_cost"] - rows["cancel_cost"]
        for k in np.flatnonzero(saved > cheapest):
            yield warning(
                "cancelling pays",
                f"cancelling saves {saved[k]:.10g} a unit, and the item can be bought for {cheapest[k]:.10g}: the plan "
                "may cancel the order and place it again",
                table="open_orders",
                row=int(k),
                column="cancel_cost",
                value=rows["cancel_cost"][k],
            )

    def derive(self, instance: Instance, book: Book) -> None:
        """Order lines by the periods to which they can be moved."""
        rows, item, location = instance["open_orders"], *_where(instance)
        agreed = expected_periods(instance)
        row, new = _choices(instance)
        book.stands_for("open", item=item, location=location, period=np.minimum(agreed, instance.calendar.periods - 1))
        book.index("order_changes", open=row, new=new)
        book.index("changeable", open=np.unique(row))
        book.relation("changes", "changeable", (row,), new=new)
        much = rows["quantity"][row]
        book.parameter("changed_quantity", "order_changes", much)
        cost = _costs(instance, row, new)
        book.subset("paid_changes", "order_changes", cost != 0)
        book.parameter("order_change_cost", "paid_changes", cost[cost != 0])
        moved = new != NEVER
        book.relation(
            "changed_in",
            "stock_periods",
            (item[row[moved]], location[row[moved]], new[moved]),
            open=row[moved],
            new=new[moved],
        )
        book.relation("changed_out", "stock_periods", (item[row], location[row], agreed[row]), open=row, new=new)
        book.post("certain arrivals", (item[row[moved]], location[row[moved]], new[moved], much[moved]))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """Whether an order line is changed, and to when."""
        m.change = pyo.Var(m.order_changes, domain=pyo.Binary)
        m.one_change = pyo.Constraint(m.changeable, rule=lambda m, r: sum(m.change[r, n] for n in m.changes[r]) <= 1)

        def moved(m: Any, i: Any, l: Any, t: Any) -> Any:
            return sum(m.changed_quantity[r, n] * m.change[r, n] for r, n in m.changed_in[i, l, t]) - sum(
                m.changed_quantity[r, n] * m.change[r, n] for r, n in m.changed_out[i, l, t]
            )

        ledger.post("receipts", moved)
        ledger.offer("certain", moved)
        ledger.cost("order_change", m.order_change_cost, m.change)

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """What does not arrive as agreed, and when it does."""
        row, new = _changed(book, values)
        item, location = _where(instance)
        much, moved = instance["open_orders"]["quantity"][row], new != NEVER
        yield Move("receipts", item[row], location[row], expected_periods(instance)[row], -much)
        yield Move("receipts", item[row[moved]], location[row[moved]], new[moved], much[moved])

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`open_order_changes`."""
        rows, (row, new) = instance["open_orders"], _changed(book, values)
        days, agreed = instance.calendar.first_days().astype(str), expected_periods(instance)[row]
        action = np.where(new == NEVER, "cancel", np.where(new < agreed, "expedite", "postpone"))
        return {
            "open_order_changes": {
                **{name: rows[name][row] for name in ("order", "line")},
                "arrival": rows.text("arrival")[row],
                **{name: rows[name][row] for name in ("item", "location", "quantity")},
                "action": as_texts(action.tolist()),
                "new_arrival": as_texts(["" if t == NEVER else str(days[t]) for t in new]),
                "cost": _costs(instance, row, new),
            }
        }


def _where(instance: Instance) -> tuple[Codes, Codes]:
    """Item and location of each open order."""
    return instance.codes("open_orders", "item"), instance.codes("open_orders", "location")


def _choices(instance: Instance) -> tuple[Codes, Codes]:
    """Pairs (row of an open order, new period): what it may be changed to; -1: cancelled."""
    rows, agreed, found = instance["open_orders"], expected_periods(instance), []
    for k in arriving(instance):
        first = max(0, int(agreed[k] - rows["sooner_periods"][k]))
        last = min(instance.calendar.periods - 1, int(agreed[k] + rows["later_periods"][k]))
        never = [] if np.isnan(rows["cancel_cost"][k]) else [NEVER]
        found += [(k, t) for t in (*never, *range(first, last + 1)) if t != agreed[k]]
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _costs(instance: Instance, row: Codes, new: Codes) -> Figures:
    """What each change costs."""
    rows, waits = instance["open_orders"], new - expected_periods(instance)[row]
    moved = np.where(waits < 0, -waits * rows["sooner_cost"][row], waits * rows["later_cost"][row])
    cancelled = np.nan_to_num(rows["cancel_cost"][row]) - rows["unit_cost"][row]
    of_unit: Figures = np.where(new == NEVER, cancelled, moved)
    return rows["change_cost"][row] + rows["quantity"][row] * of_unit


def _changed(book: Book, values: Values) -> tuple[Codes, Codes]:
    """The changes that are made."""
    index = book.indexes["order_changes"]
    made: NDArray[np.bool_] = values["change"] > WHOLE
    return index["open"][made], index["new"][made]
