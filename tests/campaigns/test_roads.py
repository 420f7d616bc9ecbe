"""A few instances of the campaign of both roads on every run, and a campaign that finds liars."""

from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.read import Input, read
from optimizer.roads import chosen_road
from tests.campaigns.pure_instances import pure_instance
from tests.campaigns.roads import Claim, Road, as_a_whole, by_lots, campaign
from tests.reference.folder import write_instance


def test_both_roads_agree() -> None:
    figures = campaign(count=4, seed=1000, seconds=0.5, whole_seconds=3)
    assert figures.contradictions == []
    assert figures.counts["instances"] == 4
    assert figures.counts["with orders"] >= 3
    assert figures.plans  # the small ones are proven as a whole in a second


def test_lots_and_gates_are_all_of_the_instances(tmp_path: Path) -> None:
    gates = {"gate_cost": 0, "gate_floor": 0, "gate_capacity": 0, "gate_ceiling": 0}
    locations = 0
    for number in range(20):
        folder = tmp_path / str(number)
        write_instance(folder, *pure_instance(number, "odd" if number % 2 else "crowded"))
        source = read(folder)
        lots = chosen_road("auto", source.instance, 0).lots
        assert lots is not None
        for name in gates:
            gates[name] += bool((getattr(lots, name) > 0).any() and (getattr(lots, name) < float("inf")).any())
        locations += len(source.instance.labels["location"]) > 1
    assert min(gates.values()) >= 2
    assert locations >= 2


def cheap(source: Input, out: Path, seconds: float) -> Claim:
    """A road that proves nothing and whose plan is dear: honest."""
    return Claim("decomposed", "feasible", 1e9, -1e9, 0, [])


def test_an_honest_road_passes() -> None:
    figures = campaign(2, 1000, ("odd",), lot_by_lot=cheap)
    assert figures.contradictions == []
    assert min(figures.plans) > 1


def too_cheap(source: Input, out: Path, seconds: float) -> Claim:
    whole = as_a_whole(source, out, 10)
    return replace(whole, road="decomposed", objective=whole.bound - 1, bound=whole.bound - 2)


def bound_too_high(source: Input, out: Path, seconds: float) -> Claim:
    whole = as_a_whole(source, out, 10)
    return replace(whole, road="decomposed", objective=whole.objective + 5, bound=whole.objective + 1)


def audited_badly(source: Input, out: Path, seconds: float) -> Claim:
    return replace(cheap(source, out, seconds), violations=["balance"])


def broken(source: Input, out: Path, seconds: float) -> Claim:
    raise ZeroDivisionError("no plan")


@pytest.mark.parametrize(
    ("liar", "complaint"),
    [
        (too_cheap, "the bound of the whole is"),
        (bound_too_high, "the bound of lot by lot is"),
        (audited_badly, "audit of lot by lot: balance"),
        (broken, "lot by lot broke off: ZeroDivisionError"),
        (as_a_whole, "the roads were whole and whole"),
    ],
)
def test_a_liar_is_found(liar: Road, complaint: str, tmp_path: Path) -> None:
    figures = campaign(1, 1002, ("odd",), keep=tmp_path, lot_by_lot=liar)
    assert any(complaint in row["contradiction"] for row in figures.contradictions)
    assert (tmp_path / "odd-1002" / "instance.toml").exists()


def test_fewer_lots_than_usual_are_enough(tmp_path: Path) -> None:
    write_instance(tmp_path / "i", *pure_instance(13, "crowded"))
    claim = by_lots(read(tmp_path / "i"), tmp_path / "plan", 0.5)
    assert (claim.road, claim.violations) == ("decomposed", [])
    assert -float("inf") < claim.bound <= claim.objective
