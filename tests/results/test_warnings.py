"""Warnings that only a plan can give: demand that nothing could serve."""

from typing import Any

import pandas as pd
import pytest

from models.assemble import derive
from optimizer import read
from optimizer.results.warnings import MOST, lacking_supply, supply_warnings
from tests.results.frames import frames

SETTINGS: dict[str, Any] = {"name": "small", "start": "2026-11-23", "periods": 4}


def warnings(items: dict[str, tuple[int, int]], *, maximum: int = 10) -> list[str]:
    """Of items with (demand, on hand) and a supplier who delivers `maximum` a week, after a week."""
    every = list(items)
    tables = {
        "items": {"item": every, "unit": ["piece"] * len(every)},
        "suppliers": {"supplier": ["S"]},
        "sourcing": {
            "item": every, "supplier": ["S"] * len(every), "unit_cost": ["1"] * len(every),
            "lead_time": ["1"] * len(every), "maximum_quantity": [str(maximum)] * len(every),
        },
        "inventory": {
            "item": every, "location": ["main"] * len(every),
            "on_hand": [str(on_hand) for _, on_hand in items.values()],
        },
        "demand": {
            "item": every, "customer": ["C"] * len(every), "due": ["2026-12-14"] * len(every),
            "quantity": [str(demand) for demand, _ in items.values()],
        },
        "open_orders": {
            "order": ["PO-1"], "arrival": ["2026-12-01"], "item": [every[0]], "supplier": ["S"],
            "location": ["main"], "quantity": ["3"],
        },
    }  # fmt: skip
    source = read(frames(tables), settings=SETTINGS)
    lacking = lacking_supply(source.instance, derive(source.instance))
    short = pd.DataFrame({"item": every, "short_quantity": [float(demand) for demand, _ in items.values()]})
    return supply_warnings(source.instance, lacking, {"backorders": short})


def test_demand_beyond_what_can_be_there() -> None:
    # 5 on hand, 3 on order, and 10 in each of the weeks 0, 1 and 2 (an order of week 3 lands too late): 38.
    (sentence,) = warnings({"A": (50, 5)})
    assert sentence.startswith("A: demand is 12 piece above all that stock, open orders and suppliers can bring")


@pytest.mark.parametrize("demand", [38, 20])
def test_demand_that_could_be_served_is_not_warned_of(demand: int) -> None:
    assert warnings({"A": (demand, 5)}) == []


def test_the_worst_are_named_and_the_others_counted() -> None:
    found = warnings({f"item-{k}": (100 + k, 0) for k in range(MOST + 2)})
    assert len(found) == MOST + 1
    assert found[0].startswith("item-6: demand is 76 ")  # 106 asked, 30 to be had
    assert found[-1] == "2 more items have demand beyond what suppliers can deliver"
