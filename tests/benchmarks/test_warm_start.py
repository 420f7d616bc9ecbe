"""Warm start: which cells change, and the three runs side by side."""

import json
from pathlib import Path

import pytest

from benchmarks import family, warm_start
from benchmarks.warm_start import changed, main
from optimizer import planning, read
from tests.solve.in_process import InProcess


def test_a_few_cells_change(tmp_path: Path) -> None:
    family.write(3, 12, 1, tmp_path / "one")
    dearer, larger = changed(tmp_path / "one", tmp_path / "other")
    before, after = (read(tmp_path / name).text for name in ("one", "other"))
    differ = {
        (table, column): {
            before[table]["item"][k]
            for k, (was, now) in enumerate(zip(cells, after[table][column], strict=True))
            if was != now
        }
        for table in before
        for column, cells in before[table].items()
        if cells != after[table][column]
    }
    assert differ == {
        ("items", "backorder_cost"): {dearer}, ("demand", "backorder_cost"): {dearer}, ("demand", "quantity"): {larger},
    }  # fmt: skip
    assert dearer == larger == "P000002"  # of three, the second is a third and a half of the way


def test_the_runs_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(planning, "Engine", InProcess)
    family.write(3, 12, 1, tmp_path / "one")
    main([str(tmp_path / "one"), "--time-limit", "1", "--json", str(tmp_path / "warm.json")])
    runs = json.loads((tmp_path / "warm.json").read_text(encoding="utf-8"))
    assert [run["run"] for run in runs] == ["first", "warm", "cold"]
    assert runs[0]["lines_changed"] == 0
    assert all(run["gap"] >= 0 for run in runs)
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert set(runs[0]) == set(warm_start.Run.__annotations__)
