"""Waiting: slack and its cost, by hand.

Item A at main, five weeks: 12 on hand, 10 asked in week 1 (waiting 3 a week, shortage 100) by C, 6 in week 3 by D
(2 and 7; may wait 0 weeks) and 4 in week 3 by C; a receipt of 8 arrives in week 3.

    on hand   12   2   2   0   0
"""

import pandas as pd
import pytest

from models.instance import Instance
from optimizer.results.waiting import Waits, waits
from tests.models.solved import PLAIN, instance

LINE = ["item", "customer", "due", "kind", "demand_location", "reference"]
WEEKS = ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21"]


def made(kind: str = "week", **more: object) -> Instance:
    return instance(
        periods=5,
        kind=kind,  # type: ignore[arg-type]
        items=[PLAIN],
        customers=[{"customer": "C"}, {"customer": "D"}],
        inventory=[{"on_hand": 12}],
        demand=[
            {"due": 1, "quantity": 10},
            {"customer": "D", "due": 3, "quantity": 6, "backorder_cost": 2, "shortage_cost": 7, "max_delay": 0},
            {"due": 3, "quantity": 4},
        ],
        **more,  # type: ignore[arg-type]
    )


def tables(instance: Instance) -> dict[str, pd.DataFrame]:
    days = [str(day) for day in instance.calendar.first_days()]
    due = instance["demand"].text("due").tolist()
    lines = [("C", 0, 1, 10.0), ("D", 1, 3, 6.0), ("C", 2, 3, 4.0)]
    return {
        "inventory": pd.DataFrame(
            {"item": "A", "location": "main", "period": days[:4], "on_hand": [12.0, 2.0, 2.0, 0.0]}
        ),
        "allocations": pd.DataFrame(
            [("A", who, due[k], "order", "", "", "main", days[t], quantity) for who, k, t, quantity in lines],
            columns=[*LINE, "location", "delivery_period", "quantity"],
        ),
    }


def waited(instance: Instance, *receipts: tuple[int, float], plan: dict[str, pd.DataFrame] | None = None) -> Waits:
    frame = pd.DataFrame(receipts, columns=["period", "quantity"]).assign(item="A", location="main")
    return waits(instance, plan or tables(instance), frame)


def test_what_waits_is_what_costs_least() -> None:
    # Of the 10 of week 3, 8 lack: C's 4 wait a week for 3 each, and 4 of D's 6, which may not wait, are short at 7.
    found = waited(made(), (3, 8.0))
    assert (found.slack[0], found.missing[0], found.cost[0]) == (0, 8.0, 4 * 3 + 4 * 7)
    assert found.customers == [["C", "D"]]


def test_slack_is_how_long_the_stock_lasts() -> None:
    # 2 are on hand to the end of week 2: 2 that arrive in week 0 can wait three weeks, and 1.5 as long; 5 only one.
    found = waited(made(), (0, 2.0), (0, 1.5), (0, 5.0))
    assert found.slack.tolist() == [3, 3, 1]
    assert found.missing.tolist() == found.cost.tolist() == [0.0, 0.0, 0.0]


def test_what_no_delivery_needs_has_no_date() -> None:
    plan = tables(made())
    plan["inventory"]["on_hand"] += 9.0
    last = pd.DataFrame({"item": ["A"], "location": ["main"], "period": [WEEKS[4]], "on_hand": [9.0]})
    plan["inventory"] = pd.concat([plan["inventory"], last])
    found = waited(made(), (3, 8.0), plan=plan)
    assert (found.slack[0], found.cost[0]) == (-1, 0.0)


def test_what_comes_after_the_horizon_is_short() -> None:
    # In the last week nothing can wait: 4 delivered then cost 100 each, less nothing that they would have waited.
    source, plan = made(), tables(made())
    plan["allocations"].loc[2, "delivery_period"] = WEEKS[4]
    plan["allocations"].loc[2, "due"] = source["demand"].text("due")[2]
    # D's 6 are delivered in week 3 from 6 of the 8; C's 4 in week 4 have waited a week already: 100 - 3 each.
    plan["inventory"]["on_hand"] = [12.0, 2.0, 2.0, 4.0]
    assert waited(source, (4, 4.0), plan=plan).cost[0] == pytest.approx(4 * (100 - 3))


def test_a_week_is_seven_days() -> None:
    # Days: what lacks on day 3 waits until day 10, after the horizon: all of C's at 100, cheapest first D's at 7.
    found = waited(made("day"), (3, 8.0))
    assert (found.missing[0], found.cost[0]) == (8.0, 6 * 7 + 2 * 100)


def test_on_a_lane_it_leaves_earlier() -> None:
    # C's 4 are delivered in week 4, a week after they left. A week later they would come after the horizon.
    source = made(lanes=[{"customer": "C", "lead_time": 1}])
    plan = tables(source)
    plan["allocations"] = plan["allocations"].iloc[[2]].assign(delivery_period=WEEKS[4])
    assert waited(source, (3, 4.0), plan=plan).cost[0] == pytest.approx(4 * (100 - 3))


def test_nothing_to_wait_for() -> None:
    assert waited(made()).customers == []


def test_a_substitute_counts_by_what_leaves() -> None:
    # 2 of B for each of C's 4 A of week 3: of 8 that leave, 6 lack, by which 3 A wait a week at 3.
    source = made(substitutes=[{"substitute": "B", "ratio": 2}])
    plan = tables(source)
    plan["inventory"]["item"] = "B"
    plan["allocations"] = plan["allocations"].iloc[[2]].assign(delivered_item="B")
    frame = pd.DataFrame({"period": [3], "quantity": [6.0], "item": ["B"], "location": ["main"]})
    found = waits(source, plan, frame)
    assert (found.missing[0], found.cost[0]) == (6.0, 3 * 3)


def test_lines_have_the_weights_and_windows_of_the_plan() -> None:
    # Offered a discount, D waits a week: what lacks of the 10 of week 3 are 6 of D's at 2, and 2 of C's at 3.
    offer = {"customer": "D", "periods": 1, "discount": 0.5}
    assert waited(made(waiting_discounts=[offer]), (3, 8.0)).cost[0] == 6 * 2 + 2 * 3
