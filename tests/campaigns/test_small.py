"""Every campaign, small: nothing is found. That campaigns find what is wrong is shown by tests of their own."""

from importlib import import_module

import pytest

from tests.campaigns.campaign import Campaign, carried_out
from tests.campaigns.scoreboard import framed

APART = {"coverage", "mutants"}  # which run tests, and are tried on a small tree by tests of their own


@pytest.mark.parametrize("name", [name for name in framed() if name not in APART])
def test_nothing_is_found(name: str) -> None:
    campaign: Campaign = import_module(f"tests.campaigns.{name}").CAMPAIGN
    assert campaign.name == name
    run = carried_out(campaign, campaign.small, campaign.first, *campaign.words)
    assert run.found == []
    assert run.cases == campaign.small
