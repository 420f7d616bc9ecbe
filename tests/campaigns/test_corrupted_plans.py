"""A few cases of the campaign of corrupted plans, and that it sees what is let pass."""

import pytest

from tests.campaigns import corrupted_plans
from tests.campaigns.corrupted_plans import campaign


def test_random_corruptions_are_refused() -> None:
    figures = campaign(50, seed=1, each=10)
    assert (figures.corrupted.total(), figures.missed) == (50, [])
    assert figures.outcomes["plans"] == 5
    assert len(figures.corrupted) > 5 and len(figures.rules) > 5


def test_what_is_let_pass_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrupted_plans, "audit", lambda *_, **__: [])
    figures = campaign(3, seed=1)
    assert len(figures.missed) == 3
    assert all(text.startswith("by hand: ") for text in figures.missed)


def test_a_plan_that_is_not_clean_is_no_plan_to_corrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrupted_plans, "audit", lambda *_, **__: ["unit_cost"])
    with pytest.raises(ValueError, match="by hand: the plan is not clean: unit_cost"):
        campaign(1, seed=1)
