"""Ridden: riders are found by the shape of their rows; what has no such shape is told."""

from dataclasses import replace

import numpy as np

from models.assemble import derive
from models.known import judged
from models.parts import plain
from optimizer.decompose.ridden import covers, riders_of
from tests.decompose.ridden import rich_family, with_all_riders


def test_safety_stock_and_overstock_are_steps() -> None:
    made = with_all_riders()
    riders = made.ridden.riders
    assert riders.below.tolist() == [[5.0] * 4]
    assert riders.below_cost.tolist() == [[0.5] * 4]
    assert riders.above.tolist() == [[20.0] * 4]
    assert riders.above_cost.tolist() == [[0.75] * 4]
    assert made.ridden.names == ("safety_stock", "share_maximum", "share_minimum", "stock_maximum")
    assert made.ridden.left == ()


def test_shares_are_ties() -> None:
    made = with_all_riders()
    riders, lots = made.ridden.riders, made.lots
    cheap = lots.unit_cost[riders.tie_option] == 2
    least, most = np.isfinite(riders.tie_least), np.isfinite(riders.tie_most)
    assert (least.sum(), most.sum()) == (1, 1)
    for tie, own, others in ((np.flatnonzero(least)[0], 0.75, -0.25), (np.flatnonzero(most)[0], 0.4, -0.6)):
        mine = riders.tie_of == tie
        first, second = (others, own) if least[tie] else (own, others)
        assert np.allclose(riders.tie_quantity[mine & cheap], first)
        assert np.allclose(riders.tie_quantity[mine & ~cheap], second)
        assert not riders.tie_placed[mine].any()
    assert np.nansum(riders.tie_least[least]) == np.nansum(riders.tie_most[most]) == 0


def test_steps_are_what_their_rows_lack() -> None:
    made = with_all_riders()
    program, x = made.compiled.program, np.zeros(made.compiled.program.columns)
    x[made.compiled.columns["on_hand"]] = [2, 2, 30, 5, 0]  # the opening first
    made.ridden.steps.write(program, x)
    # 5 - 2 = 3, nothing, nothing, 5 - 0; only 30 is above 20, by 10.
    assert x[made.compiled.columns["below_safety"]].tolist() == [3, 0, 0, 5]
    assert x[made.compiled.columns["above_maximum"]].tolist() == [0, 10, 0, 0]


def test_lots_and_riders_are_all_of_a_rich_instance() -> None:
    for made in (with_all_riders(), rich_family()):
        unknown = judged(made.instance, derive(made.instance), plain()).unknown
        assert unknown is not None
        assert covers(made.ridden, unknown)
        assert not covers(made.ridden, unknown | {"another_rule"})
        assert not covers(replace(made.ridden, left=("whole_order",)), unknown)
        forced = replace(made.ridden.riders, tie_least=np.ones(made.ridden.riders.ties))
        assert not covers(replace(made.ridden, riders=forced), unknown)


def test_a_rule_on_a_variable_of_its_own_in_two_rows_is_no_rider() -> None:
    made = with_all_riders()
    program = made.compiled.program
    matrix = program.matrix.tolil()
    column, other = made.compiled.columns["below_safety"][0], made.compiled.rows["safety_stock"][1]
    matrix[other, column] = 1.0
    changed = replace(made.compiled, program=replace(program, matrix=matrix.tocsc()))
    found = riders_of(made.lots, changed)
    assert "safety_stock" in found.left
    assert found.riders.below.tolist() == [[0.0, 0.0, 5.0, 5.0]]
