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
from typing import Any

import numpy as np
import pyomo.environ as pyo

from models.batches import ARRIVING, BATCHES, Batches, batch_faults, first_expired_first, given, with_own_expiry
from models.book import NOISE, Book, Values
from models.entities import CUSTOMERS, INVENTORY, ITEMS, pair_places
from models.findings import Finding, fault
from models.instance import Array, Codes, Figures, Instance, as_texts
from models.ledger import Ledger
from models.limits import Limit
from models.open_orders import OVERDUE_ARRIVAL
from models.part import Move, Part
from models.tables import Result, date, money, periods, quantity, text
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
FRESHNESS = CUSTOMERS.with_columns(
    periods("minimum_remaining_life", "Periods after that of delivery in which it can still be used.", default=0.0),
)


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
        life = instance["items"]["shelf_life"]
        for k in np.flatnonzero(life < 1):
            yield fault(
                "no life", "shelf_life is at least 1", table="items", row=int(k), column="shelf_life", value=life[k]
            )
        yield from batch_faults(instance)
        yield from _not_together(instance, life)

    def derive(self, instance: Instance, book: Book) -> None:
        """Batches by stock, expiry and period."""
        life, horizon, stocks = instance["items"]["shelf_life"], instance.calendar.periods, book.indexes["stocks"]
        stock = np.flatnonzero(~np.isnan(life[stocks["item"]]))
        item, location = stocks["item"][stock], stocks["location"][stock]
        keeps, place = life[item].astype(np.int64), pair_places(instance, item, location)
        there = given(instance, book.values("opening")[stock], place, keeps)
        row, fresh_t = np.divmod(np.arange(len(stock) * horizon), horizon)
        ends = fresh_t + keeps[row] - 1
        batches = _used_in(horizon, there, row, ends, fresh_t)
        key = (item[batches.place], location[batches.place], batches.expiry, batches.period)
        book.index("batch_periods", item=key[0], location=key[1], expiry=key[2], period=key[3])
        book.parameter("batch_given", "batch_periods", batches.quantity)
        book.index("perishable_periods", item=item[row], location=location[row], period=fresh_t)
        own, not_fresh = with_own_expiry(instance, place), np.zeros((len(stock), horizon))
        np.add.at(not_fresh, (own.place, own.period), own.quantity)
        book.parameter("not_fresh", "perishable_periods", not_fresh.ravel())
        book.relation("fresh_in", "batch_periods", (item[row], location[row], ends, fresh_t), arrives=fresh_t)
        keeping = batches.expiry > batches.period
        book.subset("kept_batches", "batch_periods", keeping)
        went_on = keeping & (batches.period + 1 < horizon)
        later = (*(column[went_on] for column in key[:3]), key[3][went_on] + 1)
        book.relation("kept_before", "batch_periods", later, before=key[3][went_on])
        book.relation("kept_now", "batch_periods", tuple(column[keeping] for column in key), now=key[3][keeping])
        book.relation("batches_of", "perishable_periods", (key[0], key[1], key[3]), expiry=key[2])
        book.relation("wasted_of", "stock_periods", (key[0], key[1], key[3]), expiry=key[2])
        cost = instance["items"]["waste_cost"][key[0]]
        book.subset("paid_waste", "batch_periods", cost > 0)
        book.parameter("waste_cost", "paid_waste", cost[cost > 0])
        _asked(instance, book, life, batches._replace(place=place[batches.place]))

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
        used, wasted = _first_expired_first(instance, book, values)
        labels, calendar, days = instance.labels, instance.calendar, instance.calendar.first_days().astype(str)
        item, location = np.divmod(used.place, len(labels["location"]))
        places, which = np.unique(
            np.column_stack([item, location, used.period])[wasted > 0], axis=0, return_inverse=True
        )
        return {
            "batches": {
                "item": labels["item"][item],
                "location": labels["location"][location],
                "expiry": as_texts([calendar.last_day(int(e)) for e in used.expiry]),
                "period": days[used.period],
                "taken": used.quantity,
                "wasted": wasted,
            },
            "inventory": {
                "item": labels["item"][places[:, 0]],
                "location": labels["location"][places[:, 1]],
                "period": days[places[:, 2]],
                "wasted": np.bincount(which.ravel(), wasted[wasted > 0], minlength=len(places)).astype(np.float64),
            },
        }


def _used_in(horizon: int, there: Batches, place: Codes, expiry: Codes, arrives: Codes) -> Batches:
    """The periods in which something of a batch can be: of what is there, or may arrive new; and what is there."""
    of = np.concatenate([np.column_stack([place, expiry]), np.column_stack(there[:2])])
    keys, which = np.unique(of, axis=0, return_inverse=True)
    first = np.full(len(keys), horizon)
    np.minimum.at(first, which.ravel(), np.concatenate([arrives, there.period]))
    length = np.maximum(np.minimum(keys[:, 1], horizon - 1) - first + 1, 0)
    row = np.repeat(np.arange(len(keys)), length)
    before = np.cumsum(length) - length
    period = np.arange(len(row)) - before[row] + first[row]
    quantity = np.zeros(len(row))
    batch = which.ravel()[len(place) :]
    quantity[before[batch] + there.period - first[batch]] = there.quantity
    return Batches(keys[row, 0], keys[row, 1], period, quantity)


def _first_expired_first(instance: Instance, book: Book, values: Values) -> tuple[Batches, Figures]:
    """What is taken of each batch and what is wasted of it, from the deliveries and the waste as chosen."""
    index, whole, life = (
        book.indexes["batch_periods"],
        book.indexes["perishable_periods"],
        instance["items"]["shelf_life"],
    )
    place, t = pair_places(instance, index["item"], index["location"]), index["period"]
    stock, arrives = pair_places(instance, whole["item"], whole["location"]), whole["period"]
    new = arrives + life[whole["item"]].astype(np.int64) - 1
    arrived = [
        Batches(place, index["expiry"], t, book.values("batch_given")),
        Batches(stock, new, arrives, values["fresh"]),
    ]
    ways, leaves = book.indexes["deliveries"], leaving(book)
    asks = _asks(instance, ways["line"], ways["period"] - leaves)
    some = np.flatnonzero((values["deliver"] > NOISE) & (asks > 0) & ~np.isnan(life[_item(instance, ways["line"])]))
    where = pair_places(instance, _item(instance, ways["line"][some]), ways["location"][some])
    lasting = Batches(where, leaves[some] + asks[some], leaves[some], values["deliver"][some])
    rest = np.zeros((int(place.max()) + 1, instance.calendar.periods))
    np.add.at(rest, (place, t), values["take"])
    np.subtract.at(rest, (where, leaves[some]), lasting.quantity)
    left = np.nonzero(rest > 0)
    anything = Batches(left[0], left[1], left[1], rest[left])
    wasted = Batches(place, t, t, values["waste"])
    return first_expired_first(_together(*arrived), _together(lasting, anything), wasted)


def _together(*some: Batches) -> Batches:
    return Batches(*(np.concatenate(columns) for columns in zip(*some, strict=True)))


def _item(instance: Instance, line: Codes) -> Codes:
    """The item of each demand line, by its row."""
    return instance.codes("demand", "item")[line]


def _asks(instance: Instance, line: Codes, on_the_way: Codes) -> Codes:
    """Periods that a delivery to each line must last beyond the one in which it leaves."""
    least = np.zeros(len(instance.labels["customer"]), dtype=np.int64)
    if len(instance["customers"]):
        least = instance["customers"]["minimum_remaining_life"].astype(np.int64)
    return least[instance.codes("demand", "customer")[line]] + on_the_way


def _asked(instance: Instance, book: Book, life: Figures, batches: Batches) -> None:
    """Periods in which deliveries leave that ask for more than what expires then, and the batches that give it."""
    ways, leaves, locations = book.indexes["deliveries"], leaving(book), len(instance.labels["location"])
    line = ways["line"]
    if np.isnan(life).all():
        line = line[:0]  # nothing expires: nothing to look at
    item, leaves, arrives = _item(instance, line), leaves[: len(line)], ways["period"][: len(line)]
    asks = _asks(instance, line, arrives - leaves)
    some = np.flatnonzero(~np.isnan(life[item]) & (asks > 0))
    place, when, asks = item[some] * locations + ways["location"][some], leaves[some], asks[some]
    keys = np.unique(np.column_stack([place, when, asks]), axis=0)
    index = (keys[:, 0] // locations, keys[:, 0] % locations, keys[:, 1], keys[:, 2])
    book.index("lives_asked", item=index[0], location=index[1], period=index[2], life=index[3])
    horizon = instance.calendar.periods
    wanted = keys[:, 0] * horizon + keys[:, 1]
    row, which = _meeting(wanted, place * horizon + when)
    kept = asks[which] >= keys[row, 2]
    row, which = row[kept], some[which[kept]]
    parents = tuple(column[row] for column in index)
    book.relation("asking", "lives_asked", parents, line=line[which], arrives=ways["period"][which])
    row, which = _meeting(wanted, batches.place * horizon + batches.period)
    kept = batches.expiry[which] >= keys[row, 1] + keys[row, 2]
    row, which = row[kept], which[kept]
    book.relation("long_enough", "lives_asked", tuple(column[row] for column in index), expiry=batches.expiry[which])


def _meeting(one: Codes, other: Codes) -> tuple[Codes, Codes]:
    """Pairs of places in two lists at which they have the same number."""
    order = np.argsort(other, kind="stable")
    first, last = (np.searchsorted(other[order], one, side=side) for side in ("left", "right"))
    row = np.repeat(np.arange(len(one)), last - first)
    before = np.cumsum(last - first) - (last - first)
    return row, order[np.arange(len(row)) - before[row] + first[row]]


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
