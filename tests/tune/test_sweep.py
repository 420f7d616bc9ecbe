"""Sweep: where the best plan changes is known by hand, and every point is certified."""

import numpy as np
import pytest

from optimizer.tune.refused import TuneRefused
from optimizer.tune.sweep import in_halves, path, ranged, swept
from tests.tune.breaking_even import instance, trials


def test_the_plan_changes_where_it_breaks_even() -> None:
    source = instance()
    one = ranged(source, "shortage_cost=0.5..2")
    positions, factors = path([one], 7, "even")
    assert positions == [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0]
    sweep = swept(trials(source, "shortage_cost"), positions, factors)
    # min(40 f, 50): 20, 30, 40, 50, 50, 50, 50; all of it shortage below 1.25, none above.
    assert sweep.intervals.upper == pytest.approx([20, 30, 40, 50, 50, 50, 50])
    assert sweep.intervals.lower == pytest.approx(sweep.intervals.upper, rel=1e-4)
    assert sweep.intervals.carried
    assert sweep.intervals.contradicted == ()
    lost = [float(sweep.moved @ sweep.trials.plans[point.best]) for point in sweep.points]
    assert lost[:3] == pytest.approx([40, 40, 40])  # at the own penalties: 10 x 4
    assert lost[4:] == pytest.approx([0, 0, 0])


def test_plans_that_are_the_best_elsewhere_need_no_search() -> None:
    source = instance()
    positions, factors = path([ranged(source, "shortage_cost=0.5..2")], 16, "even")
    sweep = swept(trials(source, "shortage_cost"), positions, factors)
    # Two plans are all there are: once both are proven best on their sides, lines and chords say the rest.
    assert sweep.trials.solves <= 5
    assert {point.how for point in sweep.points} == {"live", "known"}


def test_a_sweep_that_is_stopped_tells_what_is_known_of_all_points() -> None:
    source = instance()
    one = trials(source, "shortage_cost", stop=lambda: len(one.done) >= 3)
    positions, factors = path([ranged(source, "shortage_cost=0.5..2.5")], 5, "even")
    sweep = swept(one, positions, factors)
    assert one.stopped
    assert sweep.positions == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert [point.how for point in sweep.points] == ["live", "live", "known", "known", "live"]
    # min(40 f, 50) by the plans of 0.5 and 2.5; proven are 20, 40 and 50, and on their chords 43.33 and 46.67.
    assert sweep.intervals.upper == pytest.approx([20, 40, 50, 50, 50])
    assert sweep.intervals.lower == pytest.approx([20, 40, 40 + 10 / 3, 40 + 20 / 3, 50], rel=1e-4)


def test_a_sweep_that_is_stopped_early_has_the_points_of_which_anything_is_proven() -> None:
    source = instance()
    one = trials(source, "shortage_cost", stop=lambda: len(one.done) >= 1)
    sweep = swept(one, *path([ranged(source, "shortage_cost=0.5..2.5")], 5, "even"))
    # Solved at 1: nothing costs less at higher factors, so 40 is a bound there; below it nothing is known.
    assert sweep.positions == [1.0, 1.5, 2.0, 2.5]
    assert sweep.intervals.lower == pytest.approx([40] * 4, rel=1e-4)
    assert sweep.wanted == 5


def test_costs_that_are_no_line_are_compiled_at_each_point() -> None:
    source = instance()  # both multiply the cost of a shortage: 40 f f, so 50 is less from f = 1.118 on
    groups = ["shortage_cost", "customers.weight"]
    positions, factors = path([ranged(source, f"{name}=0.5..1.5") for name in groups], 5, "even")
    sweep = swept(trials(source, *groups), positions, factors)
    assert not sweep.intervals.carried
    assert sweep.intervals.upper == pytest.approx([10, 22.5, 40, 50, 50])
    assert sweep.intervals.lower == pytest.approx(sweep.intervals.upper, rel=1e-4)


def test_nothing_at_all_is_no_sweep() -> None:
    source = instance()
    one = trials(source, "shortage_cost", stop=lambda: True)
    with pytest.raises(KeyboardInterrupt):
        swept(one, *path([ranged(source, "shortage_cost=0.5..2.5")], 5, "even"))


def test_the_order_is_first_ends_and_middles() -> None:
    assert in_halves(5) == [0, 4, 2, 1, 3]
    assert in_halves(5, 1) == [1, 0, 4, 2, 3]
    assert sorted(in_halves(20, 3)) == list(range(20))
    assert in_halves(2, 0) == [0, 1]


def test_paths() -> None:
    source = instance()
    one, other = ranged(source, "shortage_cost=0.5..2"), ranged(source, "items.backorder_cost=1..3")
    positions, factors = path([one], 3, "ratio")
    assert positions == pytest.approx([0.5, 1.0, 2.0])
    positions, factors = path([one], 4, "even")
    assert positions == [0.5, 1.0, 1.5, 2.0]
    positions, factors = path([ranged(source, "shortage_cost=0.5..2.25")], 2, "even")
    assert positions == [0.5, 1.0, 2.25]  # the own penalties besides
    positions, factors = path([one, other], 3, "even")
    assert positions == [0.0, 0.5, 1.0]
    assert factors == [(0.5, 1.0), (1.25, 2.0), (2.0, 3.0)]
    positions, factors = path([one, ranged(source, "items.backorder_cost=0.5..2")], 3, "even")
    assert factors == [(0.5, 0.5), (1.0, 1.0), (1.25, 1.25), (2.0, 2.0)]


def test_the_range_of_a_setting_is_of_its_values() -> None:
    one = ranged(instance(), "costs.shortage_rate=1..4")
    assert one.group.number == 2.0
    assert (one.low, one.high) == (0.5, 2.0)


@pytest.mark.parametrize(
    "text",
    [
        "shortage_cost", "shortage_cost=2", "shortage_cost=2..1", "shortage_cost=a..b", "shortage_cost=-1..2",
        "shortage_cost=1..inf", "shortage_cost=1..1",
    ],
)  # fmt: skip
def test_a_range_that_is_none(text: str) -> None:
    with pytest.raises(TuneRefused, match=r"--vary|none"):
        ranged(instance(), text)


def test_steps_and_scales_that_cannot_be() -> None:
    one = ranged(instance(), "shortage_cost=0..2")
    with pytest.raises(TuneRefused, match="2 to 1,000"):
        path([one], 1, "even")
    with pytest.raises(TuneRefused, match="equal ratios"):
        path([one], 3, "ratio")


def test_the_own_penalties_are_solved_to_a_gap_that_fits_the_step() -> None:
    source = instance()
    one = trials(source, "shortage_cost", gap=0.3)
    sweep = swept(one, *path([ranged(source, "shortage_cost=0.9..1.1")], 3, "even"))
    # A step changes 40 by a tenth, so a gap of a hundredth is asked for in the end, whatever the first search was.
    assert np.all(sweep.intervals.upper - sweep.intervals.lower <= 0.0101 * sweep.intervals.upper)
