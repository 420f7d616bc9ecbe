"""Mix: its prices raise the bound to what a linear program says that it can be, and its plans keep the gates."""

from collections.abc import Callable

import numpy as np
import pytest

from models.lots import Lots
from optimizer.decompose import mix as mix_module
from optimizer.decompose.mix import Mix
from optimizer.decompose.prices import Priced, Pricing
from optimizer.solve.highs import LinearProgram
from tests.decompose.lots import family_lots, random_lots


def exact(pricing: Pricing, proposals: list[Priced], around: Priced, width: float) -> float:
    """Least cost of a mix of these plans, by a linear program; capacity is bought and sold at the sides of the box."""
    lots, a = pricing.lots, pricing.arrays
    gates, ones = len(lots.gate_cost), np.ones(len(lots))
    program = LinearProgram(
        np.concatenate([np.full(gates, -np.inf), ones]), np.concatenate([np.zeros(gates), ones]), 30.0
    )
    every = np.arange(gates)
    program.add(lots.gate_cost, np.ones(gates), every, every, -np.where(pricing.priced_gates, pricing.capacity, 1e9))
    program.add(lots.gate_overtime_cost, np.maximum(lots.gate_overtime, 0.0), every, every, -np.ones(gates))
    unlimited = np.full(gates, np.inf)
    program.add(around.price + width, unlimited, every, every, -np.ones(gates))
    program.add(-np.maximum(around.price - width, 0.0), unlimited, every, every, np.ones(gates))
    for at in proposals:
        owner = np.flatnonzero(~at.breaks_limits(a))
        place = np.full(len(lots), -1)
        place[owner] = np.arange(len(owner))
        taken = np.flatnonzero((at.opened > 0) & (place[a.option_lot] >= 0) & (a.gate < a.gates - 1))
        program.add(
            at.own_cost(lots, a)[owner],
            np.full(len(owner), np.inf),
            np.append(place[a.option_lot[taken]], np.arange(len(owner))),
            np.append(a.gate[taken], gates + owner),
            np.append((at.brought * a.use + at.opened * a.setup)[taken], np.ones(len(owner))),
        )
    answer = program.solve()
    assert answer is not None
    return answer[2]


def proposed(lots: Lots, steps: int = 6) -> tuple[Pricing, Mix, list[Priced]]:
    pricing = Pricing(lots, 1)
    mix, proposals = Mix(pricing, 1), []
    for step in range(steps):
        proposals.append(pricing.within_limits(pricing.opening * (1 + 0.1 * step), 30.0))
        mix.propose(proposals[-1])
    return pricing, mix, proposals


@pytest.mark.parametrize("made", [family_lots, *(lambda seed=seed: random_lots(seed) for seed in range(3))])
def test_what_it_comes_to_is_what_a_linear_program_finds(made: Callable[[], Lots]) -> None:
    pricing, mix, proposals = proposed(made())
    best = max(proposals, key=lambda at: at.bound)
    width = 0.4 * pricing.scale
    mix.prices(best, width)
    known = exact(pricing, proposals, best, width)
    # No prices are worth more than the best mix costs; they are nearly worth it.
    assert mix.objective <= known + 1e-6 * max(1.0, abs(known))
    assert mix.objective >= known - 0.01 * max(1.0, abs(known))


def test_its_prices_raise_the_bound() -> None:
    pricing, mix, proposals = proposed(family_lots())
    best = max(proposals, key=lambda at: at.bound)
    first = best.bound
    for _ in range(5):
        at = pricing.within_limits(mix.prices(best, 0.4 * pricing.scale), 30.0)
        mix.propose(at)
        best = max(best, at, key=lambda one: one.bound)
    assert best.bound > first + 0.001 * first


def test_prices_stay_in_the_box() -> None:
    pricing, mix, proposals = proposed(family_lots())
    width = 0.01 * pricing.scale
    moved = mix.prices(proposals[0], width) - proposals[0].price
    assert np.abs(moved).max() <= width * (1 + 1e-9)
    assert np.abs(moved).max() > 0.5 * width  # it would like to go further


def test_what_is_open_and_what_takes_part() -> None:
    pricing, mix, proposals = proposed(family_lots())
    assert (mix.open_shares() == 1).all()
    assert not mix.support().any()
    mix.prices(proposals[-1], pricing.scale)
    shares, taken = mix.open_shares(), np.zeros(len(pricing.arrays.gate), dtype=np.bool_)
    for at in proposals:
        taken |= (at.opened > 0) | (at.brought > 0)
    assert ((shares >= 0) & (shares <= 1 + 1e-9)).all()
    assert 0 < shares.mean() < 1
    assert mix.support().any()
    assert not (mix.support() & ~taken).any()


def test_what_is_known_is_not_proposed_again() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    mix = Mix(pricing, 1)
    at = pricing.within_limits(pricing.opening, 30.0)
    assert mix.propose(at) == len(lots)
    assert mix.propose(at) == 0


def test_a_plan_that_breaks_limits_takes_no_part() -> None:
    lots = family_lots()
    pricing = Pricing(lots, 1)
    at = pricing.at(pricing.opening)
    breaking = int(at.breaks_limits(pricing.arrays).sum())
    assert breaking > 0
    assert Mix(pricing, 1).propose(at) == len(lots) - breaking


def test_threads_change_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mix_module, "IN_PIECE", 4)
    found = []
    for threads in (1, 2):
        pricing = Pricing(family_lots(), 1)
        mix = Mix(pricing, threads)
        at = pricing.within_limits(pricing.opening, 30.0)
        mix.propose(at)
        found.append(mix.prices(at, pricing.scale))
    assert np.array_equal(found[0], found[1])
