"""Shelf life: stock is kept by batch, goes to waste when its life ends, and customers ask for what is left of it.

Decides     take[i,l,e,t] >= 0         of the batch that can be used to the end of period e, leaves in t          [unit]
            keep[i,l,e,t] >= 0         of it, on hand at the end of t < e                                         [unit]
            waste[i,l,e,t] >= 0        of it, thrown away in t: at the latest what is left in e                   [unit]
            fresh[i,l,t] >= 0          what arrives in t with its full life                                       [unit]
Subject to  batch_balance      keep[e,t-1] + fresh[t] + B_ilet  =  take[e,t] + waste[e,t] + keep[e,t]
                               fresh where e = t + L_i - 1, keep where the period is before e
            all_fresh          fresh[i,l,t]  =  received[i,l,t] - G_ilt
            all_taken          Σ_e take[i,l,e,t]  =  issued[i,l,t]
            life_left          Σ_{e >= t + k} take[i,l,e,t]  >=  what leaves in t for lines that ask for at least k
Posts       losses[i,l,t]  +=  Σ_e waste[i,l,e,t]                                                                 [unit]
Costs       waste  w_i · waste

L `shelf_life`, w `waste_cost` of table `items`; a unit can be used in L periods, that of its arrival among them. B the
batches on hand (table `batches`; the rest of the stock is as good as new), and open orders with an `expiry` of their
own, G the latter. A line asks for `minimum_remaining_life` of its customer, counted from its delivery. What expires
first is taken first, by those who ask for most before those who ask for less, and thrown away first: whatever batches
an optimum takes, that is possible with the same deliveries and the same waste, and `batches` tells it so.

Source: first-expired first-out by age: Nahmias (2011), Perishable Inventory Systems; remaining life on delivery:
Akkerman, Farahani & Grunow (2010), OR Spectrum 32.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.book import NOISE, Book, Values
from models.entities import CUSTOMERS, INVENTORY, ITEMS
from models.findings import Finding, fault
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.open_orders import OPEN_ORDERS, OVERDUE_ARRIVAL, arriving, expected_periods
from models.part import Move, Part
from models.tables import Result, Table, date, money, periods, quantity, text
from models.ways import leaving

LIFE = ITEMS.with_columns(
    periods(
        "shelf_life",
        "Periods in which a unit can be used, that of its arrival among them.",
        default=None,
        default_text="it keeps",
    ),
    money("waste_cost", "Cost of getting rid of a unit that has expired.", per="unit", default=0.0),
)
BATCHES = Table(
    "batches",
    "Until when stock on hand can be used: one row per item, location and day. The rest of it is as good as new.",
    key=(
        text("item", "The item.", refers="items"),
        text("location", "The location.", refers="locations"),
        date("expiry", "Last day on which it can be used."),
    ),
    columns=(quantity("quantity", "How much of what is on hand."),),
    optional=True,
    illustrated=False,
)
ARRIVING = OPEN_ORDERS.with_columns(
    date("expiry", "Last day on which it can be used.", default=None, default_text="by the item's shelf_life"),
)
FRESHNESS = CUSTOMERS.with_columns(
    periods("minimum_remaining_life", "Periods after that of delivery in which it can still be used.", default=0.0),
)
CHANGES = ("sooner_periods", "later_periods")


@dataclass(frozen=True)
class _Batches:
    """Places (of index set `stocks`) by expiry and period: where something of a batch can be; and given quantities."""

    place: Codes
    expiry: Codes
    period: Codes


class ShelfLife(Part):
    """Batches, waste and remaining life."""

    needs = (LIFE, BATCHES, ARRIVING, FRESHNESS, INVENTORY)
    limits = (
        Limit("items", "shelf_life", "a life of {} periods"),
        Limit("customers", "minimum_remaining_life", "{} periods of life on delivery"),
    )
    settings = (OVERDUE_ARRIVAL,)
    posts = ("losses",)
    uses = ("received", "issued", "delivered")
    gives = (
        Result(
            "inventory",
            "Stock by period, where anything is or happens.",
            (quantity("wasted", "Leaves because its life has ended; where items have a shelf life."),),
            key=("item", "location", "period"),
        ),
        Result(
            "batches",
            "Batches of items with a shelf life: what is taken of each, and what goes to waste.",
            (
                text("item", "The item."),
                text("location", "The location."),
                date("expiry", "Last day on which it can be used."),
                date("period", "First day of the period."),
                quantity("taken", "Leaves for customers."),
                quantity("wasted", "Is left when it expires."),
            ),
            optional=True,
        ),
    )

    def check(self, instance: Instance) -> Iterator[Finding]:
        """Batches that cannot be, and what is not planned together with a shelf life."""
        life, batches = instance["items"]["shelf_life"], instance["batches"]
        for k in np.flatnonzero(life < 1):
            yield fault(
                "no life", "shelf_life is at least 1", table="items", row=int(k), column="shelf_life", value=life[k]
            )
        expiry, item = instance.calendar.index(batches["expiry"]), instance.codes("batches", "item")
        for k in np.flatnonzero(expiry < 0):
            yield fault(
                "expired",
                "it expired before the start; take it off the stock in inventory, and off batches",
                table="batches",
                row=int(k),
                column="expiry",
                value=batches.text("expiry")[k],
            )
        for k in np.flatnonzero(np.isnan(life[item])):
            yield fault(
                "no shelf life",
                "the item has batches and no shelf_life: fill it in items",
                table="batches",
                row=int(k),
                column="item",
                value=batches["item"][k],
            )
        yield from _too_much(instance)
        yield from _not_together(instance, life)

    def derive(self, instance: Instance, book: Book) -> None:
        """Batches by stock, expiry and period."""
        life, horizon, stocks = instance["items"]["shelf_life"], instance.calendar.periods, book.indexes["stocks"]
        place = np.flatnonzero(~np.isnan(life[stocks["item"]]))
        of = {int(p): k for k, p in enumerate(place)}
        keeps = np.nan_to_num(life[stocks["item"][place]], nan=1.0).astype(np.int64)
        given = _given(instance, book, place, keeps)
        first: dict[tuple[int, int], int] = {}
        for k in range(len(place)):
            for t in range(horizon):
                first.setdefault((k, t + int(keeps[k]) - 1), t)
        for p, e, t in given:
            first[of[p], e] = min(t, first.get((of[p], e), t))
        found = [(k, e, t) for (k, e), start in sorted(first.items()) for t in range(start, min(e, horizon - 1) + 1)]
        row, expiry, period = np.array(found, dtype=np.int64).reshape(-1, 3).T
        item, location = stocks["item"][place], stocks["location"][place]
        key = (item[row], location[row], expiry, period)
        book.index("batch_periods", item=key[0], location=key[1], expiry=expiry, period=period)
        there = [given.get((int(place[k]), e, t), 0.0) for k, e, t in found]
        book.parameter("batch_given", "batch_periods", np.array(there, dtype=np.float64))
        fresh_row, fresh_t = np.divmod(np.arange(len(place) * horizon), horizon)
        fresh = (item[fresh_row], location[fresh_row], fresh_t)
        book.index("perishable_periods", item=fresh[0], location=fresh[1], period=fresh_t)
        book.parameter("not_fresh", "perishable_periods", _not_fresh(instance, stocks, place).ravel())
        ends = fresh_t + keeps[fresh_row] - 1
        book.relation("fresh_in", "batch_periods", (fresh[0], fresh[1], ends, fresh_t), arrives=fresh_t)
        keeping = expiry > period
        book.subset("kept_batches", "batch_periods", keeping)
        went_on = keeping & (period + 1 <= np.minimum(expiry, horizon - 1))
        parents = (key[0][went_on], key[1][went_on], expiry[went_on], period[went_on] + 1)
        book.relation("kept_before", "batch_periods", parents, before=period[went_on])
        book.relation("kept_now", "batch_periods", tuple(c[keeping] for c in key), now=period[keeping])
        book.relation("batches_of", "perishable_periods", (key[0], key[1], period), expiry=expiry)
        book.relation("wasted_of", "stock_periods", (key[0], key[1], period), expiry=expiry)
        cost = instance["items"]["waste_cost"][key[0]]
        book.subset("paid_waste", "batch_periods", cost > 0)
        book.parameter("waste_cost", "paid_waste", cost[cost > 0])
        _asked(instance, book, life, _Batches(key[0] * len(instance.labels["location"]) + key[1], expiry, period))

    def declare(self, m: Any, ledger: Ledger) -> None:
        """What is taken of batches, kept and wasted."""
        m.take = pyo.Var(m.batch_periods, domain=pyo.NonNegativeReals)
        m.keep = pyo.Var(m.kept_batches, domain=pyo.NonNegativeReals)
        m.fresh = pyo.Var(m.perishable_periods, domain=pyo.NonNegativeReals)
        m.waste = pyo.Var(m.batch_periods, domain=pyo.NonNegativeReals)
        m.batch_balance = pyo.Constraint(
            m.batch_periods,
            rule=lambda m, i, l, e, t: (
                sum(m.keep[i, l, e, b] for b in m.kept_before[i, l, e, t])
                + sum(m.fresh[i, l, a] for a in m.fresh_in[i, l, e, t])
                + m.batch_given[i, l, e, t]
                == m.take[i, l, e, t] + m.waste[i, l, e, t] + sum(m.keep[i, l, e, n] for n in m.kept_now[i, l, e, t])
            ),
        )
        ledger.post("losses", lambda m, i, l, t: sum(m.waste[i, l, e, t] for e in m.wasted_of[i, l, t]))
        ledger.cost("waste", m.waste_cost, m.waste)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        """What arrives is in a batch, and what leaves comes from one that lasts long enough."""
        m.all_fresh = pyo.Constraint(
            m.perishable_periods,
            rule=lambda m, i, l, t: m.fresh[i, l, t] == ledger.total("received", m, i, l, t) - m.not_fresh[i, l, t],
        )
        m.all_taken = pyo.Constraint(
            m.perishable_periods,
            rule=lambda m, i, l, t: (
                sum(m.take[i, l, e, t] for e in m.batches_of[i, l, t]) == ledger.total("issued", m, i, l, t)
            ),
        )
        m.life_left = pyo.Constraint(
            m.lives_asked,
            rule=lambda m, i, l, t, k: (
                sum(m.take[i, l, e, t] for e in m.long_enough[i, l, t, k])
                >= sum(ledger.total("delivered", m, d, l, n) for d, n in m.asking[i, l, t, k])
            ),
        )

    def moves(self, instance: Instance, book: Book, values: Values) -> Iterator[Move]:
        """What goes to waste."""
        index, wasted = book.indexes["batch_periods"], values["waste"] > NOISE
        item, location, period = (index[name][wasted] for name in ("item", "location", "period"))
        yield Move("wasted", item, location, period, values["waste"][wasted])

    def results(self, instance: Instance, book: Book, values: Values, moves: list[Move]) -> dict[str, dict[str, Array]]:
        """`batches`, first expired first out, and what is wasted in `inventory`."""
        if not len(book.indexes["batch_periods"]):
            return {}
        batches, labels, calendar = _first_expired_first(instance, book, values), instance.labels, instance.calendar
        days = calendar.first_days().astype(str)
        item, location, expiry, period = np.array([row[:4] for row in batches], dtype=np.int64).reshape(-1, 4).T
        taken, wasted = np.array([row[4:] for row in batches], dtype=np.float64).reshape(-1, 2).T
        places, which = np.unique(np.column_stack([item, location, period])[wasted > 0], axis=0, return_inverse=True)
        return {
            "batches": {
                "item": labels["item"][item],
                "location": labels["location"][location],
                "expiry": as_texts([calendar.last_day(int(e)) for e in expiry]),
                "period": days[period],
                "taken": taken,
                "wasted": wasted,
            },
            "inventory": {
                "item": labels["item"][places[:, 0]],
                "location": labels["location"][places[:, 1]],
                "period": days[places[:, 2]],
                "wasted": np.bincount(which.ravel(), wasted[wasted > 0], minlength=len(places)).astype(np.float64),
            },
        }


def _first_expired_first(
    instance: Instance, book: Book, values: Values
) -> list[tuple[int, int, int, int, float, float]]:
    """Item, location, expiry, period, taken and wasted of each batch, from the deliveries and the waste as chosen."""
    index, leaves = book.indexes["batch_periods"], leaving(book)
    arrived: dict[tuple[int, int], dict[int, dict[int, float]]] = {}
    taken: dict[tuple[int, int, int], float] = {}
    wasted: dict[tuple[int, int, int], float] = {}
    columns = (index["item"].tolist(), index["location"].tolist(), index["expiry"].tolist(), index["period"].tolist())
    figures = (book.values("batch_given"), values["take"], values["waste"])
    for i, l, e, t, given, take, waste in zip(*columns, *(some.tolist() for some in figures), strict=True):
        at = arrived.setdefault((i, l), {}).setdefault(t, {})
        at[e] = at.get(e, 0.0) + given
        taken[i, l, t] = taken.get((i, l, t), 0.0) + take
        wasted[i, l, t] = wasted.get((i, l, t), 0.0) + waste
    whole, life = book.indexes["perishable_periods"], instance["items"]["shelf_life"]
    arrivals = (whole[name].tolist() for name in ("item", "location", "period"))
    for i, l, t, much in zip(*arrivals, values["fresh"].tolist(), strict=True):
        at = arrived.setdefault((i, l), {}).setdefault(t, {})
        at[t + int(life[i]) - 1] = at.get(t + int(life[i]) - 1, 0.0) + much
    ways, least = book.indexes["deliveries"], _remaining(instance)
    some = np.flatnonzero((values["deliver"] > NOISE) & ~np.isnan(life[instance.codes("demand", "item")[ways["line"]]]))
    line, asked = ways["line"][some], dict[tuple[int, int, int], dict[int, float]]()
    asks = least[instance.codes("demand", "customer")[line]] + ways["period"][some] - leaves[some]
    key = (instance.codes("demand", "item")[line].tolist(), ways["location"][some].tolist(), leaves[some].tolist())
    for i, l, t, k, much in zip(*key, asks.tolist(), values["deliver"][some].tolist(), strict=True):
        of = asked.setdefault((i, l, t), {})
        of[k] = of.get(k, 0.0) + much
    told = []
    for i, l in sorted(arrived):
        left = dict[int, float]()
        for t in range(instance.calendar.periods):
            for e, much in arrived[i, l].get(t, {}).items():
                left[e] = left.get(e, 0.0) + much
            classes = {k: much for k, much in asked.get((i, l, t), {}).items() if k > 0}
            classes[0] = taken.get((i, l, t), 0.0) - sum(classes.values())
            out, gone = dict[int, float](), dict[int, float]()
            for k in sorted(classes, reverse=True):
                _oldest(left, classes[k], t + k, out)
            _oldest(left, wasted.get((i, l, t), 0.0), t, gone)
            told += [(i, l, e, t, round(out.get(e, 0.0), 9), round(gone.get(e, 0.0), 9)) for e in sorted({*out, *gone})]
    return told


def _oldest(left: dict[int, float], much: float, least: int, out: dict[int, float]) -> None:
    """Move a quantity out of what is left, from the batches that last to `least` at the soonest, the oldest first."""
    for e in sorted(e for e in left if e >= least):
        some = min(left[e], much)
        if some > NOISE:
            left[e], much, out[e] = left[e] - some, much - some, out.get(e, 0.0) + some


def _remaining(instance: Instance) -> Codes:
    """Remaining life that each customer asks for."""
    if not len(instance["customers"]):
        return np.zeros(len(instance.labels["customer"]), dtype=np.int64)
    least: Codes = instance["customers"]["minimum_remaining_life"].astype(np.int64)
    return least


def _given(instance: Instance, book: Book, place: Codes, keeps: Codes) -> dict[tuple[int, int, int], float]:
    """What there is of batches whatever is decided: by place of the stock, expiry and the period it is there from."""
    stocks, given = book.indexes["stocks"], dict[tuple[int, int, int], float]()
    at = {(int(stocks["item"][p]), int(stocks["location"][p])): int(p) for p in place}
    rest = dict(zip(place.tolist(), book.values("opening")[place].tolist(), strict=True))
    expiry = instance.calendar.index(instance["batches"]["expiry"])
    rows = zip(instance.codes("batches", "item"), instance.codes("batches", "location"), expiry, strict=True)
    for (i, l, e), much in zip(rows, instance["batches"]["quantity"], strict=True):
        if much > 0 and (int(i), int(l)) in at:
            p = at[int(i), int(l)]
            given[p, int(e), 0] = given.get((p, int(e), 0), 0.0) + float(much)
            rest[p] -= float(much)
    for p, life in zip(place.tolist(), keeps.tolist(), strict=True):
        if rest[p] > 0:
            given[p, life - 1, 0] = given.get((p, life - 1, 0), 0.0) + rest[p]
    for i, l, e, t, much in _own_expiry(instance):
        key = at[i, l], e, t
        given[key] = given.get(key, 0.0) + much
    return given


def _own_expiry(instance: Instance) -> list[tuple[int, int, int, int, float]]:
    """Open orders that say when they expire: item, location, expiry, arrival, quantity."""
    rows, row = instance["open_orders"], arriving(instance)
    row = row[~np.isnat(rows["expiry"][row])]
    item, location = instance.codes("open_orders", "item")[row], instance.codes("open_orders", "location")[row]
    row = row[~np.isnan(instance["items"]["shelf_life"][item])] if len(row) else row
    item, location = instance.codes("open_orders", "item")[row], instance.codes("open_orders", "location")[row]
    expiry, arrival = instance.calendar.index(rows["expiry"][row]), expected_periods(instance)[row]
    columns = (item.tolist(), location.tolist(), expiry.tolist(), arrival.tolist(), rows["quantity"][row].tolist())
    return list(zip(*columns, strict=True))


def _not_fresh(instance: Instance, stocks: Any, place: Codes) -> Figures:
    """What arrives with a life of its own, by place and period."""
    much = np.zeros((len(place), instance.calendar.periods))
    at = {(int(stocks["item"][p]), int(stocks["location"][p])): k for k, p in enumerate(place)}
    for i, l, _, t, arriving_then in _own_expiry(instance):
        much[at[i, l], t] += arriving_then
    return much


def _asked(instance: Instance, book: Book, life: Figures, batches: _Batches) -> None:
    """Periods in which deliveries leave that ask for more than what expires then, and the batches that give it."""
    ways, leaves, locations = book.indexes["deliveries"], leaving(book), len(instance.labels["location"])
    line, customer = ways["line"], instance.codes("demand", "customer")
    if np.isnan(life).all():
        line = line[:0]  # nothing expires: nothing to look at
    item, leaves, arrives = instance.codes("demand", "item")[line], leaves[: len(line)], ways["period"][: len(line)]
    asks = _remaining(instance)[customer[line]] + arrives - leaves
    some = np.flatnonzero(~np.isnan(life[item]) & (asks > 0))
    place, when, asks = item[some] * locations + ways["location"][some], leaves[some], asks[some]
    keys = np.unique(np.column_stack([place, when, asks]), axis=0)
    index = (keys[:, 0] // locations, keys[:, 0] % locations, keys[:, 1], keys[:, 2])
    book.index("lives_asked", item=index[0], location=index[1], period=index[2], life=index[3])
    row, which = _meeting(keys[:, 0], keys[:, 1], place, when)
    kept = asks[which] >= keys[row, 2]
    row, which = row[kept], some[which[kept]]
    parents = tuple(column[row] for column in index)
    book.relation("asking", "lives_asked", parents, line=line[which], arrives=ways["period"][which])
    row, which = _meeting(keys[:, 0], keys[:, 1], batches.place, batches.period)
    kept = batches.expiry[which] >= keys[row, 1] + keys[row, 2]
    row, which = row[kept], which[kept]
    book.relation("long_enough", "lives_asked", tuple(column[row] for column in index), expiry=batches.expiry[which])


def _meeting(place: Codes, period: Codes, of_place: Codes, of_period: Codes) -> tuple[Codes, Codes]:
    """Pairs of rows of two lists that are of one place and period."""
    there: dict[tuple[int, int], list[int]] = {}
    for k, key in enumerate(zip(of_place.tolist(), of_period.tolist(), strict=True)):
        there.setdefault(key, []).append(k)
    pairs = [
        (r, k) for r, key in enumerate(zip(place.tolist(), period.tolist(), strict=True)) for k in there.get(key, ())
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _too_much(instance: Instance) -> Iterator[Finding]:
    """Batches of more than is on hand."""
    batches, stock = instance["batches"], instance["inventory"]
    held = dict(zip(zip(stock["item"], stock["location"], strict=True), stock["on_hand"], strict=True))
    told: dict[tuple[str, str], float] = {}
    for k in range(len(batches)):
        key = batches["item"][k], batches["location"][k]
        told[key] = told.get(key, 0.0) + float(batches["quantity"][k])
        if told[key] > held.get(key, 0.0) * (1 + 1e-9):
            yield fault(
                "more in batches than on hand",
                f"with this row there are {told[key]:.10g} in batches, and {held.get(key, 0.0):.10g} on hand",
                table="batches",
                row=k,
                column="quantity",
                value=batches["quantity"][k],
            )


def _not_together(instance: Instance, life: Figures) -> Iterator[Finding]:
    """What is not planned for items with a shelf life."""
    item = instance.codes("transfers", "item")
    for k in np.flatnonzero(~np.isnan(life[item])):
        yield fault(
            "shelf life and transfers",
            "the item has a shelf_life, and its age would be lost on the way: items that expire are not moved between "
            "locations; take the row off, or the shelf life",
            table="transfers",
            row=int(k),
            column="item",
            value=instance["transfers"]["item"][k],
        )
    substitute = instance.codes("substitutes", "item", "substitute")
    if (instance["customers"]["minimum_remaining_life"] > 0).any() or (instance["lanes"]["lead_time"] > 0).any():
        for k in np.flatnonzero(~np.isnan(life[substitute])):
            yield fault(
                "shelf life and substitutes",
                "the substitute has a shelf_life, and customers ask for remaining life, or lanes take time: this is "
                "not planned for substitutes; take the row off, or what asks for remaining life",
                table="substitutes",
                row=int(k),
                column="substitute",
                value=instance["substitutes"]["substitute"][k],
            )
    orders = instance["open_orders"]
    for k in np.flatnonzero(~np.isnat(orders["expiry"])):
        arrival, expiry = expected_periods(instance)[k], instance.calendar.index(orders["expiry"][k : k + 1])[0]
        if expiry < arrival:
            yield fault(
                "expired",
                "it expires before it arrives",
                table="open_orders",
                row=int(k),
                column="expiry",
                value=orders.text("expiry")[k],
            )
        if any(orders[name][k] > 0 for name in CHANGES) or not np.isnan(orders["cancel_cost"][k]):
            yield fault(
                "own expiry of a changeable order",
                "an order with an expiry of its own cannot be sped up, postponed or cancelled; leave one of them empty",
                table="open_orders",
                row=int(k),
                column="expiry",
                value=orders.text("expiry")[k],
            )
