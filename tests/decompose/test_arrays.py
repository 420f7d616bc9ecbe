"""Arrays: the lots' numbers for compiled code, which knows no infinity and no missing gate."""

import numpy as np
import pytest

from optimizer.decompose import arrays as module
from optimizer.decompose.arrays import FAR, arrays, room_for, taken_at_once, work
from tests.decompose.lots import family_lots, random_lots


def test_nothing_is_infinite_and_every_option_has_a_gate() -> None:
    for seed in range(5):
        lots = random_lots(seed)
        a = arrays(lots)
        assert all(np.isfinite(field).all() for field in a)
        assert a.gates == len(lots.gate_cost) + 1
        assert a.lots == len(lots)
        assert ((a.gate >= 0) & (a.gate < a.gates)).all()
        assert np.array_equal(a.gate == a.gates - 1, lots.gate < 0)


def test_the_last_gate_costs_nothing_and_limits_nothing() -> None:
    a = arrays(family_lots())
    assert (a.gate_cost[-1], a.gate_floor[-1]) == (0, 0)
    assert a.gate_capacity[-1] == a.gate_ceiling[-1] == FAR


def test_options_of_each_gate_and_lot() -> None:
    a = arrays(family_lots())
    for gate in range(a.gates):
        mine = a.gate_options[a.gate_start[gate] : a.gate_start[gate + 1]]
        assert np.array_equal(np.sort(mine), np.flatnonzero(a.gate == gate))
    for lot in range(a.lots):
        assert (a.option_lot[a.option_start[lot] : a.option_start[lot + 1]] == lot).all()


def test_held_is_the_sum_of_what_holding_costs() -> None:
    lots = family_lots()
    a = arrays(lots)
    assert np.allclose(a.held[:, 5] - a.held[:, 2], lots.holding[:, 2:5].sum(axis=1))


def test_there_is_room_for_the_largest_lot() -> None:
    a = arrays(family_lots())
    room = work(a)
    assert len(room.value) == np.diff(a.option_start).max()
    assert room.back.shape == (len(room.value), np.diff(a.line_start).max())


def test_there_is_room_for_all_options_that_a_plan_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    a = arrays(family_lots())  # 26 periods
    options, supplies = int(np.diff(a.option_start).max()), int(np.diff(a.supply_start).max())
    assert taken_at_once(a, np.ones(len(a.gate))) == room_for(a) == options > 2 * a.periods
    assert len(work(a).flow) > supplies + 1 + options  # supplies, never, and the options
    monkeypatch.setattr(module, "ROOM", 0)
    assert room_for(a) == 2 * a.periods
    assert len(work(a, options).flow) > supplies + 1 + options
