"""What a unit more is worth, and for how many."""

import pytest

from optimizer import explain


def test_a_unit_of_capacity(capacity: explain.Questions) -> None:
    # One more in w0 is there for shop in time: a week of waiting, 3; as much for each of its 10.
    (found,) = capacity.values(supplier="near")
    assert found.words == "supplier capacity of near in 2026-11-23"
    assert (found.limit, found.saves, found.up_to) == pytest.approx((10.0, 3.0, 10.0))


def test_a_unit_of_stock(capacity: explain.Questions) -> None:
    # A nut more now need not be bought, 1, and nobody waits for it, 1: two are missing. In w1 it is only not bought.
    found = {one.words: (one.saves, one.up_to) for one in capacity.values(item="nut")}
    assert found == {
        "nut in stock at main in 2026-11-23": pytest.approx((2.0, 2.0)),
        "nut in stock at main in 2026-11-30": pytest.approx((1.0, 2.0)),
    }


def test_a_period_less_of_lead_time(capacity: explain.Questions) -> None:
    # cogs from near at once: what is ordered in w0 comes in w0, 10 of vip wait for w1 and 10 of shop come in w1, too:
    # w0 10 held a week 10, w1 10 in time: no wait, 30 saved, 10 of holding more
    # nuts from other at once: nobody waits, 2 saved
    assert {one.words: one.saves for one in capacity.lead_times("cog")} == {
        "a week less from near": pytest.approx(20.0)
    }
    assert {one.words: one.saves for one in capacity.lead_times("nut")} == {
        "a week less from other": pytest.approx(2.0)
    }
