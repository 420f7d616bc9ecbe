"""Campaigns: what is run, in which order, and what is not run again."""

import sys
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from benchmarks import ablation, compare, known, page, runners
from benchmarks.campaign import Job, carry_out, line
from benchmarks.instances import Instance, Size, of_family, size_of
from benchmarks.results import Run, read_runs
from benchmarks.runners import Limits


def record(instance: str, solver: str, without: str = "") -> Run:
    return Run(instance, solver, 5.0, 2, without=without, plan=100.0, bound=90.0, purchase=50.0)


def job(instance: str, solver: str, made: list[str]) -> Job:
    def run(tick: object) -> Run:
        made.append(f"{instance} {solver}")
        return record(instance, solver)

    return Job((instance, solver, 5.0, 2, ""), "", run)


def test_what_is_recorded_is_not_run_again(tmp_path: Path) -> None:
    made: list[str] = []
    console, path = Console(file=StringIO()), tmp_path / "runs.jsonl"
    carry_out([job("a", "x", made), job("a", "y", made)], path, console=console)
    runs = carry_out([job("a", "x", made), job("b", "x", made), job("a", "y", made)], path, console=console)
    assert made == ["a x", "a y", "b x"]
    assert [(run.instance, run.solver) for run in runs] == [("a", "x"), ("b", "x"), ("a", "y")]
    carry_out([job("a", "x", made)], path, again=True, console=console)
    assert made[3:] == ["a x"]
    assert len(read_runs(path)) == 3


def test_a_run_in_a_line() -> None:
    # (100 − 90) / 100, and of what is not goods (100 − 90) / 50.
    assert "gap 10.00% (20.00% controllable)" in line(record("a", "x"))
    assert "no plan" in line(Run("a", "x", 5.0, 2))


def test_sizes() -> None:
    assert (Size.parse("1000x12"), Size.parse("rich-20x5")) == (Size(1000, 12), Size(20, 5, "rich"))
    assert [str(Size.parse(text)) for text in ("1000x12", "rich-20x5")] == ["1000x12", "rich-20x5"]
    made = of_family(Size(20, 5, "rich"), 7, Path("w"))
    assert (made.name, size_of(made.name)) == ("family-rich-20-5-7", Size(20, 5, "rich"))
    assert size_of("quickstart") is None
    with pytest.raises(ValueError, match="items x suppliers"):
        Size.parse("1000")


def test_solvers_take_turns(tmp_path: Path) -> None:
    groups = [[of_family(Size(20, 5), seed, tmp_path)] for seed in (1, 2)]
    jobs = list(compare._jobs(groups, ["replenish", "highs", "scip"], Limits(5.0), tmp_path))
    assert [job.key[:2] for job in jobs] == [
        ("family-20-5-1", "replenish"),
        ("family-20-5-1", "HiGHS on arrays"),
        ("family-20-5-1", "SCIP"),
        ("family-20-5-2", "HiGHS on arrays"),
        ("family-20-5-2", "SCIP"),
        ("family-20-5-2", "replenish"),
    ]


@pytest.mark.parametrize("command", [compare.main, known.main, ablation.main, page.main])
def test_help(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(command)
    with pytest.raises(SystemExit) as ended:
        command(["--help"])
    assert ended.value.code == 0
    assert "python -m benchmarks." in capsys.readouterr().out


def test_compare_runs_and_records(tmp_path: Path) -> None:
    results = tmp_path / "runs.jsonl"
    where = ["--results", str(results), "--work", str(tmp_path / "work")]
    assert compare.main(["--sizes", "3x3", "--seeds", "1", "--seconds", "1", "--peers", "highs", *where]) == 0
    runs = read_runs(results)
    assert [run.solver for run in runs] == ["replenish", "HiGHS on arrays"]
    assert runs[0].plan is not None
    assert all(run.bound is not None for run in runs)
    with pytest.raises(SystemExit, match="no such peer: cplex"):
        compare.main(["--peers", "cplex", *where])


def test_known_answers_that_are_contradicted_are_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bounds = iter([863.0, 865.0])

    def fake(instance: Instance, *others: object, **more: object) -> Run:
        return Run(instance.name, "replenish", 5.0, 2, plan=870.0, bound=next(bounds), known=864.0)

    monkeypatch.setattr(known, "run_ours", fake)
    where = ["wagner-whitin-1958", "--seconds", "5", "--results", str(tmp_path / "runs.jsonl"), "--again"]
    assert known.main(where) == 0
    assert known.main(where) == 1
    assert "**NO**" in capsys.readouterr().out


def test_without_switches_there_is_nothing_to_ablate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ablation, "ideas", tuple)
    assert ablation.main([]) == 0
    assert "no ideas" in capsys.readouterr().out


def test_ablation_leaves_out_one_idea_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    switches = ModuleType(ablation.WHERE)
    switches.__dict__["IDEAS"] = ("rounding", "mix")
    monkeypatch.setitem(sys.modules, ablation.WHERE, switches)
    costs = {"": 100.0, "rounding": 120.0, "mix": 125.0}

    def fake(instance: Instance, *others: object, without: list[str], **more: object) -> Run:
        idea = ",".join(without)
        return Run(instance.name, "replenish", 5.0, 2, without=idea, plan=costs[idea], bound=90.0)

    monkeypatch.setattr(ablation, "run_ours", fake)
    where = ["--seconds", "5", "--results", str(tmp_path / "runs.jsonl"), "--work", str(tmp_path)]
    assert ablation.main(["--sizes", "50x3", "--seeds", "1", *where]) == 0
    rows = capsys.readouterr().out.splitlines()[-3:]
    # Gaps 10/100, 30/120, 35/125: the one that costs most comes first.
    assert [row.split(" | ")[2] for row in rows] == ["nothing", "mix", "rounding"]
    assert [row.split(" | ")[4] for row in rows] == ["10.00%", "28.00%", "25.00%"]
    assert rows[1].endswith("| +18.00 points |")
    with pytest.raises(SystemExit, match="no such idea: luck"):
        ablation.main(["--ideas", "luck", *where])


def test_ideas_are_left_out_where_they_play_a_part() -> None:
    sizes = (20, 50, 1000)
    parts = {idea: [items for items in sizes if ablation.plays_a_part(idea, items)] for idea in ablation.ideas()}
    assert parts["strengthening"] == [20]
    assert parts["groups"] == [50]
    assert parts["compile at once"] == [1000]
    assert parts["decomposition"] == parts["mix"] == [50, 1000]


def test_switches_reach_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho without ${runners.SWITCHES}\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(runners, "_program", lambda: str(program))
    run = runners.run_ours(Instance("a", tmp_path), Limits(1.0), tmp_path, without=["mix", "rounding"])
    assert (run.without, run.note) == ("mix,rounding", "exit code 3: without mix,rounding")
