"""An order explained: what it covers, which rules bind, what else could be done at what cost."""

import pytest

from optimizer import explain, planning
from optimizer.explain.show import shown
from optimizer.read.changed import with_rows
from tests.solve.in_process import InProcess


def test_the_plan_stands_as_it_was_published(cogs: explain.Questions) -> None:
    assert cogs.standing.point.cost == pytest.approx(304.8)  # tiny.py
    assert cogs.notes == []


def test_alternatives_cost_what_they_do_by_hand(cogs: explain.Questions) -> None:
    answer = cogs.order("cog,near,2026-11-30")
    costs = {one.name: one.difference.cost for one in answer.choices if one.difference}
    # earlier: both orders to near a week earlier: 10 cogs a week longer in stock 10, 12 pins 1.2
    # later:   that, and the 10 of near in w2 are for the fair: 2 dearer each, a week in stock 10, another order 5
    # far, w0: that, and the 20 for the fair come from far a week earlier: 20
    # without: the cheapest of all
    assert costs == pytest.approx({"without": 11.2, "earlier": 11.2, "later": 46.2, "from another": 31.2})
    assert all(one.difference.exact for one in answer.choices if one.difference)
    assert answer.next_best is not None
    assert answer.next_best.difference is not None
    assert answer.next_best.difference.by_account == pytest.approx({"holding": 11.2})
    assert {(one.order, one.before, one.after) for one in answer.next_best.orders} == {
        ("cog,near,main,2026-11-30", 10, 0),
        ("cog,near,main,2026-11-23", 0, 10),
        ("pin,near,main,2026-11-30", 12, 0),
        ("pin,near,main,2026-11-23", 0, 12),
    }
    assert answer.improvement == 0.0


def test_another_quantity_and_other_suppliers_on_demand(cogs: explain.Questions) -> None:
    answer = cogs.order("cog,near,2026-11-30", ["quantity=15", "supplier=far,period=2026-11-23"])
    # 5 more at 10 that wait for w4 in w2 and w3: 10; 5 fewer at 8 from far: 50 + 10 - 40 = 20
    assert [one.difference.cost for one in answer.choices if one.difference] == pytest.approx([20.0, 31.2])
    with pytest.raises(explain.Unexplained, match="more than can be ordered"):
        cogs.order("cog,near,2026-11-30", ["quantity=1000"])
    with pytest.raises(explain.Unexplained, match="write none"):
        cogs.order("cog,near,2026-11-30", ["colour=blue"])


def test_forcing_what_is_stated_costs_what_is_stated(cogs: explain.Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    # The metamorphic relation: the rows told, put into `overrides`, and all planned anew to optimality.
    monkeypatch.setattr(planning, "Engine", InProcess)
    answer = cogs.order("cog,far,2026-11-30")
    for one in answer.choices:
        assert one.difference is not None
        forced = planning.plan(with_rows(cogs.standing.source, "overrides", list(one.overrides)))
        assert forced.objective == pytest.approx(304.8 + one.difference.cost), one.name


def test_what_an_order_covers_adds_up(cogs: explain.Questions) -> None:
    answer = cogs.order("pin,near,2026-11-30")
    assert [(peg.use.kind, float(peg.quantity)) for peg in answer.covers] == [("delivery", 10), ("ending stock", 2)]
    # A pin less would save its price and 4 weeks of holding: 2 + 0.4; packs hold it.
    assert answer.rules is not None
    (packs,) = (one for one in answer.rules if one.named.rule == "whole_packs")
    assert (packs.limit, packs.saves) == pytest.approx((12.0, 2.4))
    assert packs.named.words == "whole packs of pin, near, main in 2026-11-30"


def test_rules_that_were_not_found_in_time_are_not_said_to_be_none(
    cogs: explain.Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late:
        x = None

        def __init__(self, *_: object) -> None: ...

    monkeypatch.setattr("optimizer.explain.binding.Priced", Late)
    answer = cogs.order("pin,near,2026-11-30", ["none"])
    assert answer.rules is None
    assert "Which rules bind was not found in time." in [str(part) for part in shown("order", answer)]


def test_why_there_is_no_order(cogs: explain.Questions) -> None:
    answer = cogs.order("pin,near,2026-11-23")
    assert (answer.quantity, answer.covers, answer.rules) == (0.0, [], ())
    # A pack of 6 a week earlier instead of one of the two packs (0.6 holding), and another order to near: 5.
    assert answer.next_best is not None
    assert answer.next_best.difference is not None
    assert answer.next_best.difference.cost == pytest.approx(5.6)


def test_what_is_not_there_is_told(cogs: explain.Questions) -> None:
    for text, said in (
        ("cog,near,2027-12-01", "outside the horizon"),
        ("cog,nobody,2026-11-30", "no supplier 'nobody'"),
        ("cog,far,2026-12-28", "Orders of cog: cog,near,main,2026-11-30"),
        ("cog,far", "write ITEM,SUPPLIER"),
        ("cog,far,soon", "no date"),
    ):
        with pytest.raises(explain.Unexplained, match=said):
            cogs.order(text)
