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
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, inf, isnan, sqrt

import numpy as np

from models.demand import DemandLines, demand_lines
from models.entities import holding_cost
from models.instance import Instance
from models.open_orders import arriving, expected_periods
from models.terms import lines_in_force

REVIEW, LONGEST, FINEST, TINY = 1, 26, 1e-3, 1e-9
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """An order line that may be placed; its figures are those of its row of `sourcing`."""

    item: int
    supplier: int
    location: int
    period: int
    arrival: int
    row: int
    unit_cost: float
    order_cost: float
    minimum: float
    maximum: float
    grid: float
    use: float
    setup: float

    def orderable(self, wanted: float, capacity: float) -> float:
        """The least that may be ordered and covers what is wanted, cut to what may be at most; or 0."""
        most = min(self.maximum, (capacity - self.setup) / self.use if self.use > 0 else inf)
        if capacity < self.setup:
            return 0.0
        steps = ceil(max(wanted, self.minimum) / self.grid - TINY)
        if most < inf:
            steps = min(steps, floor(most / self.grid + TINY))
        quantity = round(steps * self.grid, 9)
        return quantity if quantity > 0 and quantity >= self.minimum - TINY else 0.0


@dataclass
class Decided:
    """What the rule does: quantities of offers, deliveries by (line, location, period), items that it cannot order."""

    orders: list[tuple[Offer, float]] = field(default_factory=list)
    deliveries: dict[tuple[int, int, int], float] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)


@dataclass
class _Wish:
    offer: Offer
    quantity: float
    cover: float


def min_max(instance: Instance) -> tuple[Decided, DemandLines]:
    """The rule followed over the horizon, without the items whose shares do not come out."""
    lines, given_up = demand_lines(instance), set[int]()
    offers = _offers(instance)
    while True:
        decided = _Walk(instance, lines, offers, given_up).run()
        broken = _broken_shares(instance, decided) - given_up
        if not broken:
            decided.given_up = given_up
            return decided, lines
        given_up |= broken


def _offers(instance: Instance) -> list[Offer]:
    rows, lines, frozen = instance["sourcing"], lines_in_force(instance), int(instance.setting("horizon.frozen"))
    steps = instance["items"]["quantity_step"]
    made = []
    for k in np.flatnonzero(lines.period >= frozen):
        row, item = int(lines.row[k]), int(lines.item[k])
        most = float(rows["maximum_quantity"][row])
        made.append(
            Offer(
                item,
                int(lines.supplier[k]),
                int(lines.location[k]),
                int(lines.period[k]),
                int(lines.arrival[k]),
                row,
                float(lines.unit_cost[k]),
                float(rows["order_cost"][row]),
                float(rows["minimum_quantity"][row]),
                inf if isnan(most) else most,
                _grid(float(rows["multiple"][row]), float(steps[item])),
                float(rows["capacity_use"][row]),
                float(rows["capacity_setup"][row]),
            )
        )
    return made


def _grid(multiple: float, step: float) -> float:
    """The least quantity of which whole multiples are whole packs and whole steps."""
    given = [Fraction(repr(one)) for one in (multiple, step) if not isnan(one) and one > 0]
    if len(given) < 2:
        return float(given[0]) if given else FINEST
    one, other = given
    together = one
    while (together / other).denominator != 1:
        together += one
    return float(together)


def _shares(instance: Instance, offer: Offer) -> tuple[float, float]:
    rows = instance["sourcing"]
    return float(rows["share_min"][offer.row]), float(rows["share_max"][offer.row])


def _broken_shares(instance: Instance, decided: Decided) -> set[int]:
    """Items whose orders break a share: at the row's location, or over all where it is for all."""
    rows = instance["sourcing"]
    item, supplier, place = (instance.codes("sourcing", name) for name in ("item", "supplier", "location"))
    total: dict[tuple[int, int, int], float] = defaultdict(float)
    for offer, quantity in decided.orders:
        for s in (offer.supplier, -1):
            for l in (offer.location, -1):
                total[offer.item, s, l] += quantity
    broken = set()
    for k in np.flatnonzero((rows["share_min"] > 0) | (rows["share_max"] < 1)):
        whole = total[int(item[k]), -1, int(place[k])]
        part = total[int(item[k]), int(supplier[k]), int(place[k])]
        if not rows["share_min"][k] * whole - 1e-6 <= part <= rows["share_max"][k] * whole + 1e-6:
            broken.add(int(item[k]))
    return broken


class _Walk:
    """One walk through the horizon."""

    def __init__(self, instance: Instance, lines: DemandLines, offers: list[Offer], given_up: set[int]) -> None:
        self.instance, self.lines, self.decided = instance, lines, Decided()
        self.periods = instance.calendar.periods
        self.offers: dict[tuple[int, int, int], list[Offer]] = defaultdict(list)
        for offer in offers:
            if offer.item not in given_up:
                self.offers[offer.item, offer.location, offer.period].append(offer)
        self._stock(instance)
        places: dict[int, list[int]] = defaultdict(list)
        for item, location in self.on_hand:
            places[item].append(location)
        self.at = [
            [int(l)] if l >= 0 else sorted(places[int(i)]) for i, l in zip(lines.item, lines.location, strict=True)
        ]
        self.left = lines.quantity.astype(float).tolist()
        self.first, self.last, self.due = lines.first.tolist(), lines.last.tolist(), lines.due.tolist()
        self.item = lines.item.tolist()
        self.mean: dict[Pair, float] = defaultdict(float)
        self.of: dict[Pair, list[int]] = defaultdict(list)
        urgency = np.lexsort((-lines.waiting_cost, lines.due))
        for d in urgency.tolist():
            for l in self.at[d]:
                pair = int(lines.item[d]), l
                self.mean[pair] += self.left[d] / len(self.at[d]) / self.periods
                self.of[pair].append(d)
        self.urgency = urgency.tolist()
        self.holding = np.nan_to_num(holding_cost(instance)).tolist()
        suppliers = instance["suppliers"]
        self.joint = suppliers["order_cost"].tolist()
        self.least = suppliers["minimum_order_value"].tolist()
        self.most = np.where(np.isnan(suppliers["maximum_order_value"]), inf, suppliers["maximum_order_value"]).tolist()
        table = instance["supplier_capacity"]
        when = instance.calendar.index(table["period"]).tolist() if len(table) else list[int]()
        of = instance.codes("supplier_capacity", "supplier")
        self.capacity = {
            (int(s), int(t)): float(c) for s, t, c in zip(of, when, table["capacity"], strict=True) if not isnan(c)
        }

    def _stock(self, instance: Instance) -> None:
        """What is on hand, what should be, and what is on order."""
        rows, open_orders = instance["inventory"], instance["open_orders"]
        only = 0 if len(instance.labels["location"]) == 1 else -1
        self.on_hand: dict[Pair, float] = defaultdict(float)
        self.safety: dict[Pair, float] = defaultdict(float)
        self.coming: dict[Pair, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for k, (i, l) in enumerate(zip(*(instance.codes("inventory", n) for n in ("item", "location")), strict=True)):
            pair = int(i), int(l) if l >= 0 else only
            self.on_hand[pair] += max(float(rows["on_hand"][k]), 0.0)
            self.safety[pair] = float(rows["safety_stock"][k])
        item, location = (instance.codes("open_orders", name) for name in ("item", "location"))
        for k in arriving(instance):
            pair = int(item[k]), int(location[k]) if location[k] >= 0 else only
            self.coming[pair][int(expected_periods(instance)[k])] += float(open_orders["quantity"][k])
            self.on_hand[pair] += 0.0
        for i, l, _ in self.offers:
            self.on_hand[i, l] += 0.0

    def run(self) -> Decided:
        """Order, receive, deliver, period by period."""
        for t in range(self.periods):
            self._order(t)
            for pair, coming in self.coming.items():
                self.on_hand[pair] += coming.pop(t, 0.0)
            self._deliver(t)
        return self.decided

    def _deliver(self, t: int) -> None:
        steps = self.instance["items"]["quantity_step"]
        open_ones = []
        for d in self.urgency:
            if self.left[d] <= TINY or self.last[d] < t:
                continue
            open_ones.append(d)
            if self.first[d] > t:
                continue
            item = self.item[d]
            for l in self.at[d]:
                quantity = min(self.left[d], self.on_hand[item, l])
                if steps[item] > 0:
                    quantity = floor(quantity / steps[item] + TINY) * steps[item]
                quantity = round(float(quantity), 9)
                if quantity > TINY:
                    self.left[d] = round(self.left[d] - quantity, 9)
                    self.on_hand[item, l] = round(self.on_hand[item, l] - quantity, 9)
                    self.decided.deliveries[d, l, t] = quantity
        self.urgency = open_ones

    def _order(self, t: int) -> None:
        left = {s: capacity for (s, period), capacity in self.capacity.items() if period == t}
        wishes = [wish for pair in self.mean if (wish := self._wish(pair, t)) is not None]
        by_supplier: dict[int, list[_Wish]] = defaultdict(list)
        for cover, wanted, offers in sorted(wishes, key=lambda wish: (wish[0], wish[2][0].item, wish[2][0].location)):
            for one in self._split(offers, wanted, cover, left):
                by_supplier[one.offer.supplier].append(one)
        for supplier, found in by_supplier.items():
            for one in self._within_terms(supplier, found, left):
                self.decided.orders.append((one.offer, one.quantity))
                self.coming[one.offer.item, one.offer.location][one.offer.arrival] += one.quantity

    def _wish(self, pair: Pair, t: int) -> tuple[float, float, list[Offer]] | None:
        """Periods that the position covers, what is missing to the order-up-to level, who can deliver; or nothing."""
        offers = sorted(self.offers.get((*pair, t), ()), key=lambda one: (one.unit_cost, one.arrival, one.supplier))
        mean = self.mean[pair]
        if not offers or mean <= 0:
            return None
        position = self.on_hand[pair] + sum(self.coming[pair].values()) - self._owed(pair, t)
        level = mean * (offers[0].arrival - t + REVIEW) + self.safety[pair]
        if position > level + TINY:
            return None
        return position / mean, level + mean * self._cover(offers[0], mean) - position, offers

    def _owed(self, pair: Pair, t: int) -> float:
        first, last, due = self.first, self.last, self.due
        owed = (self.left[d] / len(self.at[d]) for d in self.of[pair] if (first[d] < t or due[d] < 0) and last[d] >= t)
        return float(sum(owed))

    def _cover(self, offer: Offer, mean: float) -> int:
        cost, rate = offer.order_cost + self.joint[offer.supplier], self.holding[offer.item]
        if rate <= 0:
            return LONGEST if cost else 1
        return max(1, min(LONGEST, round(sqrt(2 * cost / (rate * mean)))))

    def _split(self, offers: list[Offer], wanted: float, cover: float, left: dict[int, float]) -> list[_Wish]:
        """The order lines of an item and location, the cheapest first or by shares; takes their capacity."""
        shares = [_shares(self.instance, offer) for offer in offers]
        parts = [low * wanted for low, _ in shares]
        bound, found = any(low > 0 or high < 1 for low, high in shares), list[_Wish]()
        for k, (_, high) in enumerate(shares):
            if bound:
                parts[k] += max(0.0, min(wanted - sum(parts), high * wanted - parts[k]))
        for offer, part in zip(offers, parts, strict=True):
            missing = part if bound else wanted - sum(one.quantity for one in found)
            quantity = offer.orderable(missing, left.get(offer.supplier, inf)) if missing > TINY else 0.0
            if quantity > 0:
                found.append(_Wish(offer, quantity, cover))
                if offer.supplier in left:
                    left[offer.supplier] -= offer.use * quantity + offer.setup
        return found

    def _within_terms(self, supplier: int, found: list[_Wish], left: dict[int, float]) -> list[_Wish]:
        """The period's lines, raised or cut to the supplier's order value limits; none where that fails."""
        least, most = self.least[supplier], self.most[supplier]
        found = sorted(found, key=lambda one: one.cover)
        if 2 * _value(found) < least:
            return []
        for one in found:
            missing = least - _value(found)
            if missing > TINY and one.offer.unit_cost > 0:
                used = one.offer.use * one.quantity + one.offer.setup
                free = left.get(supplier, inf) + used
                more = one.offer.orderable(one.quantity + missing / one.offer.unit_cost, free)
                if more > one.quantity:
                    one.quantity = more
                    left[supplier] = free - one.offer.use * more - one.offer.setup
        while found and _value(found) > most + TINY:
            found.pop()
        return found if _value(found) >= least - TINY else []


def _value(found: list[_Wish]) -> float:
    value: float = sum((one.quantity * one.offer.unit_cost for one in found), 0.0)
    return value
