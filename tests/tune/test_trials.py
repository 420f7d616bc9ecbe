"""Trials: what is found in one serves the others; what is no penalty alone is refused."""

import pytest

from optimizer import crossroads
from optimizer.tune import trials as module
from optimizer.tune.refused import TuneRefused
from tests.tune.breaking_even import instance, tables, trials


def test_a_stale_plan_is_not_taken_for_the_best() -> None:
    one = trials(instance(), "shortage_cost")
    first = one.solve((1.0,), 1e-5, 60.0)  # not ordering: 40
    second = one.solve((2.0,), 1e-5, 60.0)  # it would cost 80; ordering costs 50
    assert one.cost(first.priced, first.best) == pytest.approx(40)
    assert one.cost(second.priced, second.best) == pytest.approx(50)
    assert second.bound == pytest.approx(50, rel=1e-4)


def test_what_is_known_needs_no_search() -> None:
    one = trials(instance(), "shortage_cost")
    one.solve((1.5,), 1e-5, 60.0)  # 50, and no shortage
    higher = one.solve((3.0,), 1e-4, 60.0)  # nothing costs less there, and that plan costs 50 there too
    assert higher.how == "known"
    assert one.solves == 1
    assert one.solve((3.0,), 1e-4, 60.0) is higher
    plan = one.plan(higher)
    assert plan.objective == pytest.approx(50)
    assert plan.bound == pytest.approx(50, rel=1e-4)


def test_later_plans_serve_earlier_trials() -> None:
    one = trials(instance(), "shortage_cost")
    first = one.solve((1.0,), 1.0, 60.0)
    one.plans.append(one.plans[first.best] * 0)  # nothing at all, as if it were a plan: it costs nothing
    one.settle()
    assert first.best == 1


@pytest.mark.parametrize("small", [True, False])
def test_large_programs_are_searched_as_plans_are(small: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMALL", "LIVE"):
        monkeypatch.setattr(module, name, 1000 if small else 0)
    one = trials(instance(), "shortage_cost")
    costs = []
    for factor in (1.0, 2.0):
        trial = one.solve((factor,), 1e-5, 60.0)
        costs.append(one.cost(trial.priced, trial.best))
        assert trial.how == ("live" if small else "search")
    assert costs == pytest.approx([40, 50])


def test_lots_are_proven_at_the_prices_of_another_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossroads, "DECOMPOSED", 1)
    one = trials(instance(), "shortage_cost")
    first = one.solve((1.0,), 1e-5, 60.0)
    lower = one.solve((0.5,), 1e-5, 60.0)
    # Not ordering costs 40, then 20: what was proven at 1 says nothing of 0.5, the prices found at 1 do.
    assert (first.how, lower.how, one.solves) == ("search", "known", 1)
    assert lower.bound == pytest.approx(20, rel=1e-4)
    higher = one.solve((2.0,), 1e-5, 60.0)  # at 80 the old plan is not the best, whatever the prices
    assert higher.how == "search"
    assert one.cost(higher.priced, higher.best) == pytest.approx(50)


def test_what_changes_more_than_costs_is_refused() -> None:
    # A minimum order value is money, but what is possible changes with it.
    suppliers = {**tables()["suppliers"], "minimum_order_value": ["10"]}
    one = trials(instance(suppliers=suppliers), "suppliers.minimum_order_value")
    one.solve((1.0,), 1e-5, 60.0)
    with pytest.raises(TuneRefused, match="not only what it costs"):
        one.solve((2.0,), 1e-5, 60.0)
