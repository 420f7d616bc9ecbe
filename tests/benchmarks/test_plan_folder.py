"""Plans of the plain model, written and priced here: the audit finds nothing, and the cost is the model's."""

from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.costs import charges
from benchmarks.plan_folder import number_text, write_plan
from optimizer.audit import audit
from tests.reference.contract import Contract, read_contract
from tests.reference.plain_model import Optimum, solve
from tests.reference.random_instances import random_instance


def snapped(
    contract: Contract, found: Optimum
) -> tuple[dict[tuple[str, str, str, int], Fraction], dict[tuple[int, str, int], Fraction]]:
    """Orders and deliveries of a solver, to six decimals."""
    return (
        {key: Fraction(round(quantity, 6)).limit_denominator(10**6) for key, quantity in found.orders.items()},
        {key: Fraction(round(quantity, 6)).limit_denominator(10**6) for key, quantity in found.deliveries.items()},
    )


def test_the_audit_passes_plans_of_the_plain_model(tmp_path: Path) -> None:
    for seed in range(15):
        tables, settings = random_instance(seed, "small")
        contract = read_contract(tables, settings)
        optimum = solve(contract)
        written = write_plan(tmp_path / str(seed), contract, *snapped(contract, optimum))
        assert float(written.objective) == pytest.approx(optimum.objective, rel=1e-6, abs=1e-4), seed
        assert audit(tables, settings, tmp_path / str(seed)) == [], seed


def test_charges_by_hand() -> None:
    tables = {
        "items": {
            "item": ["A"], "holding_cost": ["0.5"], "backorder_cost": ["1"], "shortage_cost": ["50"],
            "ending_value": ["1"],
        },
        "suppliers": {"supplier": ["S"], "order_cost": ["3"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["1"], "order_cost": ["7"]},
        "supplier_capacity": {
            "supplier": ["S"], "period": ["2026-11-23"], "capacity": ["9"],
            "overtime_capacity": ["5"], "overtime_cost": ["4"],
        },
        "inventory": {"item": ["A"], "location": ["main"], "safety_stock": ["2"], "safety_stock_cost": ["0.1"],
                      "maximum": ["3"], "overstock_cost": ["0.2"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-11-23"], "quantity": ["6"]},
    }  # fmt: skip
    contract = read_contract(tables, {"name": "hand", "start": "2026-11-23", "periods": 2})
    found = charges(contract, {("A", "S", "main", 0): Fraction(10)}, {(0, "main", 1): Fraction(5)})
    # 10 × 2; 7 + 3; 1 above 9 × 4; 5 wait × 1; 1 short × 50; 2 missing × 0.1 in week 0; 5 left × 0.5, 2 above × 0.2,
    # −5 × 1.
    assert {charge.account: charge.amount for charge in found if charge.account != "ordering"} == {
        "purchase": 20, "overtime": 4, "backorder": 5, "shortage": 50, "safety_stock": Fraction(1, 5),
        "holding": Fraction(5, 2), "overstock": Fraction(2, 5), "ending_value": -5,
    }  # fmt: skip
    assert sum(charge.amount for charge in found if charge.account == "ordering") == 10


def test_numbers_are_short_decimals() -> None:
    assert number_text(Fraction(1, 3)) == "0.333333333"
    assert number_text(Fraction(-5, 2)) == "-2.5"
    assert number_text(Fraction(-1, 10**12)) == "0"
    assert number_text(10**15) == "1000000000000000"
