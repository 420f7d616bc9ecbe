"""The plan of a min/max rule, what most ERP systems propose, on an instance of ours, as a plan that our audit judges.

    python -m benchmarks.min_max instances/quickstart -o /tmp/min-max

Every period (the review period R is 1), for each item and location, with d the mean demand per period:

    position        = on hand + on order − due and not yet delivered
    reorder point s = d × (lead time + R) + safety stock
    order up to   S = s + d × cover

- If the position is at or below s, what is missing to S is ordered from the supplier with the lowest unit cost that
  can still deliver within the horizon; what its maximum or its capacity cuts off goes to the next cheapest. Quantities
  are raised to the minimum and to whole packs. Overtime is not used. Nothing is ordered in frozen periods.
- `cover` is the economic order quantity in periods, sqrt(2 × order cost ÷ (holding cost × d)), between 1 and 26, or
  the number given.
- d is the mean over the horizon ("mean", what a planner types into an ERP once), or with `--demand coming` the demand
  that is known for the next periods: s covers the lead time + R to come, and S also the `cover` periods after.
- Below a supplier's minimum order value the period's lines are filled up in turn, the least covered first, if they
  come to at least half of it; else nothing is ordered there this period. Above its maximum value the best covered
  lines are cut back.
- Items with shares are ordered from the cheapest supplier with which the shares hold for all that was ordered until
  then, else split by the shares, else not in this period. Where the shares break in the end, because a supplier's terms
  cut or cancelled a line, the rule cannot order the item, and says so.
- Deliveries go to what is due first (old backorders first), then to whom waiting costs most (weight × backorder cost).

Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., section 6.3: the
(R, s, S) rule
with S − s by the economic order quantity. Stock in transit counts in the position, as there.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, sqrt
from pathlib import Path

from benchmarks.plan_folder import Written, write_plan
from tests.reference.contract import ZERO, Contract, Line, Offer, read_contract
from tests.reference.plain_model import OrderKey, common_multiple

REVIEW, LONGEST_COVER, FINEST = 1, 26, Fraction(1, 1000)
StockKey = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """The parameters: `cover` in periods (none: the economic order quantity), `coming`: known demand, not the mean."""

    cover: int | None = None
    coming: bool = False


@dataclass
class MinMaxPlan:
    """Orders by (item, supplier, location, period), deliveries by (line, location, period), items given up."""

    orders: dict[tuple[str, str, str, int], Fraction] = field(default_factory=dict)
    deliveries: dict[tuple[int, str, int], Fraction] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()


@dataclass
class _Proposal:
    """An order line that is proposed, and how many periods its item is covered without it."""

    offer: Offer
    quantity: Fraction
    cover: Fraction


def min_max(contract: Contract, rule: Rule | None = None) -> MinMaxPlan:
    """Follows the rule over the horizon; once more without the items whose shares do not come out, if there are any."""
    given_up: set[str] = set()
    while True:
        plan = _Simulation(contract, rule or Rule(), given_up).run()
        broken = _broken_shares(contract, plan.orders)
        if not broken:
            plan.given_up = tuple(sorted(given_up))
            return plan
        given_up |= broken


def _broken_shares(contract: Contract, orders: Mapping[OrderKey, Fraction], item: str | None = None) -> set[str]:
    """Items (or whether the one) whose orders break a share."""
    broken = set()
    for share in contract.shares:
        if item in (None, share.item):
            counted = [
                (key[1], quantity)
                for key, quantity in orders.items()
                if key[0] == share.item and share.location in ("", key[2])
            ]
            whole = sum((quantity for _, quantity in counted), ZERO)
            part = sum((quantity for supplier, quantity in counted if supplier == share.supplier), ZERO)
            if not share.low * whole <= part <= share.high * whole:
                broken.add(share.item)
    return broken


class _Simulation:
    """One walk through the horizon."""

    def __init__(self, contract: Contract, rule: Rule, given_up: Iterable[str]) -> None:
        self.contract, self.rule, self.plan = contract, rule, MinMaxPlan()
        self.offers: dict[tuple[str, str, int], list[Offer]] = defaultdict(list)
        for offer in contract.offers:
            if offer.item not in given_up:
                self.offers[offer.item, offer.location, offer.period].append(offer)
        self.on_hand = {key: stock.opening for key, stock in contract.stocks.items()}
        self.coming: dict[StockKey, dict[int, Fraction]] = {
            key: defaultdict(Fraction, stock.receipts) for key, stock in contract.stocks.items()
        }
        self.proposed: list[_Proposal] = []  # in the period that is being planned
        self.left = [line.quantity for line in contract.lines]
        # A line that any location may serve counts at each of them with an equal part.
        self.asked: dict[StockKey, dict[int, Fraction]] = {key: defaultdict(Fraction) for key in contract.stocks}
        self.lines_of: dict[StockKey, list[int]] = defaultdict(list)
        for number, line in enumerate(contract.lines):
            for location in line.locations:
                self.asked[line.item, location][line.first] += line.quantity / len(line.locations)
                self.lines_of[line.item, location].append(number)
        self.by_urgency = sorted(range(len(contract.lines)), key=self._urgency)

    def _urgency(self, number: int) -> tuple[int, Fraction, int]:
        line = self.contract.lines[number]
        return line.due, -line.waiting_cost, number

    def run(self) -> MinMaxPlan:
        open_lines: list[int] = []
        begins: dict[int, list[int]] = defaultdict(list)
        for number in self.by_urgency:
            begins[self.contract.lines[number].first].append(number)
        for period in range(self.contract.periods):
            open_lines = [n for n in open_lines if self.left[n] > 0 and self.contract.lines[n].last >= period]
            open_lines = sorted(open_lines + begins[period], key=self._urgency)
            self._order(period)
            for key, coming in self.coming.items():
                self.on_hand[key] += coming.pop(period, ZERO)
            self._deliver(period, open_lines)
        return self.plan

    def _deliver(self, period: int, open_lines: Sequence[int]) -> None:
        for number in open_lines:
            line = self.contract.lines[number]
            for location in line.locations:
                quantity = _whole(min(self.left[number], self.on_hand[line.item, location]), line)
                if quantity > 0:
                    self.left[number] -= quantity
                    self.on_hand[line.item, location] -= quantity
                    self.plan.deliveries[number, location, period] = quantity

    def _order(self, period: int) -> None:
        capacity = {
            supplier: terms.capacity[period][0]
            for supplier, terms in self.contract.terms.items()
            if period in terms.capacity
        }
        by_supplier: dict[str, list[_Proposal]] = defaultdict(list)
        self.proposed = []
        wishes = [wish for key in self.contract.stocks if (wish := self._wish(key, period)) is not None]
        for cover, wanted, offers in sorted(wishes, key=lambda wish: wish[0]):
            for proposal in self._split(offers, wanted, cover, capacity):
                by_supplier[proposal.offer.supplier].append(proposal)
                self.proposed.append(proposal)
        for supplier, proposals in by_supplier.items():
            for proposal in self._within_terms(supplier, proposals, capacity):
                offer = proposal.offer
                self.plan.orders[offer.key] = proposal.quantity
                self.coming[offer.item, offer.location][offer.arrival] += proposal.quantity

    def _wish(self, key: StockKey, period: int) -> tuple[Fraction, Fraction, list[Offer]] | None:
        """Periods covered, what is missing to the order-up-to level, who can deliver, cheapest first; or nothing."""
        offers = sorted(self.offers[*key, period], key=lambda offer: (offer.unit_cost, offer.arrival, offer.supplier))
        mean = sum(self.asked[key].values(), ZERO) / self.contract.periods
        if not offers or mean == 0:
            return None
        stock, lead_time = self.contract.stocks[key], offers[0].arrival - period
        # Before this period's receipts and deliveries: what is due now is still ahead, what was due earlier is owed.
        position = self.on_hand[key] + sum(self.coming[key].values()) - self._owed(key, period)
        cover = self.rule.cover or self._economic_cover(offers[0], mean, stock.holding_cost)
        reorder_point = self._demand(key, mean, period, lead_time + REVIEW) + stock.safety_stock
        up_to = self._demand(key, mean, period, lead_time + REVIEW + cover) + stock.safety_stock
        if position > reorder_point or up_to <= position:
            return None
        return position / mean, up_to - position, offers

    def _owed(self, key: StockKey, period: int) -> Fraction:
        owed = ZERO
        for number in self.lines_of[key]:
            line = self.contract.lines[number]
            if (line.first < period or line.due < 0) and line.last >= period:
                owed += self.left[number] / len(line.locations)
        return owed

    def _demand(self, key: StockKey, mean: Fraction, period: int, periods: int) -> Fraction:
        if not self.rule.coming:
            return mean * periods
        ahead = range(period, min(period + periods, self.contract.periods))
        old = sum((line.quantity / len(line.locations) for line in self._old_lines(key)), ZERO) if period == 0 else ZERO
        return sum((self.asked[key].get(t, ZERO) for t in ahead), ZERO) - old

    def _old_lines(self, key: StockKey) -> list[Line]:
        """Lines due before the start: the position counts them as owed already."""
        return [line for number in self.lines_of[key] if (line := self.contract.lines[number]).due < 0]

    def _economic_cover(self, offer: Offer, mean: Fraction, holding_cost: Fraction) -> int:
        order_cost = offer.order_cost + self.contract.terms[offer.supplier].order_cost
        if holding_cost == 0:
            return LONGEST_COVER if order_cost else 1
        return max(1, min(LONGEST_COVER, round(sqrt(2 * order_cost / (holding_cost * mean)))))

    def _split(
        self, offers: Sequence[Offer], wanted: Fraction, cover: Fraction, capacity: dict[str, Fraction]
    ) -> list[_Proposal]:
        """The order lines of one item and location, and takes their capacity."""
        for parts in self._ways(offers, wanted):
            left, proposals = dict(capacity), list[_Proposal]()
            for offer, part in parts:
                missing = part if part is not None else wanted - sum((p.quantity for p in proposals), ZERO)
                quantity = _orderable(offer, missing, left.get(offer.supplier))
                if missing > 0 and quantity > 0:
                    proposals.append(_Proposal(offer, quantity, cover))
                    if offer.supplier in left:
                        left[offer.supplier] -= _use(offer, quantity)
            if proposals and self._shares_hold(proposals):
                capacity.update(left)
                return proposals
        return []

    def _ways(self, offers: Sequence[Offer], wanted: Fraction) -> Iterator[Sequence[tuple[Offer, Fraction | None]]]:
        """Who may be asked for what, the best way first; no quantity: what the cheaper ones leave."""
        limits = {
            share.supplier: share
            for share in self.contract.shares
            if share.item == offers[0].item and share.location in ("", offers[0].location)
        }
        if not limits:
            yield [(offer, None) for offer in offers]
            return
        for offer in offers:
            yield [(offer, None)]
        part = {offer.supplier: limits[offer.supplier].low if offer.supplier in limits else ZERO for offer in offers}
        rest = 1 - sum(part.values())
        for offer in offers:
            high = limits[offer.supplier].high if offer.supplier in limits else Fraction(1)
            more = max(ZERO, min(rest, high - part[offer.supplier]))
            part[offer.supplier] += more
            rest -= more
        yield [(offer, part[offer.supplier] * wanted) for offer in offers]

    def _shares_hold(self, proposals: Sequence[_Proposal]) -> bool:
        """Whether the shares hold for what was ordered and proposed until now, and these lines."""
        item = proposals[0].offer.item
        orders = {key: quantity for key, quantity in self.plan.orders.items() if key[0] == item}
        orders |= {p.offer.key: p.quantity for p in [*self.proposed, *proposals] if p.offer.item == item}
        return not _broken_shares(self.contract, orders, item)

    def _within_terms(
        self, supplier: str, proposals: list[_Proposal], capacity: Mapping[str, Fraction]
    ) -> list[_Proposal]:
        """The period's lines at a supplier, filled up or cut back to its order value limits; none where that fails."""
        terms, left = self.contract.terms[supplier], capacity.get(supplier)
        value = _value(proposals)
        if value < terms.minimum_value:
            if 2 * value < terms.minimum_value:
                return []
            left = _fill_up(proposals, terms.minimum_value, left)
        if terms.maximum_value is not None and _value(proposals) > terms.maximum_value:
            proposals = _cut_back(proposals, terms.maximum_value)
        return proposals if _value(proposals) >= terms.minimum_value else []


def _fill_up(proposals: Sequence[_Proposal], value: Fraction, left: Fraction | None) -> Fraction | None:
    """Raises lines, the least covered first, until they come to a value or nothing more is to be had."""
    for proposal in sorted(proposals, key=lambda p: p.cover):
        offer, missing = proposal.offer, value - _value(proposals)
        if missing > 0 and offer.unit_cost > 0:
            free = None if left is None else left + _use(offer, proposal.quantity)
            quantity = _orderable(offer, proposal.quantity + missing / offer.unit_cost, free)
            if quantity > proposal.quantity:
                left = None if free is None else free - _use(offer, quantity)
                proposal.quantity = quantity
    return left


def _cut_back(proposals: Sequence[_Proposal], value: Fraction) -> list[_Proposal]:
    """Lowers or drops lines, the best covered first, until they are within a value."""
    kept = sorted(proposals, key=lambda p: p.cover)
    for proposal in reversed(kept):
        excess, offer = _value(kept) - value, proposal.offer
        if excess > 0 and offer.unit_cost > 0:
            grid = _grid(offer)
            lower = floor((proposal.quantity - excess / offer.unit_cost) / grid) * grid
            proposal.quantity = lower if lower > 0 and lower >= offer.minimum else ZERO
    return [proposal for proposal in kept if proposal.quantity > 0]


def _grid(offer: Offer) -> Fraction:
    return common_multiple(offer.multiple, offer.step) or FINEST


def _use(offer: Offer, quantity: Fraction) -> Fraction:
    return offer.capacity_use * quantity + offer.capacity_setup


def _orderable(offer: Offer, wanted: Fraction, capacity: Fraction | None) -> Fraction:
    """The least quantity that may be ordered and covers what is wanted, cut to what may be ordered at most; or 0."""
    grid = _grid(offer)
    quantity = ceil(max(wanted, offer.minimum) / grid) * grid
    most = [] if offer.maximum is None else [offer.maximum]
    if capacity is not None:
        if capacity < offer.capacity_setup:
            return ZERO
        if offer.capacity_use > 0:
            most.append((capacity - offer.capacity_setup) / offer.capacity_use)
    quantity = min([quantity, *(floor(limit / grid) * grid for limit in most)])
    return quantity if quantity > 0 and quantity >= offer.minimum else ZERO


def _whole(quantity: Fraction, line: Line) -> Fraction:
    return quantity if line.step is None else floor(quantity / line.step) * line.step


def _value(proposals: Iterable[_Proposal]) -> Fraction:
    return sum((p.quantity * p.offer.unit_cost for p in proposals), ZERO)


def plan_instance(instance: Path, out: Path, rule: Rule | None = None) -> tuple[MinMaxPlan, Written]:
    """Reads an instance, follows the rule and writes the plan folder."""
    from optimizer.read import read

    found = read(instance)
    contract = read_contract(found.text, found.settings_text, found.as_written("demand", "due"))
    plan = min_max(contract, rule)
    return plan, write_plan(out, contract, plan.orders, plan.deliveries)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the rule from the command line and prints the cost by account; 1 where the audit refuses the plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the plan")
    parser.add_argument("--cover", type=int, help="periods that an order covers (the economic order quantity)")
    parser.add_argument(
        "--demand", choices=("mean", "coming"), default="mean", help="which demand the levels follow (mean)"
    )
    asked = parser.parse_args(argv)
    plan, written = plan_instance(asked.instance, asked.out, Rule(asked.cover, asked.demand == "coming"))
    from optimizer.audit import audit
    from optimizer.read import read

    found = read(asked.instance)
    dues = {"demand": {"due": found.as_written("demand", "due")}}
    violations = audit(found.text, found.settings_text, asked.out, written=dues)
    report = {
        "instance": str(asked.instance),
        "rule": {"demand": asked.demand, "cover": asked.cover or "economic order quantity", "review": REVIEW},
        "cost": float(written.objective),
        "accounts": {account: round(float(amount), 2) for account, amount in written.accounts.items()},
        "order_lines": written.order_lines,
        "fill_rate_on_time": round(written.fill_rate_on_time, 4),
        "fill_rate": round(written.fill_rate, 4),
        "items_given_up_for_their_shares": plan.given_up,
        "audit": [str(violation) for violation in violations],
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
