"""The trace as a table: what moved, gaps, and thinning."""

import math
from itertools import pairwise

from optimizer.report.trace import trace_table
from optimizer.solve.events import Progress


def test_what_moved_and_its_gap() -> None:
    table = trace_table([
        Progress(0.0, None, None, "constructing"),
        Progress(1.0, 200.0, None, "constructing"),
        Progress(2.0, 200.0, None, "constructing"),
        Progress(3.0, 200.0, 150.0, "improving"),
        Progress(4.0, 200.0, 150.0, "improving"),
    ])  # fmt: skip
    assert list(table.columns) == ["seconds", "plan", "bound", "gap", "phase"]
    assert table["seconds"].tolist() == [0.0, 1.0, 3.0, 4.0]  # the last is kept although nothing moved
    assert math.isnan(table["gap"][1])
    assert table["gap"].tolist()[2:] == [0.25, 0.25]  # (200 − 150) / 200
    assert table["phase"].tolist() == ["constructing", "constructing", "improving", "improving"]


def test_a_plan_that_costs_nothing_has_no_gap() -> None:
    assert trace_table([Progress(1.0, 0.0, -3.0, "")])["gap"].tolist() == [0.0]


def test_no_trace_is_no_rows() -> None:
    assert trace_table([]).shape == (0, 5)


def test_a_long_trace_is_thinned_in_equal_ratios() -> None:
    long = [Progress(0.2 * step, 1000.0 - step, 1.0, "improving") for step in range(1, 3001)]
    table = trace_table(long)
    seconds = table["seconds"].tolist()
    assert len(seconds) <= 200
    assert (seconds[0], seconds[-1]) == (0.2, 600.0)
    assert seconds == sorted(set(seconds))
    assert seconds[:3] == [0.2, 0.4, 0.6000000000000001]  # 600 / 0.2 in 198 steps: 4% each, so every event at first
    assert all(later / sooner < 1.09 for sooner, later in pairwise(seconds) if sooner > 10)
