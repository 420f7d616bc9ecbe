"""The campaigns: what they force agrees with what was stated, and they notice where it does not."""

from dataclasses import replace

import pytest

from optimizer import explain, planning
from tests.campaigns import explanations, marginal_values
from tests.solve.in_process import InProcess


def test_what_is_forced_costs_what_was_stated(capacity: explain.Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "Engine", InProcess)
    cases = list(explanations.campaign(capacity, 1, 1, 20.0, explanations.by_road))
    alone = list(explanations.campaign(capacity, 1, 1, 20.0, explanations.by_branch_and_bound))
    assert not any(case.wrong for case in (*cases, *alone))
    # cogs of vip a week later 50, of shop two weeks 30; nuts that are not there cannot be promised, whoever plans.
    assert [(case.kind, case.stated, case.forced) for case in cases] == [
        ("order", pytest.approx(80.0), pytest.approx(80.0)),
        ("promise", None, None),
    ]
    assert [case.forced for case in alone] == [pytest.approx(80.0), None]
    order = cases[0]
    assert order.forced is not None
    for changes, said in (
        ({"forced": order.forced + 0.01}, "another difference"),
        ({"exact": False, "low": order.forced + 1, "high": order.forced + 2}, "outside what was stated"),
        ({"improved": 1.0}, "the plan as it is saves another amount"),
        ({"forced": None}, "possible on one side only"),
    ):
        assert explanations.wrong(replace(order, **changes), 234.0) == said
    figures = explanations.summed([replace(order, wrong="not so"), *cases[1:]], 1, 1, 0.0)
    assert (figures["found"], figures["counts"]["stated exactly"]) == (1, 1)


def test_a_unit_more_saves_what_was_said(capacity: explain.Questions) -> None:
    found = [one for one in marginal_values.checks(capacity, 2, 20.0) if not isinstance(one, str)]
    # A cog more in w1 need not be bought, 10, and shop has it a week sooner, 3; so does a unit of capacity in w0.
    assert [(one.words, round(one.saves, 6), one.up_to) for one in found] == [
        ("cog in stock at main in 2026-11-30", 13.0, 10.0),
        ("supplier capacity of near in 2026-11-23", 3.0, 10.0),
    ]
    assert not any(one.wrong for one in found)
