"""Planning: the one road from tables to a published plan, and what happens where it breaks off."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer import planning
from optimizer.audit import Violation
from optimizer.planning import plan
from optimizer.read import Input, read
from optimizer.read.earlier import NoEarlierPlan
from optimizer.results.plan import Plan
from optimizer.solve.engine import Outcome, Problem
from optimizer.solve.events import Progress
from optimizer.solve.highs import SolverError
from optimizer.solve.program import Program, finite_bound
from optimizer.solve.search import Options
from optimizer.write import AuditRefused, PublishError, TargetRefused
from tests.docs_page import DOCS, examples, run
from tests.results.frames import frames
from tests.solve.in_process import InProcess
from tests.solve.programs import random_input

ROOT = Path(__file__).parents[1]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search in this process."""
    monkeypatch.setattr(planning, "Engine", InProcess)


def small(**settings: Any) -> Input:
    """One item, ordered once: 10 units at 2, which arrive when 8 and 2 are due, and an order cost of 3."""
    tables = {
        "items": {
            "item": ["A"], "holding_cost": ["1"], "backorder_cost": ["5"], "shortage_cost": ["50"],
            "ending_value": ["0"],
        },
        "suppliers": {"supplier": ["S"]},
        "sourcing": {"item": ["A"], "supplier": ["S"], "unit_cost": ["2"], "lead_time": ["1"], "order_cost": ["3"]},
        "inventory": {"item": ["A"], "location": ["main"]},
        "demand": {
            "item": ["A", "A"], "customer": ["C", "C"], "due": ["2026-12-02", "2026-12-09"], "quantity": ["8", "2"],
        },
    }  # fmt: skip
    return read(frames(tables), settings={"name": "small", "start": "2026-11-23", "periods": 4, **settings})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def engine_that(search: Callable[[Program], Outcome]) -> type[InProcess]:
    """An engine whose search is this function."""

    class Other(InProcess):
        def search(self, problem: Problem, options: Options, tell: Callable[[Progress], None]) -> Outcome:
            assert isinstance(problem, Program)
            return search(problem)

    return Other


def test_the_page_about_python_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "instances").symlink_to(ROOT / "instances", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    blocks = examples((DOCS / "python.md").read_text(encoding="utf-8"))
    assert len(blocks) == 5
    for block in blocks:
        assert run(block.code, names) == block.printed
    assert (tmp_path / "my-plan" / "purchase_orders.csv").is_file()


def test_the_page_about_python_names_every_public_attribute() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert {name for name in Plan.__annotations__ if name not in {"name", "currency", "instance"}} <= named


@pytest.mark.usefixtures("in_process")
def test_figures_of_a_plan_by_hand() -> None:
    # Ordered at once for both: 20 + 3, and 2 units wait a week at 1 = 25; ordered twice: 20 + 6 = 26.
    made = plan(small(), gap=0)
    assert made.objective == pytest.approx(25)
    assert made.bound == pytest.approx(25)
    assert (made.status, made.fill_rate, made.fill_rate_on_time, made.folder) == ("optimal", 1.0, 1.0, None)
    assert made.accounts["purchase"] == 20
    assert sum(made.accounts.values()) == pytest.approx(made.objective)
    assert made.counts["orders"] == made.counts["orders_to_release"] == 1
    assert made.run["road"].startswith("whole: ")
    assert made.run["settings"] == {"gap": 0, "time_limit": 300.0, "seed": 0, "threads": None, "formulation": "auto"}


@pytest.mark.usefixtures("in_process")
def test_what_the_caller_says_goes_before_what_the_instance_says() -> None:
    asked = small(solve={"gap": 0.07, "time_limit": 9, "seed": 4, "threads": 2})
    settings = [plan(asked, **more).run["settings"] for more in ({}, {"gap": 0, "seed": 5, "time_limit": 8})]  # type: ignore[arg-type]
    assert settings[0] == {"gap": 0.07, "time_limit": 9, "seed": 4, "threads": 2, "formulation": "auto"}
    assert settings[1] == {"gap": 0, "time_limit": 8, "seed": 5, "threads": 2, "formulation": "auto"}


@pytest.mark.usefixtures("in_process")
def test_one_seed_gives_the_same_files_byte_for_byte(tmp_path: Path) -> None:
    source = random_input(3, "medium")
    for name in ("one", "other"):
        plan(source, gap=0.001, seed=11, out=tmp_path / name)
    one, other = (contents(tmp_path / name) for name in ("one", "other"))
    assert {name for name in one if name.endswith(".csv")} >= {"purchase_orders.csv", "allocations.csv", "costs.csv"}
    assert [name for name in one if name.endswith(".csv") and one[name] != other[name]] == []


@pytest.mark.usefixtures("in_process")
def test_what_is_published_is_what_is_returned(tmp_path: Path) -> None:
    made = plan(small(), gap=0, out=tmp_path / "plan")
    assert made.folder == tmp_path / "plan"
    written = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (written["objective"], written["bound"], written["status"]) == (25, 25, "optimal")
    assert written["bound"] <= written["objective"]


@pytest.fixture
def earlier(tmp_path: Path, in_process: None) -> Path:
    """An earlier plan, published."""
    plan(small(), out=tmp_path / "plan")
    return tmp_path / "plan"


def test_a_plan_that_fails_its_audit_is_not_published(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(earlier)
    found = [Violation(rule="balance", message="stock does not carry over", file="inventory.csv")]
    monkeypatch.setattr(planning, "audit", lambda *_, **__: found)
    with pytest.raises(AuditRefused, match="stock does not carry over"):
        plan(small(), out=earlier)
    with pytest.raises(AuditRefused):
        plan(small())
    with pytest.raises(AuditRefused):
        plan(small(), out=earlier.parent / "new")
    assert contents(earlier) == before
    assert [path.name for path in earlier.parent.iterdir()] == ["plan"]


@pytest.mark.parametrize("failure", [SolverError("it broke"), MemoryError(), KeyboardInterrupt()])
def test_an_earlier_plan_is_untouched_whatever_breaks(
    failure: BaseException, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(program: Program) -> Outcome:
        raise failure

    before = contents(earlier)
    monkeypatch.setattr(planning, "Engine", engine_that(broken))
    with pytest.raises(type(failure)):
        plan(small(), out=earlier)
    assert contents(earlier) == before
    assert [path.name for path in earlier.parent.iterdir()] == ["plan"]


@pytest.mark.usefixtures("in_process")
def test_a_folder_that_is_no_plan_is_refused_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "Engine", None)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(TargetRefused, match="is not a plan"):
        plan(small(), out=tmp_path)
    with pytest.raises(PublishError, match="is a file"):
        plan(small(), out=tmp_path / "mine.txt")


def test_a_bound_above_the_plan_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    certain = []

    def lies(program: Program) -> Outcome:
        certain.append(finite_bound(program))
        outcome = InProcess().search(program, Options(20, 0), lambda progress: None)
        return Outcome(outcome.x, bound=1000.0)

    monkeypatch.setattr(planning, "Engine", engine_that(lies))
    made = plan(small())
    assert made.bound == certain[0] < made.objective
    assert made.status == "feasible"


def test_rounding_does_not_lift_the_bound_above_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def a_little(program: Program) -> Outcome:
        outcome = InProcess().search(program, Options(20, 0), lambda progress: None)
        assert outcome.x is not None
        return Outcome(outcome.x, bound=program.objective(outcome.x) * (1 + 4e-10))

    monkeypatch.setattr(planning, "Engine", engine_that(a_little))
    made = plan(small(), gap=0)
    assert (made.bound, made.gap, made.status) == (made.objective, 0, "optimal")


@pytest.mark.usefixtures("in_process")
def test_from_an_earlier_plan_in_memory_or_in_a_folder(tmp_path: Path) -> None:
    first = plan(small(), out=tmp_path / "plan")
    for earlier, folder in ((first, first.folder), (tmp_path / "plan", tmp_path / "plan"), (plan(small()), None)):
        again = plan(small(), warm_start=earlier)
        assert again.objective <= first.objective + 1e-9
        assert again.run["warm_start"] == {
            "folder": None if folder is None else str(folder), "orders": 1, "orders_found_again": 1,
            "items_changed": 0, "prices": False,
        }  # fmt: skip
    assert "warm_start" not in first.run
    assert sorted(first.memory) == ["basis"]
    run = json.loads((tmp_path / "plan" / "run.json").read_text(encoding="utf-8"))
    assert run["files"]["basis.csv"]["rows"] == 1
    assert plan(small(), warm_start=first, out=tmp_path / "plan").folder == first.folder


@pytest.mark.usefixtures("in_process")
def test_from_an_edited_plan_and_from_that_of_another_instance(tmp_path: Path) -> None:
    best = plan(small(), gap=0, out=tmp_path / "plan")
    orders = tmp_path / "plan" / "purchase_orders.csv"
    orders.write_text(orders.read_text(encoding="utf-8").replace(",10,", ",7.5,"), encoding="utf-8")
    other = plan(random_input(3, "medium"), gap=0.1)
    for earlier in (tmp_path / "plan", other):
        assert plan(small(), gap=0, warm_start=earlier).objective == pytest.approx(best.objective)
    cold = plan(random_input(4, "medium"), gap=0.01)
    begun = plan(random_input(4, "medium"), gap=0.01, warm_start=other)
    assert begun.objective <= cold.objective * (1 + 0.01)
    assert begun.bound <= cold.objective + 1e-6 * abs(cold.objective)


def test_a_folder_that_is_no_earlier_plan_is_told_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "Engine", None)
    with pytest.raises(NoEarlierPlan, match=r"it has no purchase_orders\.csv"):
        plan(small(), warm_start=tmp_path, out=tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("in_process")
def test_progress_is_told_and_kept() -> None:
    told: list[Progress] = []
    plan(small(), gap=0, tell=told.append)
    assert told[-1].plan == pytest.approx(25)
    assert told[-1].bound == pytest.approx(25)


@pytest.mark.usefixtures("in_process")
def test_nothing_asked_costs_nothing() -> None:
    tables = small().text
    nothing = tables["demand"] | {"quantity": ["0", "0"]}
    made = plan(read(frames(tables | {"demand": nothing}), settings=small().settings_text))
    assert (made.objective, made.bound, made.gap, made.gap_controllable) == (0, 0, 0, 0)
    assert (made.status, made.fill_rate) == ("optimal", 1.0)


@pytest.mark.usefixtures("in_process")
def test_the_trace_counts_from_the_reading_and_ends_with_the_plan() -> None:
    made = plan(small())
    seconds = [event.seconds for event in made.trace]
    assert seconds == sorted(seconds)
    assert 0 < seconds[0] <= seconds[-1] <= made.seconds
    assert made.trace[-1].plan == made.objective
    assert made.trace[-1].bound == pytest.approx(made.bound)
