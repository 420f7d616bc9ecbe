"""Results: gaps, times and medians by hand; files that grow."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.results import (
    Point,
    Run,
    append_run,
    best_bounds,
    controllable_gap,
    gap,
    gap_at,
    middle,
    read_runs,
    seconds_to,
    thinned,
)  # fmt: skip

TRACE: list[Point] = [(1.0, None, 90.0), (2.0, 200.0, 90.0), (4.0, 105.0, 95.0), (8.0, 100.0, 98.0)]
RUN = Run("a", "x", 10.0, 2, plan=100.0, bound=98.0, purchase=60.0, trace=TRACE)


def test_gaps() -> None:
    assert gap(100.0, 98.0) == pytest.approx(0.02)
    assert gap(-100.0, -101.0) == pytest.approx(0.01)
    assert gap(0.0, -1.0) == 0.0
    assert gap(100.0, 100.1) == 0.0
    assert gap(None, 98.0) is None
    assert controllable_gap(RUN) == pytest.approx(2 / 40)


def test_the_first_plan_is_measured_against_the_last_bound() -> None:
    # At 4 s (105 − 98) / 105 = 6.7%, at 8 s 2%.
    assert seconds_to(RUN, 0.05) == 8.0
    assert seconds_to(RUN, 0.07) == 4.0
    assert seconds_to(RUN, 0.01) is None
    assert seconds_to(RUN, 0.05, bound=100.0) == 4.0  # (105 − 100) / 105 = 4.8%


def test_the_gap_at_a_time_is_that_of_the_last_point_before() -> None:
    assert gap_at(RUN, 0.5) is None
    assert gap_at(RUN, 1.5) is None
    assert gap_at(RUN, 7.9) == pytest.approx(10 / 105)
    assert gap_at(RUN, 7.9, bound=99.75) == pytest.approx(0.05)


def test_who_never_got_there_counts_as_infinitely_bad() -> None:
    none = replace(RUN, plan=None)
    assert middle([RUN, RUN, none], lambda run: gap(run.plan, run.bound)) == pytest.approx(0.02)
    assert middle([RUN, none, none], lambda run: gap(run.plan, run.bound)) is None
    assert middle([RUN, none], lambda run: gap(run.plan, run.bound)) is None
    assert middle([], lambda run: 1.0) is None


def test_the_best_bound_is_anyones_that_holds() -> None:
    others = [replace(RUN, solver="y", bound=99.0), replace(RUN, solver="z", bound=99.9, bound_holds=False)]
    assert best_bounds([RUN, *others]) == {"a": 99.0}
    assert best_bounds([replace(RUN, known=99.5)]) == {"a": 99.5}
    with pytest.raises(ValueError, match="above a plan"):
        best_bounds([RUN, replace(RUN, solver="y", plan=None, bound=100.1)])


def test_files_grow_and_the_last_of_a_kind_counts(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "runs.jsonl"
    append_run(path, RUN)
    append_run(path, replace(RUN, solver="y", plan=None, bound=float("-inf"), trace=[]))
    append_run(path, replace(RUN, plan=99.123456789123))
    with path.open("a") as file:
        file.write('{"instance": "torn')
    again, first = read_runs(path)
    assert first == replace(RUN, plan=99.1234568)
    assert (again.solver, again.plan, again.bound, again.trace) == ("y", None, None, [])
    assert read_runs(tmp_path / "none.jsonl") == []


def test_a_long_trace_keeps_its_ends_and_tells_the_beginning_closely() -> None:
    long: list[Point] = [(0.1 * step, 1000.0 - step, 1.0) for step in range(1, 5001)]
    kept = thinned(long)
    assert len(kept) <= 200
    assert (kept[0], kept[-1]) == (long[0], long[-1])
    assert kept == sorted(set(kept))
    assert sum(seconds <= 5.0 for seconds, _, _ in kept) > 20  # 50 of 5,000 points, but more than a tenth of what stays
    same: list[Point] = [(1.0, 5.0, None), (2.0, 5.0, None), (3.0, 4.0, None), (4.0, 4.0, None)]
    assert thinned(same) == [same[0], same[2], same[3]]
    assert thinned([]) == []
