"""A few instances of the campaign on every run, and a campaign that finds liars; the long campaign is a command."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns.small_instances import Claim, Engine, campaign
from tests.reference.contract import read_contract
from tests.reference.folder import read_tables
from tests.reference.plain_model import solve


def test_the_engine_agrees_with_the_reference() -> None:
    figures = campaign(count=6, seed=1000, sizes=("tiny", "small"), time_limit=300)
    assert figures.contradictions == []
    assert figures.counts["instances"] == 6
    assert figures.counts["enumerated"] >= 2


def honest(folder: Path, out: Path, time_limit: float) -> Claim:
    """The plain model in the engine's place."""
    settings = tomllib.loads((folder / "instance.toml").read_text(encoding="utf-8"))
    contract = read_contract(read_tables(folder), settings)
    found = solve(contract, time_limit=time_limit)
    orders = {
        (*key[:3], contract.calendar.first_day(key[3]).isoformat()): quantity for key, quantity in found.orders.items()
    }
    return Claim(found.status, found.objective, found.bound, orders, [])


def too_cheap(folder: Path, out: Path, time_limit: float) -> Claim:
    claim = honest(folder, out, time_limit)
    return replace(claim, objective=claim.objective - 0.01, bound=claim.bound - 0.01)


def bound_too_high(folder: Path, out: Path, time_limit: float) -> Claim:
    claim = honest(folder, out, time_limit)
    return replace(claim, status="feasible", objective=claim.objective + 5, bound=claim.bound + 1)


def not_the_best(folder: Path, out: Path, time_limit: float) -> Claim:
    claim = honest(folder, out, time_limit)
    return replace(claim, objective=claim.objective + 0.01)


def orders_of_its_own(folder: Path, out: Path, time_limit: float) -> Claim:
    claim = honest(folder, out, time_limit)
    tables = read_tables(folder)
    day = min(period for *_, period in claim.orders) if claim.orders else "2026-01-05"
    item, supplier = tables["sourcing"]["item"][0], "nobody"
    return replace(claim, orders=claim.orders | {(item, supplier, tables["inventory"]["location"][0], day): 1.0})


def audited_badly(folder: Path, out: Path, time_limit: float) -> Claim:
    return replace(honest(folder, out, time_limit), violations=["balance"])


def broken(folder: Path, out: Path, time_limit: float) -> Claim:
    raise ZeroDivisionError("no plan")


def test_an_honest_engine_passes() -> None:
    assert campaign(4, 1000, ("tiny",), engine=honest).contradictions == []


@pytest.mark.parametrize(
    ("liar", "complaint"),
    [
        (too_cheap, "none costs less"),
        (bound_too_high, "has a plan at"),
        (not_the_best, "the optimum of the engine is"),
        (orders_of_its_own, "does not allow"),
        (audited_badly, "audit: balance"),
        (broken, "broke off: ZeroDivisionError"),
    ],
)
def test_a_liar_is_found_every_time(liar: Engine, complaint: str, tmp_path: Path) -> None:
    figures = campaign(3, 1019, ("tiny",), keep=tmp_path, engine=liar)
    for number in range(1019, 1022):
        mine = [row["contradiction"] for row in figures.contradictions if row["instance"] == f"tiny-{number}"]
        assert any(complaint in text for text in mine), number
        assert (tmp_path / f"tiny-{number}" / "instance.toml").exists()
