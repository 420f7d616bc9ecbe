"""The campaign of sweeps: what it measures, and that it notices a sweep that is stale."""

from pathlib import Path

import pytest

from tests.campaigns import sweeps
from tests.campaigns.campaign import Run, carried_out
from tests.reference.folder import write_instance
from tests.tune.breaking_even import tables


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The instance that breaks even at 1.25, as a folder."""
    folder = tmp_path / "even"
    write_instance(folder, tables(), {"name": "even", "start": "2026-11-23", "periods": 2})
    return folder


def ran(folder: Path) -> Run:
    words = ["--vary", "shortage_cost=0.5..2", "--steps", "7", "--gap", "0.01", "--in-process"]
    return carried_out(sweeps.CAMPAIGN, 3, 1, "--instance", str(folder), *words)


def test_what_it_measures(campaign: Path) -> None:
    run = ran(campaign)
    assert run.found == []
    assert (run.cases, run.figures["points"], run.figures["plans"]) == (3, 7, 2)
    assert run.counts["points_in_their_stated_gap"] == run.counts["points_where_the_sweep_is_no_dearer"] == 3
    assert run.figures["solves"] <= 5
    assert run.figures["largest_gap"] <= 0.01
    assert run.figures["cpu_sweep"] >= 0 < run.figures["sweep_by_all_separate"]
    assert run.figures["sweep_by_one_plan"] > 0 < run.figures["sweep_by_one_solve"]


def test_it_notices_a_plan_below_what_is_proven_and_a_bound_above_a_plan(
    campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_planned", lambda *_: ((1.0, 0.5), sweeps.Spent(1.0, 1.0)))
    assert {one["case"] for one in ran(campaign).found} == {1, 2, 3}
    monkeypatch.setattr(sweeps, "_planned", lambda *_: ((1e6, 1e6), sweeps.Spent(1.0, 1.0)))
    assert all("was proven" in one["what"] for one in ran(campaign).found)
