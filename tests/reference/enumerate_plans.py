"""The optimum of a tiny instance by trying everything, in exact arithmetic and without a solver.

Every order line takes every quantity of its grid: 0, and the multiples of its grid from its minimum to its maximum.
For each way to order an item the best deliveries follow by trying, period by period, every whole delivery to every
open line from every location (the same state of stock and open lines is worked out once). Ways of several items are
combined last, because only suppliers tie them.

The grid holds an optimum where all quantities are whole and every order line is in packs or steps: with the orders
fixed, what is left is a flow of least cost with whole supplies, demands and breakpoints, and such a flow has a whole
optimum. With a `quantity_step` deliveries have to be on the grid anyway. Every order line must have a maximum, so that
the grid is finite beyond doubt.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import ceil, lcm, prod

from tests.reference.contract import ZERO, Contract, Line, Offer
from tests.reference.plain_model import OrderKey, common_multiple

Quantities = tuple[Fraction, ...]
MOST_DELIVERIES = 50_000
Spending = tuple[tuple[str, int, Fraction, Fraction], ...]


class TooLargeError(Exception):
    """The instance has too many plans, or a grid that need not hold an optimum."""


@dataclass(frozen=True)
class Best:
    """The least cost of any plan, and orders that reach it."""

    cost: Fraction
    orders: dict[OrderKey, Fraction]


@dataclass(frozen=True)
class _Way:
    """One way to order an item: its cost without what suppliers ask jointly, and its orders."""

    cost: int
    orders: tuple[tuple[Offer, Fraction], ...]


def enumerate_plans(contract: Contract, most: int = 30_000) -> Best:
    """The optimum by enumeration.

    Args:
        contract: the instance.
        most: how many ways to order one item, and how many combinations of items, are tried.

    Raises:
        TooLargeError: where there are more, or where the grid need not hold an optimum.
    """
    scale = _scale(contract)
    items = [_ways(contract, item, scale, most) for item in contract.items]
    if prod(len(ways) for ways in items) > 20 * most:
        raise TooLargeError("too many combinations of items")
    best: tuple[Fraction, tuple[_Way, ...]] | None = None
    for combination in product(*items):
        cost = Fraction(sum(way.cost for way in combination), scale)
        if best is not None and cost >= best[0]:
            continue  # what suppliers ask jointly is never negative
        joint = _joint_cost(contract, [order for way in combination for order in way.orders])
        if joint is not None and (best is None or cost + joint < best[0]):
            best = cost + joint, combination
    if best is None:
        raise AssertionError("ordering nothing is always a plan")
    return Best(best[0], {offer.key: quantity for way in best[1] for offer, quantity in way.orders})


def _scale(contract: Contract) -> int:
    """A number that makes every cost per unit whole."""
    costs = [figure for o in contract.offers for figure in (o.unit_cost, o.order_cost)]
    costs += [figure for line in contract.lines for figure in (line.waiting_cost, line.shortage_cost)]
    costs += [
        figure
        for s in contract.stocks.values()
        for figure in (s.holding_cost, s.safety_stock_cost, s.overstock_cost, s.ending_value)
    ]
    return lcm(*(figure.denominator for figure in costs))


def _ways(contract: Contract, item: str, scale: int, most: int) -> list[_Way]:
    """Every way to order the item that keeps its own rules; of those that look the same to suppliers, the cheapest."""
    offers = [offer for offer in contract.offers if offer.item == item]
    grids = [list(_grid(offer)) for offer in offers]
    if prod(len(grid) for grid in grids) > most:
        raise TooLargeError(f"too many ways to order {item}")
    flow = _Flow(contract, item, scale)
    cheapest: dict[Spending, _Way] = {}
    for quantities in product(*grids):
        orders = tuple((offer, q) for offer, q in zip(offers, quantities, strict=True) if q > 0)
        if not _shares_hold(contract, item, orders):
            continue
        landing: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for offer, quantity in orders:
            landing[offer.location, offer.arrival] += quantity
        bought = sum((offer.unit_cost * q + offer.order_cost for offer, q in orders), ZERO)
        way = _Way(int(bought * scale) + flow.least_cost(landing), orders)
        spending = _spending(orders)
        if spending not in cheapest or way.cost < cheapest[spending].cost:
            cheapest[spending] = way
    return sorted(cheapest.values(), key=lambda way: way.cost)


def _grid(offer: Offer) -> Iterator[Fraction]:
    grid = common_multiple(offer.multiple, offer.step)
    if not grid or grid.denominator != 1 or offer.maximum is None:
        raise TooLargeError("an order line without a whole grid or a maximum")
    yield ZERO
    quantity = max(grid, ceil(offer.minimum / grid) * grid)
    while quantity <= offer.maximum:
        yield quantity
        quantity += grid


def _shares_hold(contract: Contract, item: str, orders: Sequence[tuple[Offer, Fraction]]) -> bool:
    for share in contract.shares:
        if share.item == item:
            counted = [(o.supplier, q) for o, q in orders if share.location in ("", o.location)]
            whole = sum((q for _, q in counted), ZERO)
            part = sum((q for supplier, q in counted if supplier == share.supplier), ZERO)
            if not share.low * whole <= part <= share.high * whole:
                return False
    return True


def _spending(orders: Sequence[tuple[Offer, Fraction]]) -> Spending:
    """What suppliers see: value and capacity used by supplier and period."""
    total: dict[tuple[str, int], tuple[Fraction, Fraction]] = {}
    for offer, quantity in orders:
        value, use = total.get((offer.supplier, offer.period), (ZERO, ZERO))
        total[offer.supplier, offer.period] = (
            value + offer.unit_cost * quantity,
            use + offer.capacity_use * quantity + offer.capacity_setup,
        )
    return tuple(sorted((supplier, period, value, use) for (supplier, period), (value, use) in total.items()))


def _joint_cost(contract: Contract, orders: Sequence[tuple[Offer, Fraction]]) -> Fraction | None:
    """Joint order cost and overtime; none where a supplier refuses."""
    cost = ZERO
    for supplier, period, value, use in _spending(orders):
        terms = contract.terms[supplier]
        if value < terms.minimum_value or (terms.maximum_value is not None and value > terms.maximum_value):
            return None
        cost += terms.order_cost
        if period in terms.capacity:
            capacity, most, overtime_cost = terms.capacity[period]
            if use > capacity + most:
                return None
            cost += max(use - capacity, ZERO) * overtime_cost
    return cost


class _Flow:
    """Deliveries of one item at least cost, by trying every one."""

    def __init__(self, contract: Contract, item: str, scale: int) -> None:
        self.contract, self.scale, self.tried = contract, scale, 0
        self.lines: list[Line] = [line for line in contract.lines if line.item == item]
        self.stocks = [contract.stocks[item, location] for location in contract.locations]
        self.units = [line.step or Fraction(1) for line in self.lines]
        if any(line.step is None and line.quantity.denominator != 1 for line in self.lines):
            raise TooLargeError("demand that is not whole")
        for stock in self.stocks:
            whole = (stock.opening, stock.safety_stock, stock.maximum or ZERO, *stock.receipts.values())
            if any(figure.denominator != 1 for figure in whole):
                raise TooLargeError("stock that is not whole")

    def least_cost(self, landing: dict[tuple[str, int], Fraction]) -> int:
        """The least cost (times the scale) of stock and deliveries where these orders land."""
        locations, last = self.contract.locations, self.contract.periods - 1
        shortage = [int(line.shortage_cost * self.scale) for line in self.lines]

        @cache
        def onwards(period: int, on_hand: Quantities, asked: Quantities) -> int:
            if period > last:
                return sum(int(q * cost) for q, cost in zip(asked, shortage, strict=True)) - sum(
                    int(q * stock.ending_value * self.scale) for q, stock in zip(on_hand, self.stocks, strict=True)
                )
            there = tuple(
                q + stock.receipts.get(period, ZERO) + landing.get((place, period), ZERO)
                for q, stock, place in zip(on_hand, self.stocks, locations, strict=True)
            )
            return min(
                waiting + self._keeping(left) + onwards(period + 1, left, still)
                for waiting, left, still in self._deliveries(period, 0, there, asked)
            )

        return onwards(0, tuple(stock.opening for stock in self.stocks), tuple(line.quantity for line in self.lines))

    def _keeping(self, on_hand: Quantities) -> int:
        cost = ZERO
        for quantity, stock in zip(on_hand, self.stocks, strict=True):
            cost += quantity * stock.holding_cost
            cost += max(stock.safety_stock - quantity, ZERO) * stock.safety_stock_cost
            if stock.maximum is not None:
                cost += max(quantity - stock.maximum, ZERO) * stock.overstock_cost
        return int(cost * self.scale)

    def _deliveries(
        self, period: int, way: int, there: Quantities, asked: Quantities
    ) -> Iterator[tuple[int, Quantities, Quantities]]:
        """Every delivery from here on: its cost of waiting, what is left on hand and what is still asked."""
        places = self.contract.locations
        if way == len(self.lines) * len(places):
            self.tried += 1
            if self.tried > MOST_DELIVERIES:
                raise TooLargeError("too many ways to deliver")
            yield 0, there, asked
            return
        d, place = divmod(way, len(places))
        line, unit = self.lines[d], self.units[d]
        most = ZERO
        if line.first <= period <= line.last and places[place] in line.locations:
            most = min(asked[d], there[place])
        for count in range(int(most / unit) + 1):
            quantity = count * unit
            cost = int(quantity * line.waiting_cost * (period - line.first) * self.scale)
            left = (*there[:place], there[place] - quantity, *there[place + 1 :])
            still = (*asked[:d], asked[d] - quantity, *asked[d + 1 :])
            for waiting, after, open_lines in self._deliveries(period, way + 1, left, still):
                yield cost + waiting, after, open_lines
