r"""The contract as one plain mixed-integer program, written independently of the engine; correct rather than fast.

For an order line o = (item i, supplier s, location l, period t) that lands within the horizon and is not frozen,
a demand line d, a delivery (d, l, t) within the window of d, and a stock (i, l):

    min  Σ unit_cost q + Σ order_cost place + Σ supplier_cost open + Σ overtime_cost overtime
       + Σ holding h + Σ safety_cost under + Σ overstock_cost over − Σ ending_value h(i, l, T−1)
       + Σ waiting_cost (t − first) deliver + Σ shortage_cost short

    q ≤ M place,  q ≥ minimum place,  q ≤ maximum,  q = multiple n,  q = step k       every order line
    place ≤ open,  Σ unit_cost q ≥ minimum_value open,  Σ unit_cost q ≤ maximum_value  supplier and period
    Σ (use q + setup place) ≤ capacity + overtime,  overtime ≤ overtime_capacity       supplier and period
    low Σ q ≤ Σ q of the supplier ≤ high Σ q                                           shares
    Σ deliver + short = quantity,  deliver = step k                                    demand line
    h(t) = h(t−1) + receipts + Σ q landing − Σ deliver ≥ 0                             stock
    under ≥ safety_stock − h,  over ≥ h − maximum                                      stock

M (`loose_limit`): let B be the item's whole demand and safety stock, plus its largest minimum, its coarsest grid (the
least common multiple of pack and step) and what fills the largest minimum order value. If q > B, then the stock at l
exceeds its safety stock by a grid step from the arrival to the end; one step less keeps every rule and costs no more,
since no unit left at the end is worth more than the cheapest way to buy it. So some optimum has q ≤ B. With shares the
item's suppliers move together: B grows by the ratio of all to the smallest share, and by what whole packs need to meet
the shares.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from tests.reference.contract import ZERO, Contract, Offer, Share, Tables, read_contract
from tests.reference.mixed_integer import INFINITY, MixedInteger, Solver

OrderKey = tuple[str, str, str, int]
DeliveryKey = tuple[int, str, int]


@dataclass(frozen=True)
class Optimum:
    """The best plan found; orders by (item, supplier, location, period), deliveries by (line, location, period)."""

    status: str
    objective: float
    bound: float
    orders: dict[OrderKey, float]
    deliveries: dict[DeliveryKey, float]


def solve_tables(tables: Tables, settings: Mapping[str, Any], **options: Any) -> Optimum:
    """Reads text tables and solves them; the options are those of `solve`."""
    return solve(read_contract(tables, settings), **options)


def solve(
    contract: Contract,
    solver: Solver = "highs",
    time_limit: float = 20,
    gap: float = 0,
    fixed_orders: Mapping[OrderKey, float] | None = None,
) -> Optimum:
    """The optimum of the instance, or the best plan in the time.

    Args:
        contract: the instance.
        solver: "highs" or "scip".
        time_limit: seconds.
        gap: relative gap at which to stop.
        fixed_orders: if given, exactly these orders are placed (others are zero) and only the rest is decided.
    """
    plain = _PlainModel(contract)
    if fixed_orders is not None:
        plain.fix(fixed_orders)
    answer = plain.program.solve(solver, time_limit, gap)
    if not answer.values:
        return Optimum("none", INFINITY, answer.bound, {}, {})
    return Optimum(
        answer.status,
        answer.objective,
        answer.bound,
        {key: value for key, column in plain.order.items() if (value := answer.values[column]) > 1e-7},
        {key: value for key, column in plain.deliver.items() if (value := answer.values[column]) > 1e-7},
    )


def common_multiple(first: Fraction | None, second: Fraction | None) -> Fraction:
    """The least quantity that is a whole multiple of both; 0 where neither is given."""
    if first is None or second is None:
        return first or second or ZERO
    scale = lcm(first.denominator, second.denominator)
    return Fraction(lcm(int(first * scale), int(second * scale)), scale)


def loose_limit(contract: Contract, item: str) -> Fraction:
    """A quantity that no order line of the item need exceed (see the head of this file)."""
    offers = [offer for offer in contract.offers if offer.item == item]
    shares = [share for share in contract.shares if share.item == item]
    grids = [common_multiple(offer.multiple, offer.step) for offer in offers]
    needed = sum((line.quantity for line in contract.lines if line.item == item), ZERO)
    needed += sum((stock.safety_stock for key, stock in contract.stocks.items() if key[0] == item), ZERO)
    needed += max((offer.minimum for offer in offers), default=ZERO) + max(grids, default=ZERO)
    needed += max(
        (contract.terms[o.supplier].minimum_value / o.unit_cost for o in offers if o.unit_cost > 0), default=ZERO
    )
    if shares:
        narrowest, widest_grid = _narrowest_share(shares), max(grids, default=ZERO)
        suppliers = len({offer.supplier for offer in offers})
        needed = (needed * suppliers + widest_grid * suppliers / narrowest) / narrowest
    return needed


def _narrowest_share(shares: list[Share]) -> Fraction:
    """The least positive share, or distance between two limits, that a supplier of the item has to meet."""
    figures = {
        f for share in shares for f in (share.low, share.high, 1 - share.low, 1 - share.high, share.high - share.low)
    }
    return min(f for f in figures if f > 0)


class _PlainModel:
    """The program of one instance, and which columns are its orders and deliveries."""

    def __init__(self, contract: Contract) -> None:
        self.contract, self.program = contract, MixedInteger()
        self.order: dict[OrderKey, int] = {}
        self.place: dict[OrderKey, int] = {}
        self.deliver: dict[DeliveryKey, int] = {}
        self._orders()
        self._suppliers()
        self._shares()
        self._lines()
        self._stocks()

    def fix(self, orders: Mapping[OrderKey, float]) -> None:
        """Places exactly these orders; one that may not be placed makes the program infeasible."""
        program = self.program
        for key, column in self.order.items():
            program.lower[column] = program.upper[column] = orders.get(key, 0.0)
        if any(quantity > 0 and key not in self.order for key, quantity in orders.items()):
            program.row([], lower=1)

    def _orders(self) -> None:
        program, limits = self.program, {item: loose_limit(self.contract, item) for item in self.contract.items}
        for offer in self.contract.offers:
            limit = self._limit(offer, limits[offer.item])
            quantity = program.column(float(offer.unit_cost), upper=float(limit))
            place = program.column(float(offer.order_cost), upper=1, whole=True)
            self.order[offer.key], self.place[offer.key] = quantity, place
            program.row([(quantity, 1), (place, -float(limit))], upper=0)
            program.row([(quantity, 1), (place, -float(offer.minimum))], lower=0)
            for grid in (offer.multiple, offer.step):
                if grid is not None:
                    program.row([(quantity, 1), (program.column(whole=True), -float(grid))], 0, 0)

    def _limit(self, offer: Offer, limit: Fraction) -> Fraction:
        terms = self.contract.terms[offer.supplier]
        limit = limit if offer.maximum is None else min(limit, offer.maximum)
        if terms.maximum_value is not None and offer.unit_cost > 0:
            limit = min(limit, terms.maximum_value / offer.unit_cost)
        if offer.period in terms.capacity and offer.capacity_use > 0:
            capacity, overtime, _ = terms.capacity[offer.period]
            limit = min(limit, (capacity + overtime) / offer.capacity_use)
        return limit

    def _suppliers(self) -> None:
        program, placed = self.program, defaultdict(list)
        for offer in self.contract.offers:
            placed[offer.supplier, offer.period].append(offer)
        for (supplier, period), offers in placed.items():
            terms = self.contract.terms[supplier]
            is_open = program.column(float(terms.order_cost), upper=1, whole=True)
            for offer in offers:
                program.row([(self.place[offer.key], 1), (is_open, -1)], upper=0)
            value = [(self.order[offer.key], float(offer.unit_cost)) for offer in offers]
            program.row([*value, (is_open, -float(terms.minimum_value))], lower=0)
            if terms.maximum_value is not None:
                program.row(value, upper=float(terms.maximum_value))
            if period in terms.capacity:
                capacity, most, cost = terms.capacity[period]
                overtime = program.column(float(cost), upper=float(most))
                use = [(self.order[offer.key], float(offer.capacity_use)) for offer in offers]
                setup = [(self.place[offer.key], float(offer.capacity_setup)) for offer in offers]
                program.row([*use, *setup, (overtime, -1)], upper=float(capacity))

    def _shares(self) -> None:
        for share in self.contract.shares:
            group = [
                (key[1], column) for key, column in self.order.items()
                if key[0] == share.item and share.location in ("", key[2])
            ]  # fmt: skip
            for limit, bounds in ((share.low, (0.0, INFINITY)), (share.high, (-INFINITY, 0.0))):
                terms = [(column, float((supplier == share.supplier) - limit)) for supplier, column in group]
                self.program.row(terms, *bounds)

    def _lines(self) -> None:
        program = self.program
        for number, line in enumerate(self.contract.lines):
            ways = []
            for location in line.locations:
                for period in range(line.first, line.last + 1):
                    column = program.column(float(line.waiting_cost * (period - line.first)))
                    self.deliver[number, location, period] = column
                    ways.append((column, 1.0))
                    if line.step is not None:
                        program.row([(column, 1), (program.column(whole=True), -float(line.step))], 0, 0)
            short = program.column(float(line.shortage_cost))
            program.row([*ways, (short, 1)], float(line.quantity), float(line.quantity))

    def _stocks(self) -> None:
        program, last = self.program, self.contract.periods - 1
        landing, leaving = defaultdict(list), defaultdict(list)
        for offer in self.contract.offers:
            landing[offer.item, offer.location, offer.arrival].append((self.order[offer.key], 1.0))
        for (number, location, period), column in self.deliver.items():
            leaving[self.contract.lines[number].item, location, period].append((column, -1.0))
        for (item, location), stock in self.contract.stocks.items():
            before: list[tuple[int, float]] = []
            for period in range(self.contract.periods):
                credit = stock.ending_value if period == last else ZERO
                on_hand = program.column(float(stock.holding_cost - credit))
                given = stock.receipts.get(period, ZERO) + (stock.opening if period == 0 else ZERO)
                flows = [*before, *landing[item, location, period], *leaving[item, location, period], (on_hand, -1.0)]
                program.row(flows, -float(given), -float(given))
                if stock.safety_stock > 0:
                    under = program.column(float(stock.safety_stock_cost))
                    program.row([(on_hand, 1), (under, 1)], lower=float(stock.safety_stock))
                if stock.maximum is not None:
                    over = program.column(float(stock.overstock_cost))
                    program.row([(on_hand, 1), (over, -1)], upper=float(stock.maximum))
                before = [(on_hand, 1.0)]
