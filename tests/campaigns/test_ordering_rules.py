"""The campaign over rules of ordering: a few instances without a contradiction; where there is one it is found."""

from unittest.mock import patch

from tests.campaigns import ordering_rules
from tests.campaigns.ordering_rules import RULES, campaign


def test_a_few_instances_contradict_nothing() -> None:
    figures = campaign(5, 100, "tiny")
    assert figures["contradictions"] == []
    assert set(figures["rules"]) == set(RULES)


def test_another_optimum_is_a_contradiction() -> None:
    costs = iter(range(100, 1000, 7))
    with patch.object(ordering_rules, "cheapest", lambda made, chosen: float(next(costs))):
        found = [one["contradiction"] for one in campaign(1, 100, "tiny")["contradictions"]]
    assert any("tight" in text for text in found) and any("of the plan" in text for text in found)
    assert any("relaxed" in text for text in found)
