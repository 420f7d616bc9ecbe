"""A plan folder by the contract, written from orders and deliveries that some other rule than the engine decided.

So the same audit judges both. Such a rule proves no bound; the one given is what no plan can beat for a plain reason:
every cost is at least 0, and what is left at the end is worth no more than it cost, except for the stock that is
already there or on its way.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from benchmarks.costs import Charge, Deliveries, Orders, charges, stock_rows
from tests.reference.contract import ZERO, Contract

LINE = ("item", "customer", "due", "kind", "demand_location", "reference")
ORDER_KEY = ("item", "supplier", "location", "order_period", "arrival_period")
ORDERS = (*ORDER_KEY, "quantity", "unit_cost", "value", "action")
ALLOCATIONS = (*LINE, "location", "delivery_period", "quantity", "periods_late", "backorder_cost")
BACKORDERS = (*LINE, "quantity", "late_quantity", "short_quantity", "promise", "cost")
MOVES = ("receipts", "transfers_in", "transfers_out", "delivered")
INVENTORY = ("item", "location", "period", "opening", *MOVES, "on_hand")
COSTS = ("account", "item", "supplier", "customer", "location", "period", "amount")


@dataclass(frozen=True)
class Written:
    """Figures of a plan that was written: its cost, the cost by account, and the fill rates by quantity."""

    objective: Fraction
    accounts: Mapping[str, Fraction]
    fill_rate_on_time: float
    fill_rate: float
    order_lines: int


def number_text(value: Fraction | int) -> str:
    """The shortest decimal of at most nine digits after the point, without exponents."""
    units = round(Fraction(value) * 10**9)
    whole, rest = divmod(abs(units), 10**9)
    text = f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text


def write_plan(folder: Path, contract: Contract, orders: Orders, deliveries: Deliveries) -> Written:
    """Writes the plan's CSV files and `plan.json` into a folder.

    Args:
        folder: where to; made where it is missing.
        contract: the instance.
        orders: quantity by (item, supplier, location, order period).
        deliveries: quantity by (number of the demand line, location, delivery period).

    Raises:
        KeyError: where an order may not be placed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    costs = charges(contract, orders, deliveries)
    _write(folder / "purchase_orders.csv", ORDERS, _order_rows(contract, orders))
    _write(folder / "allocations.csv", ALLOCATIONS, _allocation_rows(contract, deliveries))
    services = _services(contract, deliveries)
    _write(folder / "backorders.csv", BACKORDERS, _backorder_rows(contract, services))
    _write(folder / "inventory.csv", INVENTORY, _inventory_rows(contract, orders, deliveries))
    _write(folder / "costs.csv", COSTS, _cost_rows(contract, costs))
    written = _figures(contract, costs, services, orders)
    (folder / "plan.json").write_text(json.dumps(_plan_json(contract, written), indent=2) + "\n", encoding="utf-8")
    return written


@dataclass
class _Service:
    """What a demand line gets."""

    delivered: Fraction = ZERO
    late: Fraction = ZERO
    last: int | None = None
    cost: Fraction = ZERO


def _services(contract: Contract, deliveries: Deliveries) -> list[_Service]:
    services = [_Service() for _ in contract.lines]
    for (number, _, period), quantity in deliveries.items():
        line, service = contract.lines[number], services[number]
        service.delivered += quantity
        service.late += quantity if period > line.due else 0
        service.last = period if service.last is None else max(period, service.last)
        service.cost += line.waiting_cost * (period - line.first) * quantity
    for line, service in zip(contract.lines, services, strict=True):
        service.cost += line.shortage_cost * (line.quantity - service.delivered)
    return services


def _day(contract: Contract, period: int | None) -> str:
    return "" if period is None else contract.calendar.first_day(period).isoformat()


def _order_rows(contract: Contract, orders: Orders) -> Iterable[Sequence[str]]:
    offers = {offer.key: offer for offer in contract.offers}
    for key, quantity in sorted(orders.items(), key=lambda order: (order[0][3], order[0])):
        if quantity > 0:
            offer = offers[key]
            action = "release" if offer.period == contract.frozen else "planned"
            period, arrival = _day(contract, offer.period), _day(contract, offer.arrival)
            money = number_text(offer.unit_cost), number_text(offer.unit_cost * quantity)
            yield *key[:3], period, arrival, number_text(quantity), *money, action


def _allocation_rows(contract: Contract, deliveries: Deliveries) -> Iterable[Sequence[str]]:
    for (number, location, period), quantity in sorted(deliveries.items()):
        line = contract.lines[number]
        waited = line.waiting_cost * (period - line.first) * quantity
        figures = number_text(quantity), str(period - line.due), number_text(waited)
        if quantity > 0:
            yield *line.key, location, _day(contract, period), *figures


def _backorder_rows(contract: Contract, services: Sequence[_Service]) -> Iterable[Sequence[str]]:
    for line, service in zip(contract.lines, services, strict=True):
        short = line.quantity - service.delivered
        if service.late or short:
            promise = "" if service.last is None else contract.calendar.last_day(service.last).isoformat()
            quantities = number_text(line.quantity), number_text(service.late), number_text(short)
            yield *line.key, *quantities, promise, number_text(service.cost)


def _inventory_rows(contract: Contract, orders: Orders, deliveries: Deliveries) -> Iterable[Sequence[str]]:
    for row in stock_rows(contract, orders, deliveries):
        figures = row.opening, row.receipts, ZERO, ZERO, row.delivered, row.on_hand
        if any(figures):
            yield row.item, row.location, _day(contract, row.period), *map(number_text, figures)


def _cost_rows(contract: Contract, costs: Iterable[Charge]) -> Iterable[Sequence[str]]:
    total: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for c in costs:
        total[c.account, c.item, c.supplier, c.customer, c.location, _day(contract, c.period)] += c.amount
    for key, amount in sorted(total.items()):
        yield *key, number_text(amount)


def _figures(contract: Contract, costs: Iterable[Charge], services: Sequence[_Service], orders: Orders) -> Written:
    accounts: dict[str, Fraction] = defaultdict(Fraction)
    for charge in costs:
        accounts[charge.account] += charge.amount
    asked = sum((line.quantity for line in contract.lines), ZERO)
    delivered = sum((service.delivered for service in services), ZERO)
    late = sum((service.late for service in services), ZERO)
    on_time, ever = (float((delivered - late) / asked), float(delivered / asked)) if asked else (1.0, 1.0)
    lines = sum(quantity > 0 for quantity in orders.values())
    return Written(sum(accounts.values(), ZERO), dict(sorted(accounts.items())), on_time, ever, lines)


def _plan_json(contract: Contract, written: Written) -> dict[str, object]:
    bound = -sum(
        (stock.ending_value * (stock.opening + sum(stock.receipts.values())) for stock in contract.stocks.values()),
        ZERO,
    )
    gap_money = written.objective - bound
    controllable = abs(written.objective - written.accounts.get("purchase", ZERO))
    return {
        "status": "feasible",
        "objective": float(written.objective),
        "bound": float(bound),
        "gap": float(gap_money / abs(written.objective)) if written.objective else 0.0,
        "gap_money": float(gap_money),
        "gap_controllable": float(gap_money / controllable) if controllable else 0.0,
        "seconds": 0.0,
        "fill_rate_on_time": written.fill_rate_on_time,
        "fill_rate": written.fill_rate,
        "accounts": {account: float(amount) for account, amount in written.accounts.items()},
        "counts": {"order_lines": written.order_lines, "demand_lines": len(contract.lines)},
        "warnings": [],
    }


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
