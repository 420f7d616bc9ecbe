"""A few cases of the campaign of lies, and that it would see who believes them."""

from typing import Any

import pytest

from optimizer.solve.highs import Infeasible
from tests.campaigns import infeasible
from tests.campaigns.infeasible import BAD, campaign
from tests.solve.in_process import InProcess


def test_lies_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infeasible, "SECONDS", 2.0)
    figures = campaign(1, 3)
    assert {name: figures[name] for name in BAD} == dict.fromkeys(BAD, 0), figures["findings"]
    assert figures["lies"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("told", ["believed", "unnoticed"])
def test_who_believes_is_seen(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = infeasible._planned

    def lied_to(source: Any, engine: Any, lots_from: Any) -> Any:
        if not isinstance(engine, infeasible.NoSuchPlan):
            return planned(source, engine, lots_from)
        return Infeasible() if told == "believed" else planned(source, InProcess(), lots_from)

    monkeypatch.setattr(infeasible, "_planned", lied_to)
    monkeypatch.setattr(infeasible, "LIES", (infeasible.NoSuchPlan,))
    assert campaign(1, 3)[told] == 1
