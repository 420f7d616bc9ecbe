"""Rebuild items: as `rebuild`, but whole items, whose ties are weighed.

Lots are decided at prices of ties, which keep them on average only; where a tie has more than it asks for, its price
was paid for nothing. So prices of ties are shaken, too: an item orders now this, now that, and what comes out is
judged at what it really costs, with a penalty for ties that are broken (bonds.py).
"""

import numpy as np

from optimizer.decompose.bonds import Bonds
from optimizer.decompose.halves import Half
from optimizer.decompose.rebuild import BY_SIZE, REOPENED, SHAKEN, SHARES, Rebuilder, rebuilt, settled, undone
from optimizer.decompose.replan import own_cost
from optimizer.solve.program import Booleans, Floats, Ints

MOST = 16  # lots that are taken out, about
FACTORS = (1.0, 1.0, 0.8, 0.5, 0.0, 1.3)  # of prices of ties


class ItemRebuilder(Rebuilder):
    """Rounds of rebuilding on a plan of items.

    Args:
        half: as for `Rebuilder`; items are of one half.
        costs: each lot's own cost, at the prices of ties; kept up to date.
        size: of each lot, in money.
        support: which options are worth a try.
        bonds: the ties.
        paid: by tie, the price at which lots are decided.
    """

    def __init__(self, half: Half, costs: Floats, size: Floats, support: Booleans, bonds: Bonds, paid: Floats) -> None:
        super().__init__(half, costs, size, support)
        self._bonds, self._paid = bonds, paid

    def _once(self, seed: int) -> None:
        a, state, random, bonds = self._half.a, self._half.state, self._half.random, self._bonds
        lots = bonds.together(self._together(seed)[: int(random.integers(1, MOST // 2 + 1))])
        items = np.unique(bonds.item[lots])
        by_size = -self._size[lots] * np.exp(random.normal(0.0, 0.5, len(lots)))
        order = lots[np.argsort(by_size)] if random.random() < BY_SIZE else random.permutation(lots)
        state.price[:] = self._price * np.exp(random.normal(0.0, random.choice(SHAKEN), len(state.price)))
        share, reopen = float(random.choice(SHARES)), bool(random.random() < REOPENED)
        before = bonds.owed(state.quantity, items, self._paid)
        shaken = self._paid * random.choice(FACTORS, bonds.items)[bonds.item_of_tie]
        unit, fixed = a.unit_cost.copy(), a.fixed_cost.copy()
        bonds.charged(items, shaken - self._paid, a.unit_cost, a.fixed_cost)
        more = rebuilt(
            a, self._half.room, state, order, random.permutation(lots), share, reopen, self._costs, self._new_costs,
            self._undo, self._met,
        )  # fmt: skip
        more += bonds.owed(state.quantity, items, shaken) - before
        self._restore(lots, unit, fixed)
        state.price[:] = self._price
        if more < self._dearer * -np.log(1.0 - random.random()):
            for j in lots.tolist():
                self._costs[j] = own_cost(a, self._half.room, state, j)
        else:
            undone(a, state, order, self._undo)
        settled(a, state, order)

    def _restore(self, lots: Ints, unit: Floats, fixed: Floats) -> None:
        """The costs of these lots' options as they were; those of other lots another thread may have changed."""
        a = self._half.a
        for j in lots.tolist():
            mine = slice(a.option_start[j], a.option_start[j + 1])
            a.unit_cost[mine], a.fixed_cost[mine] = unit[mine], fixed[mine]
