"""A campaign that finds liars; a few instances run with those of the other campaigns."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns.campaign import Run, carried_out, on_instances
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.small_instances import CAMPAIGN, Claim, Engine, compared
from tests.reference.contract import read_contract
from tests.reference.folder import read_tables
from tests.reference.plain_model import solve
from tests.reference.random_instances import random_instance


def carried_out_with(engine: Engine, count: int, seed: int, keep: Path | None = None) -> Run:
    """The campaign of tiny instances, with another engine."""

    def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
        return compared(drawn, run, engine)

    tiny = replace(CAMPAIGN, case=on_instances(lambda number: Drawn(*random_instance(number, "tiny")), check))
    return carried_out(tiny, count, seed, keep=keep)


def honest(folder: Path, out: Path, time_limit: float) -> Claim:
    """The plain model in the engine's place."""
    settings = tomllib.loads((folder / "instance.toml").read_text(encoding="utf-8"))
    contract = read_contract(read_tables(folder), settings)
    found = solve(contract, time_limit=time_limit)
    orders = {
        (*key[:3], contract.calendar.first_day(key[3]).isoformat()): quantity for key, quantity in found.orders.items()
    }
    return Claim(found.status, found.objective, found.bound, orders)


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


def broken(folder: Path, out: Path, time_limit: float) -> Claim:
    raise ZeroDivisionError("no plan")


def test_an_honest_engine_passes() -> None:
    run = carried_out_with(honest, 4, 1000)
    assert run.found == [] and run.counts["enumerated"] >= 2


@pytest.mark.parametrize(
    ("liar", "complaint"),
    [
        (too_cheap, "none costs less"),
        (bound_too_high, "has a plan at"),
        (not_the_best, "the optimum of the engine is"),
        (orders_of_its_own, "does not allow"),
        (broken, "ZeroDivisionError: no plan"),
    ],
)
def test_a_liar_is_found_every_time(liar: Engine, complaint: str, tmp_path: Path) -> None:
    run = carried_out_with(liar, 3, 1019, tmp_path)
    for number in range(1019, 1022):
        mine = [one["what"] for one in run.found if one["case"] == number]
        assert any(complaint in text for text in mine), number
        assert (tmp_path / f"small_instances-{number}" / "case.toml").exists()
