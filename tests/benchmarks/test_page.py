"""The page: figures by hand from a few made-up runs, and plots that do not change by themselves."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import page_tables
from benchmarks.fixed_work import Work
from benchmarks.page import COMMANDS, main, page
from benchmarks.results import Run, append_run

needs_matplotlib = pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
OURS = Run(
    "family-20-12-1", "replenish", 60.0, 2, plan=100.0, bound=98.0, purchase=60.0,
    trace=[(0.5, None, None), (1.0, 130.0, 90.0), (9.0, 102.0, 97.0), (60.0, 100.0, 98.0)],
    wall=65.0, cpu=80.0, peak_mb=1500.0, version="replenish 1", machine="abacus", when="2026-01-02T03:04", commit="abc",
    phases={"constructing": 45.0, "writing": 20.0},
)  # fmt: skip
HIGHS = replace(
    OURS, solver="HiGHS on arrays", plan=110.0, bound=99.0, purchase=66.0, trace=[(5.0, 110.0, 95.0)], phases={}
)  # fmt: skip
WORK = [
    Work("10x3", 10, 0.05, {"load": 9.0, "read": 0.1, "prices": 0.4}, {"load": 5 * 10**8}),
    Work("40x12", 40, 0.04, {"load": 9.0, "read": 0.4, "prices": 2.4}, {"load": 7 * 10**8}),
]
CP_SAT = replace(
    OURS, solver="CP-SAT", plan=99.5, bound=99.6, bound_holds=False, trace=[], note="whole units", phases={}
)


def test_ours_by_size() -> None:
    second = replace(OURS, instance="family-20-12-2", plan=100.0, bound=96.0, cpu=90.0)
    table = page_tables.ours(page_tables.grouped([OURS, HIGHS, second])).splitlines()
    cells = [cell.strip() for cell in table[2].strip("|").split("|")]
    # Gaps 2% and 4%, controllable 2/40 and 4/40; within 5% of 98 at 9 s: 4/102; of 96 at 60 s: 4/100.
    assert cells == [
        *[
            "20 / 12",
            "60 s",
            "2",
            "0.5 s",
            "34.5 s",
            "3.00%",
            "7.50%",
            "1.5%",
            "65.0 s",
            "85.0 s",
            "4,250 ms",
            "1.50 GB",
        ]
    ]


def test_against_others_losses_included() -> None:
    # Best bound that holds: 99. Ours is 1% above it, HiGHS 11/110, CP-SAT 0.5/99.5; our bound is 1/99 below.
    groups = page_tables.grouped([CP_SAT, HIGHS, OURS])
    (solvers,) = groups.values()
    rows = [row.split(" | ") for row in page_tables.compared(solvers, {"family-20-12-1": 99.0}).splitlines()[2:]]
    assert [row[0] for row in rows] == ["| **replenish**", "| HiGHS on arrays", "| CP-SAT"]
    assert [row[2] for row in rows] == ["1.00%", "10.00%", "0.50%"]
    assert [row[3] for row in rows] == ["2.00%", "10.00%", "0.00%*"]
    assert [row[4] for row in rows] == ["1.01%", "0.00%", "–"]
    assert [row[5] for row in rows] == ["9.0 s", "–", "–"]  # (102 − 99) / 102 = 2.9%


def test_known_optima_between_bound_and_plan() -> None:
    run = replace(OURS, instance="pp08a", known=99.0)
    assert page_tables.consistent(run)
    assert not page_tables.consistent(replace(run, known=97.9))
    assert not page_tables.consistent(replace(run, known=100.1))
    assert page_tables.consistent(replace(run, known=97.9, bound_holds=False))
    assert "| 99.00 | 100.00 | 98.00 | 2.000% | yes | – | – |" in page_tables.known([run])
    solved = replace(run, trace=[(1.0, 100.0, 99.7), (2.0, 100.0, 100.0)], bound=100.0, known=100.0)
    assert "| yes | 1.0 s | 2.0 s |" in page_tables.known([solved])


def test_where_the_time_goes() -> None:
    table = page_tables.phases(page_tables.grouped([OURS]))
    assert "| 20 / 12 | 60 s | constructing | 45.0 s | 69% |" in table


def test_the_same_work_at_every_size() -> None:
    rows = page_tables.fixed_work(WORK).splitlines()
    # 0.4 s for 10 items and 2.4 s for 40: 40 and 60 ms an item; with reading, 10 ms an item at both, 50 and 70.
    assert rows[0] == "| stage | 10 / 3, ms per item | 40 / 12, ms per item | last ÷ first |"
    assert rows[2:] == [
        "| read | 10.00 | 10.00 | 1.00 |",
        "| prices | 40.00 | 60.00 | 1.50 |",
        "| **in all** | 50.00 | 70.00 | 1.40 |",
        "| of it deciding | 40.00 | 60.00 | 1.50 |",
        "| peak memory | 0.50 GB | 0.70 GB |  |",
        "| gap of the plan | 5.00% | 4.00% |  |",
    ]


@needs_matplotlib
def test_the_page_has_tables_plots_and_notes(tmp_path: Path) -> None:
    larger = replace(OURS, instance="family-200-12-1", seconds=60.0)
    known = [replace(OURS, instance="pp08a", known=99.0)]
    ablation = [replace(OURS, without="mix"), OURS]
    text = page([OURS, HIGHS, larger], known, ablation, WORK, "## What we saw\n", tmp_path)
    titles = [line for line in text.splitlines() if line.startswith("##")]
    assert titles == [
        "## By size", "## Against others", "### 20 / 12, 60 s", "## Instances with known optima",
        "## What each idea is worth", "## Where the time goes", "## The same work at every size", "## What we saw",
        "## Measure again",
    ]  # fmt: skip
    assert "Measured 2026-01-02 on abacus" in text
    plots = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(plots) == {"benchmark-gap-20x12-60.svg", "benchmark-cpu.svg", "benchmark-memory.svg"}
    assert all(f"images/{name}" in text for name in plots)
    page([OURS, HIGHS, larger], [], [], [], "", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == plots


def test_a_bound_above_a_plan_makes_no_page(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above a plan"):
        page([OURS, replace(HIGHS, bound=100.5)], [], [], [], "", tmp_path)


def test_the_command_without_results_says_so(tmp_path: Path) -> None:
    results = tmp_path / "runs.jsonl"
    options = ["--compare", str(results), "--known", str(results), "--ablation", str(results), "--notes", str(results)]
    options += ["--fixed-work", str(results)]
    assert main([*options, "-o", str(tmp_path / "docs" / "page.md")]) == 0
    assert "Nothing has been measured yet." in (tmp_path / "docs" / "page.md").read_text()
    append_run(results, replace(OURS, instance="quickstart"))
    none = str(tmp_path / "none")
    options = ["--compare", str(results), "--known", none, "--ablation", none, "--notes", none, "--fixed-work", none]
    main([*options, "-o", str(tmp_path / "p.md")])
    text = (tmp_path / "p.md").read_text()
    assert "| quickstart | replenish | 60 s | 9.0 s | 2.00% | 5.00% |" in text
    assert text.endswith(COMMANDS)
