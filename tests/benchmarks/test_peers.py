"""The peers on a published problem, and the pieces that translate for them."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from benchmarks.arrays import TIGHT, Arrays, load, prepare, program
from benchmarks.instances import of_folder
from benchmarks.peers.cbc import follow
from benchmarks.peers.cp_sat import implied_limits, whole_rows
from benchmarks.peers.solvers import NAMES, PEERS, installed
from benchmarks.peers.task import Task, Trace
from benchmarks.results import gap
from benchmarks.runners import Limits, run_ours, run_peer
from tests.campaigns.pure_instances import pure_instance
from tests.reference.folder import write_instance

INSTANCES = Path(__file__).parents[2] / "instances"
WAGNER_WHITIN = of_folder(INSTANCES / "benchmarks" / "wagner-whitin-1958")  # 864, whole units


def arrays(matrix: list[list[float]], low: list[float], top: list[float], upper: list[float]) -> Arrays:
    """A program with these rows and upper limits; nothing costs anything."""
    columns = len(upper)
    return Arrays(
        np.zeros(columns), 0.0, sp.csc_array(np.array(matrix)), np.array(low), np.array(top), np.zeros(columns),
        np.array(upper), np.zeros(columns, dtype=np.bool_), np.zeros(columns), {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all: the instance is compiled once."""
    return tmp_path_factory.mktemp("work")


SLOW = [name for name in NAMES if name == "pyomo" or name.endswith(("-tight", "-facility"))]  # they start slowly


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in NAMES])
def test_a_peer_finds_the_optimum(name: str, work: Path) -> None:
    if not installed(name):
        pytest.skip(f"{PEERS[name].needs} is not installed")
    run = run_peer(name, WAGNER_WHITIN, Limits(300.0, cores=1), work)
    assert "exit code" not in run.note
    assert run.plan == pytest.approx(864)
    assert run.known == 864
    assert run.bound == pytest.approx(864, rel=1e-4)
    assert run.bound_holds is not PEERS[name].module.startswith("cp_sat")
    assert run.purchase == 0.0
    assert run.trace[-1][1] == pytest.approx(864)
    assert run.cpu > 0
    assert run.peak_mb > 20


@pytest.mark.skipif(not installed("cp-sat-lots"), reason="OR-Tools is not installed")
def test_forms_made_of_lots_have_the_optimum_of_the_program(tmp_path: Path) -> None:
    # Packs are whole in all weeks and demand is whole, so an optimum in whole units is one of the program; gates bind.
    tables, settings = pure_instance(3, "crowded")
    write_instance(tmp_path / "crowded", tables, settings | {"horizon": {"whole_packs": settings["periods"]}})
    instance = of_folder(tmp_path / "crowded")
    ours, theirs = (
        run_peer(name, instance, Limits(300.0, cores=2), tmp_path) for name in ("highs-facility", "cp-sat-lots")
    )
    assert "optimal" in theirs.note
    assert theirs.plan == pytest.approx(ours.plan, rel=1e-4)
    assert ours.plan == pytest.approx(ours.bound, rel=1e-4)


def test_a_peer_that_fails_is_told_and_no_more(tmp_path: Path) -> None:
    run = run_peer("highs", of_folder(tmp_path / "nowhere"), Limits(1.0), tmp_path)
    assert run.plan is None
    assert run.note.startswith("not compiled: exit code 1")


def test_ours_is_recorded_with_its_trace(tmp_path: Path) -> None:
    run = run_ours(WAGNER_WHITIN, Limits(300.0, gap=1e-6, cores=1), tmp_path)
    assert run.plan == pytest.approx(864)
    assert (run.purchase, run.note) == (0.0, "")
    assert gap(run.plan, run.bound) == pytest.approx(0.0, abs=1e-6)
    seconds = [point[0] for point in run.trace]
    assert seconds == sorted(seconds)
    assert run.trace[-1][1:] == (run.plan, run.bound)
    assert sum(run.phases.values()) == pytest.approx(run.wall)


def test_the_tight_form_has_more_rows(tmp_path: Path) -> None:
    prepare(WAGNER_WHITIN.folder, tmp_path / "plain")
    prepare(WAGNER_WHITIN.folder, tmp_path / "tight", TIGHT)
    assert load(tmp_path / "tight").rows > load(tmp_path / "plain").rows


def test_arrays_are_the_program(tmp_path: Path) -> None:
    prepare(INSTANCES / "quickstart", tmp_path)
    loaded, whole = load(tmp_path), program(tmp_path)
    assert (loaded.columns, loaded.rows, loaded.offset) == (whole.columns, whole.rows, whole.offset)
    assert np.array_equal(loaded.matrix.toarray(), whole.matrix.toarray())
    assert np.array_equal(loaded.integer, whole.integer)
    assert 0 < np.count_nonzero(loaded.purchase) < loaded.columns
    assert (loaded.purchase <= np.abs(loaded.cost) + 1e-9).all()


def test_limits_follow_from_rows() -> None:
    # x0 <= 5; x1 = 2 x0, so at most 10; x2 + x1 = 12 and x1 >= 0, so at most 12; nothing limits x3.
    found = implied_limits(
        arrays(
            [[-2, 1, 0, 0], [0, 1, 1, 0], [0, 0, -1, 1]], [0, 12, -np.inf], [0, 12, np.inf], [5, np.inf, np.inf, np.inf]
        )
    )
    assert found.tolist() == [5, 10, 12, np.inf]


def test_rows_in_whole_numbers() -> None:
    # 0.25 x + 1.5 y <= 7.75 times 100; thirds are rounded to the tighter side at a millionth.
    rows = whole_rows(
        arrays([[0.25, 1.5], [1 / 3, 1.0], [1 / 3, 0.0]], [-np.inf, -np.inf, 2.0], [7.75, 4.0, np.inf], [9, 9])
    )
    assert rows[0][:2] == ([0, 1], [25, 150])
    assert rows[0][3] == 775
    assert (rows[1][1], rows[1][3]) == ([333334, 1000000], 4000000)
    assert (rows[2][1], rows[2][2]) == ([333333], 2000000)


def test_the_log_of_cbc(tmp_path: Path) -> None:
    log = """
Continuous objective value is 149.5 - 0.20 seconds
Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible 150.25 (3.00 seconds)
Cbc0012I Integer solution of 190.5 found by DiveCoefficient after 20 iterations and 0 nodes (4.00 seconds)
Cbc0010I After 100 nodes, 9 on tree, 180 best solution, best possible 151 (5.50 seconds)
Result - Stopped on time limit

Objective value:                180.00000000
Lower bound:                    152.500
"""
    trace = Trace(Task(arrays([[1.0]], [0.0], [1.0], [1.0]), tmp_path, tmp_path, 10.0, 0.0, 1, tmp_path), offset=1000.0)
    follow(log, trace, ready=1.0)
    assert trace.points[:4] == [
        (1.2, None, 1149.5),
        (4.0, None, 1150.25),
        (5.0, 1190.5, 1150.25),
        (6.5, 1180.0, 1151.0),
    ]
    assert trace.bound == 1152.5
