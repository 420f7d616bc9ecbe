"""Signals: what a plan says that no order of this week can mend, by hand."""

import pandas as pd

from optimizer.results.signals import Signal, sentences, signals
from tests.models.solved import instance

WEEKS = ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"]


def tables(
    backorders: list[tuple[str, float, float, float, float]] = [],  # noqa: B006
    deliveries: list[tuple[str, str, float, float]] = [],  # noqa: B006
    chased: list[tuple[str, str, float, str]] = [],  # noqa: B006
    costs: list[tuple[str, str, float]] = [],  # noqa: B006
) -> dict[str, pd.DataFrame]:
    return {
        "backorders": pd.DataFrame(backorders, columns=["item", "quantity", "late_quantity", "short_quantity", "cost"]),
        "allocations": pd.DataFrame(
            [(item, "main", *rest) for item, *rest in deliveries],
            columns=["item", "location", "delivery_period", "quantity", "backorder_cost"],
        ),
        "actions": pd.DataFrame(
            [("chase", item, supplier, "main", *rest) for item, supplier, *rest in chased],
            columns=["action", "item", "supplier", "location", "quantity", "promise"],
        ),
        "costs": pd.DataFrame(
            [("safety_stock", item, "main", *rest) for item, *rest in costs],
            columns=["account", "item", "location", "period", "amount"],
        ),
    }


def test_demand_outgrows_supply() -> None:
    source = instance(items=[{"item": "A", "unit": "litre"}, {"item": "B"}, {"item": "C"}])
    lines = [
        ("A", 9.0, 2.0, 0.0, 4.0),
        ("B", 9.0, 0.0, 9.0, 90.0),
        ("A", 5.0, 1.0, 4.0, 43.0),
        ("C", 3.0, 3.0, 0.0, 3.0),
    ]
    found = signals(source, tables(lines))
    assert [(one.item, one.money) for one in found] == [("B", 90.0), ("A", 47.0)]  # C waits, but gets all
    assert found[1].text == "4 litre are never delivered and 3 come late"


def test_suppliers_whose_lateness_costs() -> None:
    # S owes 5, which come in week 1, when 4 at 3 each and 6 at 1 each are delivered late: 4 × 3 + 1 × 1. T owes 3
    # more: what is left is at 1. What is delivered in week 0 comes from something else; nobody waits for U's B.
    given = [("A", WEEKS[0], 2.0, 9.0), ("A", WEEKS[1], 4.0, 12.0), ("A", WEEKS[1], 6.0, 6.0)]
    given.append(("B", WEEKS[1], 1.0, 0.0))
    chased = [("A", "S", 5.0, "2026-12-06"), ("A", "T", 3.0, "2026-12-06"), ("B", "U", 3.0, "2026-12-06")]
    found = signals(instance(), tables(deliveries=given, chased=chased))
    assert [(one.kind, one.supplier, one.money) for one in found] == [
        ("late_supplier", "S", 13.0), ("late_supplier", "T", 3.0),
    ]  # fmt: skip


def test_safety_stocks_that_are_not_reached() -> None:
    costs = [("A", week, 2.0) for week in WEEKS[:4]] + [("B", week, 9.0) for week in WEEKS[:3]]
    (one,) = signals(instance(periods=5), tables(costs=costs))
    assert (one.kind, one.item, one.location, one.money) == ("safety_stock_overdue", "A", "main", 8.0)
    assert one.text == "below its safety stock in 4 of 5 weeks"


def test_a_warning_names_the_dearest() -> None:
    money = {"A": 9.0, "B": 8.0, "C": 7.5, "D": 1.0}
    found = [Signal("demand_outgrows_supply", item, "", "", amount, "") for item, amount in money.items()]
    (told,) = sentences(found, "EUR")
    assert told == "demand outgrows supply: A (9 EUR), B (8 EUR), C (7.5 EUR), 1 more; plan.json has all signals"


def test_nothing_to_say() -> None:
    assert signals(instance(), tables()) == []
    assert signals(instance(), tables(deliveries=[("A", WEEKS[0], 2.0, 9.0)])) == []
