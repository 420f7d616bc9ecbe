"""What rules cost, by supplier."""

import pytest

from optimizer import explain


def test_packs_cost_what_is_left_of_them(cogs: explain.Questions) -> None:
    # 2 pins at 2 that nobody wants, four weeks in stock at 0.1; the minimum, which is a pack, costs nothing more.
    found = {(one.rule, one.supplier): one for one in cogs.rules()}
    packs = found.pop(("whole_packs", "near"))
    assert (packs.saves, packs.bought) == pytest.approx((4.8, 124.0))
    assert packs.exact
    assert packs.break_even == pytest.approx(4.8 / 124)
    assert list(found) == [("minimum_order", "near")]
    assert found["minimum_order", "near"].saves == pytest.approx(0.0)


def test_only_one_supplier(capacity: explain.Questions) -> None:
    assert {one.supplier for one in capacity.rules(supplier="near")} == {"near"}
    with pytest.raises(explain.Unexplained, match="no supplier 'nobody'"):
        capacity.rules(supplier="nobody")
