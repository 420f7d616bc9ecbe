"""Plans of an item that are nearly as good, by hand: what COGS (tiny.py) could do otherwise with cogs."""

import pandas as pd
import pytest

from optimizer import explain
from optimizer.explain.near import nearly_as_good


def test_fewer_orders_and_fewer_suppliers(cogs: explain.Questions) -> None:
    # Goods for 260 are the item's cost. One order of 30: far in w0, 240 + 15, 10 a week late 50, 20 held a week 20,
    # instead of 260 + 15: 50 more. One supplier: the 20 from near in w3, 200 + 5 instead of 160 + 15: 30 more.
    found = cogs.near("cog", within=0.2)
    told = [(one.name, one.before, one.after, one.proven, round(one.costs, 6)) for one in found]
    assert told == [("fewest orders", 2.0, 1.0, True, 50.0), ("fewest suppliers", 2.0, 1.0, True, 30.0)]
    assert found[0].allowed == pytest.approx(52.0)
    assert {(one.order, one.before, one.after) for one in found[1].orders} == {
        ("cog,near,main,2026-12-14", 0, 20),
        ("cog,far,main,2026-11-30", 20, 0),
    }
    assert [one.name for one in cogs.near("cog", within=0.15)] == ["fewest suppliers"]  # 39 are less than 50
    assert cogs.near("cog", within=0.0) == []


def test_as_little_change_as_possible(cogs: explain.Questions) -> None:
    earlier = pd.DataFrame(
        [("cog", "near", "main", "2026-11-30", 10.0), ("cog", "near", "main", "2026-12-14", 20.0)],
        columns=["item", "supplier", "location", "order_period", "quantity"],
    )
    # The plan has 20 less from near, 200, and 20 more from far, 160: 360 otherwise. near again, for 30 more.
    (*_, least) = nearly_as_good(cogs.standing, "cog", 0.12, earlier)
    assert least.name == "least change"
    assert [least.before, least.after, least.costs] == pytest.approx([360.0, 0.0, 30.0])


def test_an_order_says_which_alternatives_are_nearly_as_good(cogs: explain.Questions) -> None:
    answer = cogs.order("cog,near,2026-11-30")
    assert answer.allowed == pytest.approx(1.3)  # half a per cent of 260: none of them costs so little
    assert answer.nearly == []
