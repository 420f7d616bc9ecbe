"""Where time goes: every stage is there, each second counts once, and nothing stays wrapped."""

import json
import time
from pathlib import Path

import pytest

from benchmarks import where_time_goes
from benchmarks.fixed_work import STAGES
from benchmarks.where_time_goes import ORDER, Stages
from optimizer import planning

USUAL = [stage for stage in ORDER if stage not in STAGES]
INSTANCES = Path(__file__).parents[2] / "instances"


def test_help_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        where_time_goes.main(["--help"])
    assert ended.value.code == 0
    assert "python -m benchmarks.where_time_goes" in capsys.readouterr().out


def test_a_stage_within_another_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "process_time", lambda: now[0] / 2)
    stages = Stages()

    def work(seconds: float) -> str:
        now[0] += seconds
        return "done"

    with stages.within("outer"):
        work(1)
        assert stages.wrapped(work, "inner")(10) == "done"
        work(2)
    work(100)  # between stages
    with stages.within("outer"):
        work(4)
    assert (stages.of["outer"].seconds, stages.of["outer"].cpu) == (7, 3.5)  # 1 + 2 + 4
    assert (stages.of["inner"].seconds, stages.of["inner"].cpu) == (10, 5)
    assert all(stage.memory > 1e6 for stage in stages.of.values())


def test_an_instance_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dict(vars(planning))
    plan, figures = tmp_path / "plan", tmp_path / "figures.json"
    where_time_goes.main(
        [str(INSTANCES / "quickstart"), "-o", str(plan), "--time-limit", "2", "--gap", "0.5", "--json", str(figures)]
    )
    assert vars(planning) == before
    assert (plan / "purchase_orders.csv").is_file()
    told = json.loads(figures.read_text())
    assert list(told["stages"]) == USUAL
    assert (told["items"], told["demand_lines"]) == (3, 18)
    assert told["child_memory"] > 1e6
    shown = capsys.readouterr().out
    assert all(stage in shown for stage in USUAL)
