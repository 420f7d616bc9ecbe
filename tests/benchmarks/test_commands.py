"""The benchmarks as commands: help, and a run on a folder."""

import json
from pathlib import Path

import pytest

from benchmarks import min_max, two_mondays
from tests.reference.folder import read_tables, write_instance
from tests.reference.random_instances import random_instance


@pytest.mark.parametrize("command", [min_max.main, two_mondays.main])
def test_help_says_what_it_does(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(command)
    with pytest.raises(SystemExit) as ended:
        command(["--help"])
    assert ended.value.code == 0
    assert "python -m benchmarks." in capsys.readouterr().out


def test_a_plan_by_the_rule_and_the_monday_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, plan, following = tmp_path / "instance", tmp_path / "plan", tmp_path / "following"
    write_instance(instance, *random_instance(1, "medium"))
    assert min_max.main([str(instance), "-o", str(plan)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["audit"] == []
    assert report["order_lines"] > 0
    assert report["cost"] == pytest.approx(sum(report["accounts"].values()), abs=0.05)

    assert two_mondays.main(["roll", str(instance), str(plan), str(following)]) == 0
    assert len(read_tables(following)["items"]["item"]) == len(read_tables(instance)["items"]["item"])
    assert min_max.main([str(following), "-o", str(tmp_path / "second")]) == 0
    capsys.readouterr()
    assert two_mondays.main(["compare", str(plan), str(plan)]) == 0
    same = json.loads(capsys.readouterr().out)
    assert (same["dropped"], same["added"], same["quantity_changed"]) == (0, same["released_second"], 0)
