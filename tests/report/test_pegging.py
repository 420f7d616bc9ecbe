"""First in, first out, over locations, with nothing lost on the way."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import read
from optimizer.report.pegging import COLUMNS, Unfollowed, pegged, pegging
from tests.explain.tiny import PLAIN, Table, write

W0, W1, W2 = "2026-11-23", "2026-11-30", "2026-12-07"
NETWORK: Mapping[str, Table] = {
    "items": [{"item": "cog", **PLAIN}],
    "suppliers": [{"supplier": "near"}],
    "locations": [{"location": "a"}, {"location": "b"}],
    "sourcing": [{"item": "cog", "supplier": "near", "unit_cost": 10, "lead_time": 1}],
    "inventory": [{"item": "cog", "location": "a", "on_hand": 5}],
    "open_orders": [
        {"order": "PO", "arrival": W1, "item": "cog", "supplier": "near", "location": "a", "quantity": 4.1}
    ],
    "transfers": [{"item": "cog", "from_location": "a", "to_location": "b", "lead_time": 1}],
    "demand": [
        {"item": "cog", "customer": "one", "due": W0, "quantity": 2},
        {"item": "cog", "customer": "two", "due": W2, "quantity": 6.2},
    ],
}


def tables(quantity: float = 6.2) -> dict[str, pd.DataFrame]:
    """A plan by hand: 2 of 5 go to one; in w1 4.1 and 6 come and 7 leave for b, where two gets 6.2 of them in w2."""
    key = {
        "kind": "order",
        "demand_location": "",
        "reference": "",
        "delivered_item": "",
        "item": "cog",
        "periods_late": 0,
    }
    stock = [("a", W0, 5, 0, 0, 0, 3), ("a", W1, 3, 10.1, 0, 7, 6.1), ("b", W2, 0, 0, 7, 0, 0.8)]
    columns = ["location", "period", "opening", "receipts", "transfers_in", "transfers_out", "on_hand"]
    order = {
        "item": "cog",
        "supplier": "near",
        "location": "a",
        "order_period": W0,
        "arrival_period": W1,
        "quantity": 6.0,
    }
    move = {
        "item": "cog",
        "from_location": "a",
        "to_location": "b",
        "period": W1,
        "arrival_period": W2,
        "quantity": 7.0,
    }
    given = [("one", W0, "a", W0, 2.0), ("two", W2, "b", W2, quantity)]
    return {
        "inventory": pd.DataFrame(stock, columns=columns).assign(item="cog"),
        "purchase_orders": pd.DataFrame([order]),
        "transfers": pd.DataFrame([move]),
        "allocations": pd.DataFrame(
            [
                {**key, "customer": who, "due": due, "location": place, "delivery_period": when, "quantity": much}
                for who, due, place, when, much in given
            ]
        ),
    }


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return read(write(tmp_path_factory.mktemp("network") / "instance", NETWORK)).instance


def test_what_comes_in_goes_out(instance: Instance) -> None:
    pegs = pegging(tables(), instance, ["cog"])
    told = [(peg.receipt.kind, peg.location, peg.use.kind, peg.use.period, str(peg.quantity)) for peg in pegs]
    # In w1, 3 of the stock and 4 of the 10.1 that arrive (new orders are told first) leave for b.
    assert told == [
        ("opening stock", "a", "delivery", W0, "2.0"),
        ("opening stock", "b", "delivery", W2, "3.0"),
        ("order", "b", "delivery", W2, "3.2"),
        ("order", "a", "ending stock", "", "2.0"),
        ("open order", "a", "ending stock", "", "4.1"),
        ("order", "b", "ending stock", "", "0.8"),
    ]
    assert sum(peg.quantity for peg in pegs) == Decimal("15.1")  # 5 + 4.1 + 6


def test_tables_that_do_not_add_up_are_told(instance: Instance) -> None:
    with pytest.raises(Unfollowed, match="do not add up for cog at b"):
        pegging(tables(quantity=9.0), instance, ["cog"])


def test_all_of_them_as_a_table(instance: Instance) -> None:
    found = pegged(tables(), instance)
    assert list(found.columns) == [column.name for column in COLUMNS]
    assert found["quantity"].sum() == pytest.approx(15.1)
    (early,) = found[found["receipt"] == "open order"].to_dict("records")
    assert (early["supplier"], early["order"], early["ordered"], early["arrival"]) == ("near", "PO", "", W1)
    (served,) = found[(found["receipt"] == "order") & (found["use"] == "delivery")].to_dict("records")
    assert (served["supplier"], served["ordered"], served["customer"], served["period"]) == ("near", W0, "two", W2)
    assert pegged(tables(quantity=9.0), instance).empty  # an item that cannot be followed is left out
