"""The campaign over rules on customers and scarce stock, in small; and that it would tell."""

import random

import pytest

from optimizer.audit import Violation
from tests.campaigns import scarce_stock
from tests.campaigns.scarce_stock import RULES, campaign, made


def test_no_plan_is_refused_and_no_bounds_cross() -> None:
    result = campaign(6, 1)
    assert result.tried == 6 and result.wrong == []


@pytest.mark.slow
def test_many() -> None:
    result = campaign(150, 100)
    assert result.wrong == [] and result.contradictory < 30


def test_every_rule_has_its_turn() -> None:
    seen = set()
    for seed in range(40):
        tables, settings = made(random.Random(seed))
        seen |= {*tables, *settings, *(column for rows in tables.values() for row in rows for column in row)}
    wanted = {
        "fill_rates", "quotas", "reserved_stock", "fair_shares", "backorder_steps", "late_cost", "cancel_share",
        "complete", "one_delivery", "minimum_delivery", "minimum_shipment", "allocation", "policy",
    }  # fmt: skip
    assert wanted <= seen and len(RULES) == 10


def test_a_plan_that_its_audit_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.planning.audit", lambda *_, **__: [Violation(rule="x", file="y", message="wrong")])
    (told,) = campaign(1, 1).wrong
    assert told.startswith("1: AuditRefused")


def test_bounds_that_cross_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([(100.0, 99.0), (105.0, 101.0)])
    monkeypatch.setattr(scarce_stock, "_planned", lambda *_: next(told))
    monkeypatch.setattr(scarce_stock, "made", lambda _: ({}, {}))
    (wrong,) = campaign(1, 1).wrong
    assert "bounds cross" in wrong
