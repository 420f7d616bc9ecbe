"""A few cases of the campaign of time limits, and that it would see what it looks for."""

import os
import sys
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("reads CPU time in /proc", allow_module_level=True)

from optimizer import planning
from optimizer.planning import make
from tests.campaigns import time_limits
from tests.campaigns.time_limits import BAD, campaign, descendants
from tests.solve.in_process import InProcess


def test_there_is_a_plan_with_a_bound_within_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limits, "LATE", 60.0)  # a test machine may be busy: only the campaign judges times
    figures = campaign(2, 7, ("tiny", "small"), (0.1,))
    assert {name: figures[name] for name in BAD} == dict.fromkeys(BAD, 0), figures["findings"]


@pytest.mark.slow
def test_many() -> None:
    assert campaign(100, 1)["found"] == 0


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"bound": 1e9}, "no_bound"), ({"bound": float("-inf")}, "no_bound"), ({"gap": 0.5}, "no_bound"),
        ({"objective": -5.0, "bound": -5.0, "gap": 0.0}, "wrong_bound"),
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
    assert campaign(1, 7, ("tiny",), (0.1,))[told] == 1


def test_time_of_processes_is_counted() -> None:
    before = time_limits._cpu()
    sum(k * k for k in range(300_000))
    assert time_limits._cpu() > before
    assert os.getpid() not in descendants()
