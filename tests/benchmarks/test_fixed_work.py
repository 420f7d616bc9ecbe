"""Fixed work: the same plan each time, by the same work, and figures that go to a file and come back."""

from pathlib import Path

import pytest

from benchmarks import family, fixed_work, where_time_goes
from benchmarks.fixed_work import STAGES, deciding, read_work, working
from optimizer import roads


def test_work_is_fixed_and_ends_in_a_published_plan(tmp_path: Path) -> None:
    family.write(8, 4, 1, tmp_path / "instance")
    before = dict(vars(roads))
    first, second = (where_time_goes.run(tmp_path / "instance", tmp_path / name, fixed=True) for name in "ab")
    assert vars(roads) == before
    assert first["objective"] == second["objective"]
    assert set(STAGES) < set(first["stages"])
    assert 0 < first["gap"] < 0.5
    one, two = ((tmp_path / name / "purchase_orders.csv").read_bytes() for name in "ab")
    assert one == two


def test_figures_of_each_size_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = {"load": (5.0, 7), "prices": (2.0, 9), "write": (1.0, 8)}
    told = {"gap": 0.05, "stages": {name: {"cpu": cpu, "memory": memory} for name, (cpu, memory) in stages.items()}}
    monkeypatch.setattr(fixed_work, "figures", lambda size, seed, work: told)
    results = tmp_path / "results.jsonl"
    options = ["--results", str(results), "--work", str(tmp_path)]
    fixed_work.main(["--sizes", "20x12,10x12", *options])
    told["gap"] = 0.04
    fixed_work.main(["--sizes", "20x12", *options])
    small, large = read_work(results)
    assert ((small.items, small.gap), (large.items, large.gap)) == ((10, 0.05), (20, 0.04))
    assert (working(large), deciding(large)) == (3.0, 2.0)  # without loading; prices alone
    assert large.memory == {"load": 7, "prices": 9, "write": 8}
