"""Roads: each leads to audited plans, and what fails on the way is told."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import family
from optimizer import crossroads, planning, roads
from optimizer.compile import Compiled
from optimizer.crossroads import chosen_road
from optimizer.decompose.compose import Deliveries
from optimizer.planning import plan
from optimizer.read import Input, read
from optimizer.read.what_if import applied, parsed
from optimizer.results.plan import Plan
from optimizer.solve.engine import Outcome
from optimizer.solve.events import Progress
from optimizer.solve.highs import SolverError
from optimizer.solve.lexicographic import searched
from optimizer.write import AuditRefused
from tests.solve.in_process import InProcess

DAYS = ("2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search in this process."""
    monkeypatch.setattr(planning, "Engine", InProcess)


@pytest.fixture(scope="module")
def by_one_thread(twenty: Input) -> Plan:
    """Their plan lot by lot, made in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossroads, "DECOMPOSED", 1)
        patch.setattr(planning, "Engine", InProcess)
        return plan(twenty, gap=0.15, time_limit=100, threads=1)


def test_what_lots_do_not_hold_begins_from_their_plan(twenty: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossroads, "DECOMPOSED", 1)
    monkeypatch.setattr(crossroads, "GUIDED", 20)
    monkeypatch.setattr(planning, "Engine", InProcess)
    source = applied(twenty, [parsed("items.maximum_suppliers=1")])
    told: list[Progress] = []
    made = plan(source, gap=0.2, time_limit=100, threads=1, tell=told.append)
    assert "it begins from the plan of its lots alone" in made.run["road"]
    phases = [event.phase for event in told]
    assert any(phase.startswith("its lots alone: ") for phase in phases)
    assert "taking over the plan of its lots" in phases
    assert "linear relaxation" not in phases  # the bound is that of the lots
    assert made.gap <= 0.2
    monkeypatch.setattr(crossroads, "GUIDED", 21)
    assert chosen_road("auto", source.instance).guide is None


@pytest.mark.usefixtures("by_lots", "in_process")
def test_a_plan_with_riders_passes_the_audit(tmp_path: Path) -> None:
    family.write(12, 4, 1, tmp_path / "rich", "rich")
    made = plan(read(tmp_path / "rich"), gap=0.3, time_limit=600, out=tmp_path / "plan")
    assert made.run["road"].endswith("with safety stock, share maximum, share minimum")
    assert made.counts["orders"] > 0
    assert 0 < made.bound <= made.objective


@pytest.mark.usefixtures("by_lots", "in_process")
def test_a_plan_made_lot_by_lot_passes_the_audit(twenty: Input, tmp_path: Path) -> None:
    told: list[Progress] = []
    made = plan(twenty, gap=0.15, time_limit=100, out=tmp_path / "plan", tell=told.append)
    assert made.run["road"].startswith("decomposed: 20 lots")
    assert made.run["strengthened_by"] == []
    assert made.gap <= 0.15 + 1e-9
    assert made.status == "optimal"
    assert made.counts["orders"] > 0
    assert any("decomposed: 20 lots" in event.phase for event in told)
    seconds = [event.seconds for event in made.trace]
    assert seconds == sorted(seconds)


@pytest.mark.usefixtures("in_process")
def test_both_roads_agree_on_what_is_possible(twenty: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan(twenty, gap=0.2, time_limit=60)
    monkeypatch.setattr(crossroads, "DECOMPOSED", 1)
    apart = plan(twenty, gap=0.2, time_limit=60)
    assert (whole.run["road"][:5], apart.run["road"][:10]) == ("whole", "decomposed")
    for made, other in ((whole, apart), (apart, whole)):
        assert made.bound <= other.objective


@pytest.mark.usefixtures("by_lots", "in_process")
def test_threads_change_no_plan(twenty: Input, by_one_thread: Plan) -> None:
    two = plan(twenty, gap=0.15, time_limit=100, threads=2)
    assert by_one_thread.objective == two.objective
    assert by_one_thread.purchase_orders.equals(two.purchase_orders)


@pytest.mark.usefixtures("by_lots")
def test_without_time_there_is_a_plan(twenty: Input) -> None:
    made = plan(twenty, time_limit=0.1)
    assert made.run["road"].startswith("decomposed")
    assert -np.inf < made.bound <= made.objective
    assert made.purchase_orders.empty and made.trace[0].phase == "ordering nothing"


@pytest.mark.usefixtures("by_lots")
@pytest.mark.parametrize("items", [5, 5_000])
def test_where_there_is_no_time_to_load_it_lot_by_lot_is_not_begun(
    twenty: Input, items: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def searched(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(crossroads, "IN_PIECES", items)
    monkeypatch.setattr(InProcess, "search", searched)
    monkeypatch.setattr(planning, "Engine", InProcess)
    made = plan(twenty, time_limit=0.5)
    assert made.purchase_orders.empty and made.objective == pytest.approx(sum(made.accounts.values()))
    with pytest.raises(AssertionError):
        plan(twenty, time_limit=0.5, warm_start=made)  # an earlier plan is worth more


@pytest.mark.usefixtures("by_lots")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_the_best_plan(twenty: Input, number: signal.Signals) -> None:
    sent: list[float] = []

    def tell(progress: Progress) -> None:
        if progress.plan is not None and not sent:
            sent.append(progress.plan)
            os.kill(os.getpid(), number)

    made = plan(twenty, gap=0, time_limit=300, tell=tell)
    assert made.run["interrupted"]
    assert made.objective <= sent[0] * (1 + 1e-9)


@pytest.mark.usefixtures("by_lots")
def test_a_cost_that_the_whole_does_not_confirm_is_our_failure(twenty: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(InProcess):
        def search(self, *asked: object) -> Outcome:
            outcome = super().search(*asked)  # type: ignore[arg-type]
            outcome.cost *= 1.0001
            return outcome

    monkeypatch.setattr(planning, "Engine", Wrong)
    with pytest.raises(SolverError, match=r"lot by lot breaks .* or costs [\d,.]+ there and [\d,.]+ here"):
        plan(twenty, gap=0.5, time_limit=60)


@pytest.mark.usefixtures("by_lots", "in_process")
def test_a_plan_that_breaks_a_rule_is_our_failure(twenty: Input, monkeypatch: pytest.MonkeyPatch) -> None:
    from optimizer.decompose import compose

    composed = compose.composed

    def broken(lots: object, compiled: Compiled, quantities: object, flows: Deliveries) -> object:
        x = composed(lots, compiled, quantities, flows)  # type: ignore[arg-type]
        x[compiled.columns["place"]] = 0.0
        return x

    monkeypatch.setattr(compose, "composed", broken)
    with pytest.raises(SolverError, match="breaks a rule of the whole by"):
        plan(twenty, gap=0.2, time_limit=60)


@pytest.mark.usefixtures("by_lots", "in_process")
def test_lot_by_lot_from_an_earlier_plan_and_its_prices(twenty: Input, tmp_path: Path) -> None:
    first = plan(twenty, gap=0.12, time_limit=100, out=tmp_path / "plan")
    assert sorted(first.memory) == ["basis", "prices"]
    # Which lots have programs of their own is not kept: those that broke limits at earlier prices only have none now.
    # So the bound may be a little lower, and the gap is asked a little wider.
    again = plan(twenty, gap=0.125, time_limit=100, warm_start=tmp_path / "plan")
    assert again.objective <= first.objective * (1 + 1e-9)
    assert again.bound >= first.bound * (1 - 2e-3)
    assert again.run["warm_start"]["orders_found_again"] == first.counts["orders"]
    assert (again.run["warm_start"]["items_changed"], again.run["warm_start"]["prices"]) == (0, True)
    keys = ["item", "supplier", "order_period", "quantity"]
    assert again.purchase_orders[keys].equals(first.purchase_orders[keys])


@pytest.mark.usefixtures("by_lots", "in_process")
def test_very_many_items_are_planned_in_pieces(
    twenty: Input, by_one_thread: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossroads, "IN_PIECES", 10)
    monkeypatch.setattr(crossroads, "PIECE", 6)
    apart = plan(twenty, gap=0.15, time_limit=100, threads=1, out=tmp_path / "plan")
    assert apart.run["road"] == by_one_thread.run["road"]
    assert apart.objective == pytest.approx(by_one_thread.objective)
    assert apart.counts == by_one_thread.counts
    again = plan(twenty, gap=0.15, time_limit=100, warm_start=tmp_path / "plan")
    assert again.objective <= apart.objective * (1 + 1e-9)
    assert again.run["warm_start"]["orders_found_again"] == apart.counts["orders"]
    assert not chosen_road("tight", twenty.instance).pieces


@pytest.mark.usefixtures("by_lots", "in_process")
def test_a_changed_item_is_decided_again_though_the_gap_is_reached(twenty: Input) -> None:
    first = plan(twenty, gap=0.12, time_limit=100)
    item = str(first.purchase_orders["item"].iloc[0])
    tables = {name: pd.DataFrame(table, dtype=object) for name, table in twenty.text.items()}
    demand = tables["demand"]
    tables["demand"] = demand.assign(
        quantity=[
            "0" if row_item == item else quantity
            for row_item, quantity in zip(demand["item"], demand["quantity"], strict=True)
        ]
    )
    nobody = read(tables, settings=twenty.settings_text)
    again = plan(nobody, gap=0.5, time_limit=100, warm_start=first)
    assert again.run["warm_start"]["items_changed"] == 1
    left = again.purchase_orders.loc[again.purchase_orders["item"] == item, "quantity"].sum()
    assert left < first.purchase_orders.loc[first.purchase_orders["item"] == item, "quantity"].sum() / 2


def test_what_fails_meanwhile_is_raised_at_the_end() -> None:
    def fail() -> Compiled:
        raise ZeroDivisionError("meanwhile")

    meanwhile = roads._Meanwhile(fail)
    with pytest.raises(ZeroDivisionError, match="meanwhile"):
        meanwhile.result()


def test_what_a_solver_keeps_to_a_tolerance_only_is_refined(in_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A point that is off by a hundred thousandth fails the audit as it is: stocks do not follow from the flows."""

    def roughly(*asked: Any) -> tuple[Outcome, Any]:
        outcome, goals = searched(*asked)
        assert outcome.x is not None
        program, noise = asked[0].program, np.random.default_rng(1).standard_normal(len(outcome.x))
        inside = ~program.integer & (outcome.x > program.lower) & (outcome.x < program.upper)
        return replace(outcome, x=outcome.x * np.where(inside, 1 + 1e-5 * noise, 1.0)), goals

    tables = {
        "items": pd.DataFrame([{"item": "A", "price": 2.0, "holding_cost": 1.0}]),
        "suppliers": pd.DataFrame([{"supplier": "S"}]),
        "sourcing": pd.DataFrame([{"item": "A", "supplier": "S", "unit_cost": 2.0, "lead_time": 1}]),
        "inventory": pd.DataFrame([{"item": "A", "location": "main", "on_hand": 1000.0}]),
        "demand": pd.DataFrame([{"item": "A", "customer": "C", "due": day, "quantity": 300} for day in DAYS]),
    }
    source = read(tables, settings={"name": "rough", "start": DAYS[0], "periods": len(DAYS)})
    monkeypatch.setattr(roads, "searched", roughly)
    plan(source, time_limit=20)
    monkeypatch.setattr(roads, "refined", lambda _, x: x)
    with pytest.raises(AuditRefused, match=r"on_hand|holding"):
        plan(source, time_limit=20)
