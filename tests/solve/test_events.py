"""Events: the gap of a running search."""

import pytest

from optimizer.solve.events import Progress


@pytest.mark.parametrize(
    ("plan", "bound", "gap"),
    [
        (100.0, 98.0, 0.02),
        (-50.0, -51.0, 0.02),  # of the absolute cost
        (100.0, 101.0, 0.0),  # noise of the solver
        (0.0, -3.0, 0.0),  # no share of nothing
        (None, 98.0, None),
        (100.0, None, None),
    ],
)
def test_gap(plan: float | None, bound: float | None, gap: float | None) -> None:
    assert Progress(1.0, plan, bound, "testing").gap == pytest.approx(gap)
