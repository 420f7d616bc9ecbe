"""What a plan costs, account by account: orders and deliveries priced by the contract, in exact fractions.

purchase      unit_cost × quantity                                   by order line
ordering      order_cost of the line; order_cost of the supplier and period
overtime      overtime_cost × what the period's orders use above capacity
holding       holding_cost × on hand at the period's end
safety_stock  safety_stock_cost × what is missing;  overstock  overstock_cost × what is above the maximum
backorder     weight × backorder_cost × periods waited;  shortage  weight × shortage_cost × never delivered
ending_value  − ending_value × on hand at the end of the horizon
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.contract import ZERO, Contract, Offer

Orders = Mapping[tuple[str, str, str, int], Fraction]
Deliveries = Mapping[tuple[int, str, int], Fraction]


@dataclass(frozen=True)
class Charge:
    """An amount of money and what it is for; keys are empty (the period: none) where they do not apply."""

    account: str
    amount: Fraction
    item: str = ""
    supplier: str = ""
    customer: str = ""
    location: str = ""
    period: int | None = None


@dataclass(frozen=True)
class StockRow:
    """An item at a location in a period in which anything is or happens."""

    item: str
    location: str
    period: int
    opening: Fraction
    receipts: Fraction
    delivered: Fraction
    on_hand: Fraction


def charges(contract: Contract, orders: Orders, deliveries: Deliveries) -> list[Charge]:
    """Everything the plan costs.

    Args:
        contract: the instance.
        orders: quantity by (item, supplier, location, order period).
        deliveries: quantity by (number of the demand line, location, delivery period).

    Raises:
        KeyError: where an order may not be placed.
    """
    offers = {offer.key: offer for offer in contract.offers}
    placed = [(offers[key], quantity) for key, quantity in orders.items() if quantity > 0]
    found = [*_ordering(contract, placed), *_service(contract, deliveries), *_stock(contract, orders, deliveries)]
    return [charge for charge in found if charge.amount]


def stock_rows(contract: Contract, orders: Orders, deliveries: Deliveries) -> Iterator[StockRow]:
    """Stock by item, location and period."""
    offers = {offer.key: offer for offer in contract.offers}
    receipts: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    delivered: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for key, quantity in orders.items():
        receipts[key[0], key[2], offers[key].arrival] += quantity
    for (number, location, period), quantity in deliveries.items():
        delivered[contract.lines[number].item, location, period] += quantity
    for (item, location), stock in contract.stocks.items():
        opening = stock.opening
        for period in range(contract.periods):
            came = receipts[item, location, period] + stock.receipts.get(period, ZERO)
            left = delivered[item, location, period]
            on_hand = opening + came - left
            yield StockRow(item, location, period, opening, came, left, on_hand)
            opening = on_hand


def _ordering(contract: Contract, placed: list[tuple[Offer, Fraction]]) -> Iterator[Charge]:
    used: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for offer, quantity in placed:
        keys = {"item": offer.item, "supplier": offer.supplier, "location": offer.location}
        yield Charge("purchase", offer.unit_cost * quantity, period=offer.period, **keys)
        yield Charge("ordering", offer.order_cost, period=offer.period, **keys)
        used[offer.supplier, offer.period] += offer.capacity_use * quantity + offer.capacity_setup
    for (supplier, period), use in used.items():
        terms = contract.terms[supplier]
        yield Charge("ordering", terms.order_cost, supplier=supplier, period=period)
        if period in terms.capacity:
            capacity, _, cost = terms.capacity[period]
            yield Charge("overtime", max(use - capacity, ZERO) * cost, supplier=supplier, period=period)


def _service(contract: Contract, deliveries: Deliveries) -> Iterator[Charge]:
    short = {number: line.quantity for number, line in enumerate(contract.lines)}
    for (number, location, period), quantity in deliveries.items():
        line = contract.lines[number]
        short[number] -= quantity
        waited = line.waiting_cost * (period - line.first) * quantity
        yield Charge("backorder", waited, item=line.item, customer=line.customer, location=location, period=period)
    for number, line in enumerate(contract.lines):
        lost = line.shortage_cost * short[number]
        yield Charge("shortage", lost, item=line.item, customer=line.customer, period=line.first)


def _stock(contract: Contract, orders: Orders, deliveries: Deliveries) -> Iterator[Charge]:
    for row in stock_rows(contract, orders, deliveries):
        stock = contract.stocks[row.item, row.location]
        amounts = {
            "holding": stock.holding_cost * row.on_hand,
            "safety_stock": stock.safety_stock_cost * max(stock.safety_stock - row.on_hand, ZERO),
        }
        if stock.maximum is not None:
            amounts["overstock"] = stock.overstock_cost * max(row.on_hand - stock.maximum, ZERO)
        if row.period == contract.periods - 1:
            amounts["ending_value"] = -stock.ending_value * row.on_hand
        for account, amount in amounts.items():
            yield Charge(account, amount, item=row.item, location=row.location, period=row.period)
