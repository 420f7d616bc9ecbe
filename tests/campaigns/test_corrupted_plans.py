"""That the campaign of corrupted plans sees what is let pass; some of its cases run in test_small."""

import pytest

from tests.campaigns import corrupted_plans
from tests.campaigns.campaign import carried_out
from tests.campaigns.corrupted_plans import CAMPAIGN


def test_what_is_let_pass_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrupted_plans, "audit", lambda *_, **__: [])
    run = carried_out(CAMPAIGN, 3, 1)
    assert (len(run.found), run.counts["plans"]) == (3, 1)
    assert all(one["what"].startswith("by hand: ") for one in run.found)


def test_a_plan_that_is_not_clean_is_no_plan_to_corrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrupted_plans, "audit", lambda *_, **__: ["unit_cost"])
    run = carried_out(CAMPAIGN, 1, 1)
    assert [one["what"] for one in run.found] == ["ValueError: by hand: the plan is not clean: unit_cost"]
