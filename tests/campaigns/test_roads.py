"""The campaign of both roads: what its instances are, and that it finds liars; a few run with the other campaigns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.crossroads import chosen_road
from optimizer.read import Input, read
from tests.campaigns.campaign import Run, carried_out, on_instances
from tests.campaigns.drawn.rule import Drawn
from tests.campaigns.pure_instances import pure_instance
from tests.campaigns.roads import CAMPAIGN, PLANS, Claim, Road, as_a_whole, by_lots, compared
from tests.reference.folder import write_instance


def carried_out_with(lot_by_lot: Road, count: int, seed: int, keep: Path | None = None) -> Run:
    """The campaign of odd instances, with another road."""

    def check(drawn: Drawn, number: int, run: Run) -> Iterator[str]:
        return compared(drawn, run, lot_by_lot, as_a_whole)

    odd = replace(CAMPAIGN, case=on_instances(lambda number: Drawn(*pure_instance(number, "odd")), check))
    return carried_out(odd, count, seed, keep=keep)


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
    run = carried_out_with(cheap, 2, 1000)
    assert run.found == [] and run.figures["optimum known"] == 2
    assert run.figures[PLANS]["median"] > 100


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
    run = carried_out_with(liar, 1, 1002, tmp_path)
    assert any(complaint in one["what"] for one in run.found)
    assert (tmp_path / "roads-1002" / "instance.toml").exists()


def test_fewer_lots_than_usual_are_enough(tmp_path: Path) -> None:
    write_instance(tmp_path / "i", *pure_instance(13, "crowded"))
    claim = by_lots(read(tmp_path / "i"), tmp_path / "plan", 0.5)
    assert (claim.road, claim.violations) == ("decomposed", [])
    assert -float("inf") < claim.bound <= claim.objective
