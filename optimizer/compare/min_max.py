"""Min/max: the rule by which most ERP systems order, followed over the horizon on the tables as they are.

In every period (a review period R of 1), for each item and location, with d the mean demand per period:

    position        = on hand + on order - due and not yet delivered
    reorder point s = d × (lead time + R) + safety stock
    order up to   S = s + d × cover;  cover: the economic order quantity in periods, sqrt(2 × order cost ÷ (holding
                      cost × d)), from 1 to 26

- At or below s, what is missing to S is ordered from who is cheapest and can deliver within the horizon, raised to the
  minimum and to whole packs; what a maximum or a capacity cuts off goes to the next. No overtime. Nothing is ordered in
  frozen periods.
- Below a supplier's minimum order value the period's lines are raised in turn, the least covered first, if they come to
  half of it; else nothing is ordered there. Above its maximum the best covered are dropped.
- An item with shares is split by them; where packs break them in the end, the rule cannot order it, and says so.
- What is due first is delivered first, then what waits at most cost.

Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., section 6.3.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf, isnan

import numpy as np
from numpy.typing import NDArray

from models.demand import DemandLines, demand_lines
from models.entities import holding_cost
from models.instance import Codes, Figures, Instance
from models.open_orders import arriving, expected_periods
from models.orders import OrderLines
from models.terms import lines_in_force

REVIEW, LONGEST, FINEST, TINY = 1, 26, 1e-3, 1e-9
LARGE = 1e18  # in place of infinity, where that would be subtracted from itself


@dataclass(frozen=True)
class Decided:
    """What the rule does, by column.

    Attributes:
        lines: the demand lines that count.
        offers: order lines that may be placed, sorted by period, item, location and price.
        order: places of the offers that are taken up.
        quantity: of each of them.
        line, location, period, delivered: of each delivery; `line` is a place in `lines`.
        given_up: items that it cannot order, for their shares.
    """

    lines: DemandLines
    offers: OrderLines
    order: Codes
    quantity: Figures
    line: Codes
    location: Codes
    period: Codes
    delivered: Figures
    given_up: frozenset[int]

    @property
    def orders(self) -> OrderLines:
        """The offers that are taken up."""
        return self.offers.only(self.order)


def min_max(instance: Instance) -> Decided:
    """The rule followed over the horizon, without the items whose shares do not come out."""
    lines, given_up = demand_lines(instance), frozenset[int]()
    offers = _offers(instance)
    while True:
        decided = _Walk(instance, lines, offers, given_up).run()
        broken = _broken_shares(instance, decided) - given_up
        if not broken:
            return decided
        given_up |= broken


def _offers(instance: Instance) -> OrderLines:
    lines = lines_in_force(instance)
    lines = lines.only(lines.period >= int(instance.setting("horizon.frozen")))
    return lines.only(
        np.lexsort((lines.supplier, lines.arrival, lines.unit_cost, lines.location, lines.item, lines.period))
    )


def _grids(instance: Instance, offers: OrderLines) -> Figures:
    """Of each offer, the least quantity of which whole multiples are whole packs and whole steps."""
    multiple, step = instance["sourcing"]["multiple"][offers.row], instance["items"]["quantity_step"][offers.item]
    pairs, which = np.unique(np.nan_to_num(np.column_stack([multiple, step])), axis=0, return_inverse=True)
    grids: Figures = np.array([_grid(*pair) for pair in pairs.tolist()], dtype=np.float64)[which.ravel()]
    return grids


def _grid(multiple: float, step: float) -> float:
    given = [Fraction(repr(one)) for one in (multiple, step) if one > 0]
    if len(given) < 2:
        return float(given[0]) if given else FINEST
    one, other = given
    together = one
    while (together / other).denominator != 1:
        together += one
    return float(together)


def _broken_shares(instance: Instance, decided: Decided) -> frozenset[int]:
    """Items whose orders break a share: at the row's location, or over all where it is for all."""
    rows, orders = instance["sourcing"], decided.orders
    item, supplier, place = (instance.codes("sourcing", name) for name in ("item", "supplier", "location"))
    shared = np.flatnonzero((rows["share_min"] > 0) | (rows["share_max"] < 1))
    if not len(shared):
        return frozenset()
    total: dict[tuple[int, int, int], float] = defaultdict(float)
    for i, s, l, quantity in zip(
        orders.item.tolist(), orders.supplier.tolist(), orders.location.tolist(), decided.quantity.tolist(), strict=True
    ):
        for of in (s, -1):
            for at in (l, -1):
                total[i, of, at] += quantity
    broken = set()
    for k in shared.tolist():
        whole = total[int(item[k]), -1, int(place[k])]
        part = total[int(item[k]), int(supplier[k]), int(place[k])]
        if not rows["share_min"][k] * whole - 1e-6 <= part <= rows["share_max"][k] * whole + 1e-6:
            broken.add(int(item[k]))
    return frozenset(broken)


def per_stock(instance: Instance, table: str, rows: Codes | slice, amounts: Figures) -> Figures:
    """Amounts of rows of a table, added up by item and location; an only location need not be named."""
    total = np.zeros((len(instance.labels["item"]), len(instance.labels["location"])))
    item, place = (instance.codes(table, name)[rows] for name in ("item", "location"))
    np.add.at(total, (item, np.maximum(place, 0)), amounts)
    return total


class _Walk:
    """One walk through the horizon; a pair is an item at a location, counted item by item."""

    def __init__(self, instance: Instance, lines: DemandLines, offers: OrderLines, given_up: frozenset[int]) -> None:
        self.instance, self.lines, self.offers, self.given_up = instance, lines, offers, given_up
        self.periods, self.places = instance.calendar.periods, len(instance.labels["location"])
        self._stock()
        self._ways()
        self._terms()
        self.bought: tuple[list[int], list[float]] = ([], [])
        self.given: list[tuple[Codes, Codes, Codes, Figures]] = []

    def _stock(self) -> None:
        """What is on hand and on order, what should be, and where an item is kept."""
        instance, rows = self.instance, self.instance["inventory"]
        everything: Codes | slice = slice(None)
        self.on_hand = per_stock(instance, "inventory", everything, np.maximum(rows["on_hand"], 0.0)).ravel()
        self.safety = per_stock(instance, "inventory", everything, rows["safety_stock"]).ravel()
        self.coming = np.zeros((self.periods, len(self.on_hand)))
        here, expected = arriving(instance), expected_periods(instance)
        quantity = instance["open_orders"]["quantity"]
        kept = per_stock(instance, "inventory", everything, np.ones(len(rows))).ravel() > 0
        for t in np.unique(expected[here]).tolist():
            then = here[expected[here] == t]
            self.coming[t] = per_stock(instance, "open_orders", then, quantity[then]).ravel()
            kept |= per_stock(instance, "open_orders", then, np.ones(len(then))).ravel() > 0
        kept[self.offers.item * self.places + self.offers.location] = True
        self.kept = kept
        self.holding = np.nan_to_num(holding_cost(instance))

    def _ways(self) -> None:
        """Where each demand line can be served; the most urgent line first, its locations as they are listed."""
        lines = self.lines
        every = np.arange(len(self.on_hand)).reshape(-1, self.places)
        free = lines.location < 0
        may = np.where(free[:, None], self.kept.reshape(-1, self.places)[lines.item], False)
        may[np.flatnonzero(~free), lines.location[~free]] = True
        line, place = np.nonzero(may)
        rank = np.empty(len(lines.row), dtype=np.int64)
        rank[np.lexsort((-lines.waiting_cost, lines.due))] = np.arange(len(lines.row))
        order = np.lexsort((place, rank[line]))
        self.way_line, self.way_pair = line[order], every[lines.item[line], place][order]
        self.shares = 1.0 / np.maximum(may.sum(axis=1), 1)
        self.left = lines.quantity.astype(np.float64)
        part = (self.left * self.shares)[self.way_line]
        self.mean = np.bincount(self.way_pair, part, len(self.on_hand)) / self.periods
        self.step = np.nan_to_num(self.instance["items"]["quantity_step"])

    def _terms(self) -> None:
        """What suppliers ask, and the offers' terms as plain numbers, which the rule reads one by one."""
        instance, offers = self.instance, self.offers
        suppliers, rows = instance["suppliers"], instance["sourcing"]
        self.joint = suppliers["order_cost"]
        self.least = suppliers["minimum_order_value"].tolist()
        self.most = np.nan_to_num(suppliers["maximum_order_value"], nan=LARGE).tolist()
        table = instance["supplier_capacity"]
        when = instance.calendar.index(table["period"]).tolist() if len(table) else list[int]()
        of = instance.codes("supplier_capacity", "supplier").tolist()
        self.capacity = {
            (s, t): float(c) for s, t, c in zip(of, when, table["capacity"].tolist(), strict=True) if not isnan(c)
        }
        self.pair = offers.item * self.places + offers.location
        self.first = np.searchsorted(offers.period, np.arange(self.periods + 1))
        self.order_cost = rows["order_cost"][offers.row]
        self.cost, self.supplier = offers.unit_cost.tolist(), offers.supplier.tolist()
        self.arrival, self.of_pair = offers.arrival.tolist(), self.pair.tolist()
        self.minimum = rows["minimum_quantity"][offers.row].tolist()
        self.maximum = np.nan_to_num(rows["maximum_quantity"][offers.row], nan=inf).tolist()
        self.grid = _grids(instance, offers).tolist()
        self.use, self.setup = (rows[name][offers.row].tolist() for name in ("capacity_use", "capacity_setup"))
        self.low, self.high = (rows[name][offers.row].tolist() for name in ("share_min", "share_max"))

    def run(self) -> Decided:
        """Order, receive, deliver, period by period."""
        for t in range(self.periods):
            self._order(t)
            self.on_hand += self.coming[t]
            self.coming[t] = 0.0
            self._deliver(t)
        none = np.zeros(0, dtype=np.int64)
        given = [np.concatenate(column) for column in zip((none, none, none, np.zeros(0)), *self.given, strict=True)]
        order, quantity = np.array(self.bought[0], dtype=np.int64), np.array(self.bought[1])
        line, location, period, delivered = given
        return Decided(self.lines, self.offers, order, quantity, line, location, period, delivered, self.given_up)

    def _deliver(self, t: int) -> None:
        """What is on hand goes to the most urgent lines."""
        lines, way = self.lines, self.way_line
        open_ = (self.left[way] > TINY) & (lines.first[way] <= t) & (lines.last[way] >= t)
        open_ &= self.on_hand[self.way_pair] > TINY
        chosen = np.flatnonzero(open_)
        enough = self._enough(chosen)
        whole, part = chosen[enough], chosen[~enough]
        d, pair = way[whole], self.way_pair[whole]
        self._give(t, d, pair, np.round(self.left[d], 9))
        self._share_out(t, part)

    def _enough(self, ways: Codes) -> NDArray[np.bool_]:
        """Of which ways all that is open at their pair can be delivered at once: there is enough for everybody."""
        d, pair = self.way_line[ways], self.way_pair[ways]
        left, step = self.left[d], self.step[pair // self.places]
        steps = np.floor(left / np.where(step > 0, step, 1.0) + TINY) * step
        hard = (self.shares[d] < 1) | ((step > 0) & (np.abs(steps - left) > TINY))
        count = len(self.on_hand)
        short = np.bincount(pair, left, count) > self.on_hand
        short |= np.bincount(pair[hard], minlength=count) > 0
        return ~short[pair]

    def _give(self, t: int, line: Codes, pair: Codes, quantity: Figures) -> None:
        if len(line):
            self.left = np.round(self.left - np.bincount(line, quantity, len(self.left)), 9)
            self.on_hand = np.round(self.on_hand - np.bincount(pair, quantity, len(self.on_hand)), 9)
            self.given.append((line, pair % self.places, np.full(len(line), t), quantity))

    def _share_out(self, t: int, ways: Codes) -> None:
        """What there is, to one way after the other."""
        left, on_hand, found = dict[int, float](), dict[int, float](), list[tuple[int, int, float]]()
        for d, pair in zip(self.way_line[ways].tolist(), self.way_pair[ways].tolist(), strict=True):
            wanted = left[d] if d in left else float(self.left[d])
            there = on_hand[pair] if pair in on_hand else float(self.on_hand[pair])
            quantity, step = min(wanted, there), self.step[pair // self.places]
            if step > 0:
                quantity = floor(quantity / step + TINY) * float(step)
            quantity = round(quantity, 9)
            if quantity > TINY:
                left[d], on_hand[pair] = round(wanted - quantity, 9), round(there - quantity, 9)
                found.append((d, pair, quantity))
        if found:
            line, pairs, quantities = (np.array(column) for column in zip(*found, strict=True))
            self._give(t, line, pairs, quantities)

    def _order(self, t: int) -> None:
        left = {s: capacity for (s, period), capacity in self.capacity.items() if period == t}
        by_supplier: dict[int, list[_Wish]] = defaultdict(list)
        for offers, wanted, cover in self._wishes(t):
            for one in self._split(offers, wanted, cover, left):
                by_supplier[self.supplier[one.offer]].append(one)
        for supplier, found in by_supplier.items():
            for one in self._within_terms(supplier, found, left):
                self.bought[0].append(one.offer)
                self.bought[1].append(one.quantity)
                self.coming[self.arrival[one.offer], self.of_pair[one.offer]] += one.quantity

    def _wishes(self, t: int) -> Iterator[tuple[range, float, float]]:
        """Who can deliver, the cheapest first, what is missing to the level, periods covered; the least covered first.

        All pairs at once: of most nothing is missing.
        """
        begin, end = int(self.first[t]), int(self.first[t + 1])
        pairs, starts = np.unique(self.pair[begin:end], return_index=True)
        cheapest, ends = starts + begin, np.append(starts[1:], end - begin) + begin
        mean, offers = self.mean[pairs], self.offers
        position = self.on_hand[pairs] + self.coming.sum(axis=0)[pairs] - self._owed(t)[pairs]
        level = mean * (offers.arrival[cheapest] - t + REVIEW) + self.safety[pairs]
        upper = level + mean * self._cover(cheapest, mean)
        wanted = (mean > 0) & (position <= level + TINY) & ~np.isin(pairs // self.places, list(self.given_up))
        chosen = np.flatnonzero(wanted)
        cover = position[chosen] / mean[chosen]
        for k, covered in sorted(zip(chosen.tolist(), cover.tolist(), strict=True), key=lambda one: (one[1], one[0])):
            yield range(int(cheapest[k]), int(ends[k])), float(upper[k] - position[k]), covered

    def _owed(self, t: int) -> Figures:
        """Due and not yet delivered, by pair."""
        lines = self.lines
        owed = ((lines.first < t) | (lines.due < 0)) & (lines.last >= t)
        amounts = np.where(owed, self.left * self.shares, 0.0)
        return np.bincount(self.way_pair, amounts[self.way_line], len(self.on_hand)).astype(np.float64, copy=False)

    def _cover(self, offer: Codes, mean: Figures) -> Figures:
        """Periods that an order is for: the economic order quantity."""
        cost = self.order_cost[offer] + self.joint[self.offers.supplier[offer]]
        rate = self.holding[self.offers.item[offer]]
        economic = np.sqrt(2 * cost / np.maximum(rate * mean, 1e-300))
        free = np.where(cost > 0, float(LONGEST), 1.0)
        return np.where(rate > 0, np.clip(np.round(np.minimum(economic, LONGEST)), 1, LONGEST), free)

    def _split(self, offers: range, wanted: float, cover: float, left: dict[int, float]) -> list["_Wish"]:
        """The order lines of an item and location, the cheapest first or by shares; takes their capacity."""
        bound, found = any(self.low[k] > 0 or self.high[k] < 1 for k in offers), list[_Wish]()
        parts = [self.low[k] * wanted for k in offers]
        if bound:
            for place, k in enumerate(offers):
                parts[place] += max(0.0, min(wanted - sum(parts), self.high[k] * wanted - parts[place]))
        for k, part in zip(offers, parts, strict=True):
            missing = part if bound else wanted - sum(one.quantity for one in found)
            supplier = self.supplier[k]
            quantity = self._orderable(k, missing, left.get(supplier, inf)) if missing > TINY else 0.0
            if quantity > 0:
                found.append(_Wish(k, quantity, cover))
                if supplier in left:
                    left[supplier] -= self.use[k] * quantity + self.setup[k]
        return found

    def _orderable(self, k: int, wanted: float, capacity: float) -> float:
        """The least that may be ordered and covers what is wanted, cut to what may be at most; or 0."""
        if capacity < self.setup[k]:
            return 0.0
        grid, minimum, use = self.grid[k], self.minimum[k], self.use[k]
        most = min(self.maximum[k], (capacity - self.setup[k]) / use if use > 0 else inf)
        steps = ceil(max(wanted, minimum) / grid - TINY)
        if most < inf:
            steps = min(steps, floor(most / grid + TINY))
        quantity = round(steps * grid, 9)
        return quantity if quantity > 0 and quantity >= minimum - TINY else 0.0

    def _within_terms(self, supplier: int, found: list["_Wish"], left: dict[int, float]) -> list["_Wish"]:
        """The period's lines, raised or cut to the supplier's order value limits; none where that fails."""
        least, most = self.least[supplier], self.most[supplier]
        found = sorted(found, key=lambda one: one.cover)
        value = sum(one.quantity * self.cost[one.offer] for one in found)
        if 2 * value < least:
            return []
        for one in found:
            k, missing = one.offer, least - value
            if missing > TINY and self.cost[k] > 0:
                free = left.get(supplier, inf) + self.use[k] * one.quantity + self.setup[k]
                more = self._orderable(k, one.quantity + missing / self.cost[k], free)
                if more > one.quantity:
                    value += (more - one.quantity) * self.cost[k]
                    one.quantity = more
                    left[supplier] = free - self.use[k] * more - self.setup[k]
        while found and value > most + TINY:
            last = found.pop()
            value -= last.quantity * self.cost[last.offer]
        return found if value >= least - TINY else []


@dataclass
class _Wish:
    """An order line that is proposed: its offer, and how many periods its item is covered without it."""

    offer: int
    quantity: float
    cover: float
