"""Collect: the documented plan of the quickstart, table by table; money adds up; fill rates by hand."""

import pandas as pd
import pytest

from optimizer.results.collect import COST_KEYS, Collected, asked, joined
from tests.results.quickstart import documented, documented_accounts, documented_orders, documented_stock

# What is asked in instances/quickstart, line by line: tyres, chains, grease.
ASKED = (4 + 20 + 6 + 14 + 10 + 8 + 6) + (12 + 15 + 30 + 20 + 25 + 20 + 25) + (5.5 + 4 + 3.5 + 6)


@pytest.fixture
def plan() -> Collected:
    return documented().collected


def test_orders_are_those_documented(plan: Collected) -> None:
    columns = ["order_period", "item", "supplier", "location", "quantity", "unit_cost", "value"]
    orders = plan.tables["purchase_orders"]
    found = sorted(tuple(row) for row in orders[columns].itertuples(index=False))
    assert found == sorted(documented_orders())
    # The first week is frozen: what leaves in the second is to be released now.
    released = orders.loc[orders["action"] == "release", "order_period"]
    assert set(released) == {"2026-11-30"}
    assert set(orders.loc[orders["action"] == "planned", "order_period"]) == {"2026-12-07", "2026-12-28"}


def test_orders_arrive_after_their_lead_time(plan: Collected) -> None:
    orders = plan.tables["purchase_orders"]
    weeks = (pd.to_datetime(orders["arrival_period"]) - pd.to_datetime(orders["order_period"])).dt.days // 7
    lead = {("orient", "chain", "south"): 2, ("acme", "grease", "north"): 0}  # all others: one week
    expected = [lead.get(key, 1) for key in orders[["supplier", "item", "location"]].itertuples(index=False, name=None)]
    assert weeks.tolist() == expected


def test_accounts_are_those_documented(plan: Collected) -> None:
    expected = documented_accounts()
    assert plan.accounts | {"": plan.objective} == pytest.approx(expected)


def test_costs_add_up_to_the_objective_and_to_the_other_tables(plan: Collected) -> None:
    costs, tables = plan.tables["costs"], plan.tables
    assert list(costs.columns) == ["account", *COST_KEYS, "amount"]
    assert costs["amount"].sum() == pytest.approx(plan.objective)
    by_account = costs.groupby("account")["amount"].sum().to_dict()
    assert by_account == pytest.approx({name: money for name, money in plan.accounts.items() if money})
    assert by_account["purchase"] == pytest.approx(tables["purchase_orders"]["value"].sum())
    assert by_account["backorder"] == pytest.approx(tables["allocations"]["backorder_cost"].sum())
    waiting_and_lost = by_account["backorder"] + by_account["shortage"]
    assert waiting_and_lost == pytest.approx(tables["backorders"]["cost"].sum())


def test_every_amount_names_what_it_is_for(plan: Collected) -> None:
    costs = plan.tables["costs"]
    filled = {
        account: {key for key in COST_KEYS if (rows[key] != "").all()} for account, rows in costs.groupby("account")
    }
    assert filled["holding"] == {"item", "location", "period"}
    assert filled["purchase"] == {"item", "supplier", "location", "period"}
    assert filled["shortage"] == {"item", "customer", "period"}
    assert filled["backorder"] == {"item", "customer", "location", "period"}
    assert filled["overtime"] == {"supplier", "period"}


def test_stock_is_as_documented(plan: Collected) -> None:
    # Item by item: which of the two locations keeps a tyre costs the same.
    weeks = documented().source.instance.calendar.first_days()[:-1].astype(str)
    found = plan.tables["inventory"].pivot_table("on_hand", "item", "period", "sum", fill_value=0.0)
    expected = pd.DataFrame(documented_stock(), index=weeks).T.groupby(level=0).sum()
    pd.testing.assert_frame_equal(found.reindex(columns=weeks), expected, check_names=False)


def test_stock_carries_over(plan: Collected) -> None:
    rows = plan.tables["inventory"]
    moved = rows["receipts"] + rows["transfers_in"] - rows["transfers_out"] - rows["delivered"]
    assert (rows["opening"] + moved - rows["on_hand"]).abs().max() < 1e-9
    delivered = plan.tables["allocations"].groupby("item")["quantity"].sum()
    assert rows.groupby("item")["delivered"].sum().to_dict() == pytest.approx(delivered.to_dict())


def test_late_and_short_lines_are_those_documented(plan: Collected) -> None:
    columns = ["quantity", "late_quantity", "short_quantity", "promise", "cost"]
    rows = plan.tables["backorders"][["reference", *columns]].itertuples(index=False, name=None)
    shown = {reference: figures for reference, *figures in rows}
    # SO-2210 is due in the week before the first: four late, promised by the Sunday of the week of 7 December.
    assert shown["SO-2210"] == [4, 4, 0, "2026-12-13", 32]
    assert shown["SO-2231"] == [20, 6, 4, "2026-12-06", 212]  # 6 * 2 waiting + 4 * 50 lost
    assert shown["SO-2233"] == [15, 10, 0, "2026-12-13", 10]
    assert len(shown) == 3


def test_a_demand_line_is_named_as_the_planner_named_it(plan: Collected) -> None:
    rows = plan.tables["allocations"]
    columns = ["item", "customer", "due", "kind", "demand_location", "periods_late"]
    (row,) = rows.loc[rows["reference"] == "SO-2210", columns].itertuples(index=False, name=None)
    assert row == ("tyre", "workshop", "2026-11-16", "order", "", 3)


def test_fill_rates_by_hand(plan: Collected) -> None:
    total = asked(documented().book)
    assert total == ASKED == 234
    # 4 tyres are lost; 4 + 6 tyres and 10 chains are late.
    assert plan.fill_rates(total) == pytest.approx(((234 - 4 - 20) / 234, (234 - 4) / 234))
    assert plan.fill_rates(0) == (1.0, 1.0)


def test_controllable_is_all_but_what_is_bought(plan: Collected) -> None:
    assert plan.controllable() == pytest.approx(2192.39 - 1767)


def test_two_parts_may_fill_one_table() -> None:
    first = pd.DataFrame({"item": ["A", "B"], "late": [1.0, 2.0]})
    second = pd.DataFrame({"item": ["C", "A"], "late": [5.0, 9.0], "why": ["lost", "slow"]})
    rows = joined(first, second, ["item"])
    # The first part's 1 stands; B has no reason; C follows.
    assert rows.columns.tolist() == ["item", "late", "why"]
    assert rows["item"].tolist() == ["A", "B", "C"] and rows["late"].tolist() == [1.0, 2.0, 5.0]
    assert rows["why"].tolist()[0] == "slow" and pd.isna(rows["why"][1]) and rows["why"].tolist()[2] == "lost"
