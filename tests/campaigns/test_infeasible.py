"""That the campaign of lies would see who believes them; a case of it runs in test_small."""

from typing import Any

import pytest

from optimizer.solve.highs import Infeasible
from tests.campaigns import infeasible
from tests.campaigns.campaign import carried_out
from tests.campaigns.infeasible import CAMPAIGN
from tests.solve.in_process import InProcess


@pytest.mark.slow
@pytest.mark.parametrize("told", ["believed", "unnoticed"])
def test_who_believes_is_seen(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = infeasible._planned

    def lied_to(source: Any, engine: Any, *more: Any) -> Any:
        if not isinstance(engine, infeasible.NoSuchPlan):
            return planned(source, engine, *more)
        return Infeasible() if told == "believed" else planned(source, InProcess(), *more)

    monkeypatch.setattr(infeasible, "_planned", lied_to)
    monkeypatch.setattr(infeasible, "LIES", (infeasible.NoSuchPlan,))
    assert [one["what"].partition(":")[0] for one in carried_out(CAMPAIGN, 1, 3).found] == [told]
