"""Enumeration equals the plain model; both by hand on one instance."""

import pytest

from tests.reference.contract import read_contract
from tests.reference.enumerate_plans import TooLargeError, enumerate_plans
from tests.reference.plain_model import solve
from tests.reference.random_instances import random_instance


def test_enumeration_equals_the_plain_model() -> None:
    compared = with_orders = 0
    for seed in range(40):
        contract = read_contract(*random_instance(seed, "tiny"))
        try:
            best = enumerate_plans(contract, most=3000)
        except TooLargeError:
            continue
        compared, with_orders = compared + 1, with_orders + bool(best.orders)
        assert solve(contract).objective == pytest.approx(float(best.cost), abs=1e-5), seed
    assert compared >= 20
    assert with_orders >= 10


def test_an_order_of_two_packs_by_hand() -> None:
    tables = {
        "items": {
            "item": ["A"], "holding_cost": ["1"], "backorder_cost": ["2"], "shortage_cost": ["9"],
            "ending_value": ["0"],
        },
        "suppliers": {"supplier": ["S"], "order_cost": ["4"]},
        "sourcing": {
            "item": ["A"], "supplier": ["S"], "unit_cost": ["1"], "lead_time": ["1"], "multiple": ["2"],
            "maximum_quantity": ["6"],
        },
        "inventory": {"item": ["A"], "location": ["main"]},
        "demand": {"item": ["A"], "customer": ["C"], "due": ["2026-11-23"], "quantity": ["3"]},
    }  # fmt: skip
    settings = {"name": "hand", "start": "2026-11-23", "periods": 2}
    best = enumerate_plans(read_contract(tables, settings))
    # Two packs: 4 purchase + 4 order + 3 units wait (6) + one is left (1) = 15. One pack: 2 + 4 + 4 + 9 short = 19.
    # None: 27.
    assert best.cost == 15
    assert best.orders == {("A", "S", "main", 0): 4}


def test_what_cannot_be_enumerated_is_refused() -> None:
    contract = read_contract(*random_instance(1, "medium"))
    with pytest.raises(TooLargeError):
        enumerate_plans(contract)
