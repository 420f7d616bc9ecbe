"""A few cases of the campaign of time limits, and that it would see what it looks for."""

import os
import subprocess
import sys
import time
from itertools import count
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("reads CPU time in /proc", allow_module_level=True)

from optimizer import planning
from optimizer.planning import make
from tests.campaigns import time_limits
from tests.campaigns.campaign import carried_out
from tests.campaigns.time_limits import CAMPAIGN, descendants
from tests.solve.in_process import InProcess


def test_there_is_a_plan_with_a_bound_within_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limits, "LATE", 60.0)  # a test machine may be busy: only the campaign judges times
    monkeypatch.setattr(time_limits, "KINDS", ("tiny", "small"))
    monkeypatch.setattr(time_limits, "LIMITS", (0.1,))
    run = carried_out(CAMPAIGN, 2, 7)
    assert (run.found, run.counts["tiny: feasible"], run.counts["small: feasible"]) == ([], 1, 1)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"bound": 1e9}, "no bound"), ({"bound": float("-inf")}, "no bound"), ({"gap": 0.5}, "no bound"),
        ({"objective": -5.0, "bound": -5.0, "gap": 0.0}, "wrong bound"),
    ],
)  # fmt: skip
def test_what_must_not_be_is_seen(figures: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: Any) -> Any:
        made = make(*arguments)
        for name, value in figures.items():
            object.__setattr__(made, name, value)
        return made

    monkeypatch.setattr(time_limits, "Engine", InProcess)
    monkeypatch.setattr(planning, "make", wrong)
    monkeypatch.setattr(planning, "publish_plan", lambda *_: None)
    monkeypatch.setattr(time_limits, "LATE", 60.0)
    monkeypatch.setattr(time_limits, "KINDS", ("tiny",))
    assert told in [one["what"].partition(":")[0] for one in carried_out(CAMPAIGN, 1, 7).found]


def test_a_hang_is_seen_and_what_was_waited_for_a_processor_is_not_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*arguments: Any) -> Any:
        time.sleep(0.5)
        return make(*arguments)

    monkeypatch.setattr(time_limits, "Engine", InProcess)
    monkeypatch.setattr(time_limits, "KINDS", ("tiny",))
    monkeypatch.setattr(time_limits, "LIMITS", (0.1,))
    monkeypatch.setattr(time_limits, "LATE", 0.2)
    monkeypatch.setattr(planning, "make", hangs)
    monkeypatch.setattr(planning, "publish_plan", lambda *_: None)
    assert [one["what"].partition(" ")[0] for one in carried_out(CAMPAIGN, 1, 7).found] == ["overrun"]
    waits = count()
    monkeypatch.setattr(time_limits, "_waited", lambda: 60.0 * next(waits))
    assert carried_out(CAMPAIGN, 1, 7).found == []


def test_processes_are_those_that_this_one_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in descendants()
        child.kill()
    assert os.getpid() not in descendants()
