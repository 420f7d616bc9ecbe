"""A few cases of the campaign of killed runs, and that it would see what it looks for."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from optimizer.write import publish
from tests.campaigns import kill_run
from tests.campaigns.campaign import carried_out
from tests.campaigns.kill_run import CAMPAIGN, marked
from tests.campaigns.whole_plan import run_of_whole_plan
from tests.write.plans import no_audit, plan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


@pytest.mark.slow
def test_a_killed_run_leaves_a_whole_plan_and_no_process_and_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kill_run, "PUBLISHING", 0.1)
    run = carried_out(CAMPAIGN, 1, 6, "--instances", "benchmarks/wagner-whitin-1958")  # while it publishes
    assert (run.found, run.counts["killed"]) == ([], 1)


def test_a_process_that_lives_on_is_found_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kill_run, "LIVES_ON", 0.2)
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env={kill_run.MARK: "mine"})
    with sleeper:
        assert kill_run._lives_on("mine", Counter())
        sleeper.wait(10)
    assert marked("mine") == []


@pytest.mark.parametrize("damage", ["cut", "row", "missing", "foreign", "record"])
def test_a_torn_plan_is_seen(damage: str, tmp_path: Path) -> None:
    whole = publish(plan(), tmp_path / "whole", no_audit)
    assert run_of_whole_plan(whole) is not None
    torn = shutil.copytree(whole, tmp_path / "torn")
    path, record = torn / "allocations.csv", torn / "run.json"
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-1])
        case "row":
            run = json.loads(record.read_bytes())
            run["files"][path.name]["rows"] += 1
            record.write_text(json.dumps(run), encoding="utf-8")
        case "missing":
            path.unlink()
        case "foreign":
            (torn / "notes.txt").write_text("mine", encoding="utf-8")
        case "record":
            record.write_bytes(record.read_bytes()[:-3])
    assert run_of_whole_plan(torn) is None
