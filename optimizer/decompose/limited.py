"""Limited: one lot whose options have largest and smallest quantities, at prices: its linear relaxation, proven.

    minimise   Σ_k (fixed_k y_k + left_k l_k) + Σ_kd cost_kd f_kd + what is there anyway + Σ_d lost_d u_d
    subject to Σ_k f_kd + … + u_d = q_d  (π_d),   f_kd <= q_d y_k,   y_k <= 1,
               m_k y_k <= Σ_d f_kd + l_k <= M_k y_k  (least_k, most_k)

The dynamic program (follow.py) knows no such limits, and lets a line wait for options that are not taken. This program
does; it grows by the pairs (k, d) that its own prices ask for. What it proves is not the solver's word, but recomputed
from its prices, which is a lower limit whatever they are:

    Σ_d q_d π_d + Σ_s S_s σ_s
    + Σ_k min(0, fixed_k - most_k M_k + least_k m_k - Σ_d q_d (π_d - cost'_kd)^+ + min(0, left'_k) M_k)

with π_d <= lost_d, cost' and left' the costs plus most_k - least_k, and σ_s the least that a unit of supply s is worth.

Source: Erlenkotter (1978), A dual-based procedure for uncapacitated facility location; Geoffrion (1974).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.decompose.arrays import FAR, Arrays
from optimizer.solve.highs import LinearProgram
from optimizer.solve.program import Booleans, Floats, Ints

NEAR = 6  # options from which a line may be covered at first: the cheapest ones
ROUNDS = 6
CLOSE = 5e-5  # share of a lot's cost by which the program and its proof may differ


@dataclass(frozen=True)
class Within:
    """A proven lower limit on a lot's cost at prices, and a (fractional) plan that comes near to it."""

    value: float
    brought: Floats
    opened: Floats


class Limited:
    """One lot's program, kept so that it can be solved again at other prices."""

    def __init__(self, a: Arrays, j: int, seconds: float) -> None:
        self.lot = j
        self._options = options = np.arange(a.option_start[j], a.option_start[j + 1])
        lines = slice(a.line_start[j], a.line_start[j + 1])
        supplies = slice(a.supply_start[j], a.supply_start[j + 1])
        self._quantity, self._lost, self._supply = a.quantity[lines], a.lost[lines], a.supply_quantity[supplies]
        end = a.held[j, a.periods] - a.credit[j]
        self._into = reach(a, j, a.arrival[options])
        self._left = end - a.held[j, a.arrival[options]]
        self._from_supply = reach(a, j, a.supply_period[supplies])
        self._supply_left = end - a.held[j, a.supply_period[supplies]]
        self._largest, self._smallest = a.largest[options], a.smallest[options]
        self._known: Booleans = np.zeros(self._into.shape, dtype=np.bool_)
        self._option, self._line, self._flow = (np.zeros(0, dtype=np.int64) for _ in range(3))
        self._columns(seconds)

    def _columns(self, seconds: float) -> None:
        """The program without flows from options."""
        m, s, n = len(self._quantity), len(self._supply), len(self._options)
        most, least = np.flatnonzero(self._largest < FAR), np.flatnonzero(self._smallest > 0)
        self._most_row, self._least_row = np.full(n, -1), np.full(n, -1)
        self._most_row[most] = m + s + np.arange(len(most))
        self._least_row[least] = m + s + len(most) + np.arange(len(least))
        self._rows = m + s + len(most) + len(least)
        equal, below = np.concatenate([self._quantity, self._supply]), len(most) + len(least)
        self._lp = LinearProgram(
            np.concatenate([equal, np.full(below, -np.inf)]), np.concatenate([equal, np.zeros(below)]), seconds
        )
        place = np.arange(m)
        # Only options have upper limits: with more of them, prices could hide where `_proven` does not look.
        self._add(self._lost, np.full(m, np.inf), [(place, place, 1.0)])
        supply, line = np.nonzero(self._from_supply < self._lost)
        place = np.arange(len(supply))
        entries: list[tuple[Ints, Ints, Floats | float]] = [(place, line, 1.0), (place, m + supply, 1.0)]
        self._add(self._from_supply[supply, line], np.full(len(supply), np.inf), entries)
        self._add(self._supply_left, np.full(s, np.inf), [(np.arange(s), m + np.arange(s), 1.0)])
        place = np.arange(n)
        entries = [(place, self._most_row, 1.0), (place, self._least_row, -1.0)]
        self._kept = self._add(self._left, np.full(n, np.inf), entries)
        entries = [(place, self._most_row, -self._largest), (place, self._least_row, self._smallest)]
        self._taken = self._add(np.zeros(n), np.ones(n), entries)

    def _add(self, cost: Floats, upper: Floats, entries: list[tuple[Ints, Ints, Floats | float]]) -> Ints:
        column, row, value = (
            np.concatenate([np.broadcast_to(np.asarray(entry[k]), entry[0].shape) for entry in entries])
            for k in range(3)
        )
        real = row >= 0
        return self._lp.add(cost, upper, column[real], row[real], value[real].astype(np.float64))

    def _grow(self, pairs: Booleans) -> None:
        """Flows of these pairs, with the rows that bind them to their options."""
        option, line = np.nonzero(pairs & ~self._known & (self._into < np.inf))
        if len(option) == 0:
            return
        self._known[option, line] = True
        count = len(option)
        place = np.arange(count)
        self._lp.add_rows(np.zeros(count), place, self._taken[option], -self._quantity[line])
        linked = self._rows + place
        self._rows += count
        entries: list[tuple[Ints, Ints, Floats | float]] = [(place, line, 1.0), (place, linked, 1.0)]
        entries += [(place, self._most_row[option], 1.0), (place, self._least_row[option], -1.0)]
        flow = self._add(self._into[option, line], np.full(count, np.inf), entries)
        self._option, self._line = np.append(self._option, option), np.append(self._line, line)
        self._flow = np.append(self._flow, flow)

    def at(self, unit: Floats, fixed: Floats) -> Within | None:
        """Solve at the cost of a unit and of taking each option, prices included; None where time is over."""
        unit, fixed = unit[self._options], fixed[self._options]
        cost = self._into + unit[:, None]
        if len(self._flow) == 0:
            self._grow(np.argsort(np.argsort(cost, axis=0, kind="stable"), axis=0, kind="stable") < NEAR)
        best, plan = -np.inf, None
        for _ in range(ROUNDS):
            self._lp.recost(
                np.concatenate([self._flow, self._kept, self._taken]),
                np.concatenate([cost[self._option, self._line], self._left + unit, fixed]),
            )
            answer = self._lp.solve()
            if answer is None:
                break
            x, duals, value = answer
            proven, wanted = self._proven(duals, cost, self._left + unit, fixed)
            brought = np.bincount(self._option, x[self._flow], len(unit)) + x[self._kept]
            plan, best = (brought, x[self._taken]), max(best, proven)
            if value - best <= CLOSE * abs(value):
                break
            self._grow(wanted)
        return None if plan is None else Within(best, *plan)

    def _proven(self, duals: Floats, cost: Floats, left: Floats, fixed: Floats) -> tuple[float, Booleans]:
        """The lower limit that follows from prices, and the pairs that would raise it."""
        m = len(self._quantity)
        line_price = np.minimum(duals[:m], self._lost)
        prices = np.append(np.maximum(-duals, 0.0), 0.0)  # the last for limits that have no row
        most, least = prices[self._most_row], prices[self._least_row]
        saved = np.maximum(line_price - cost - (most - least)[:, None], 0.0)
        most_of = np.where(most > 0, most * self._largest, 0.0)
        kept = np.minimum(left + most - least, 0.0)
        kept = np.where(kept < 0, kept * self._largest, 0.0)
        charge = np.minimum(fixed - most_of + least * self._smallest - saved @ self._quantity + kept, 0.0)
        supply = np.minimum(self._supply_left, (self._from_supply - line_price).min(axis=1, initial=np.inf))
        proven = float(line_price @ self._quantity + supply @ self._supply + charge.sum())
        return proven, (saved > 0.0) & (charge < 0.0)[:, None]


def reach(a: Arrays, j: int, period: Ints) -> Floats:
    """Cost of a unit of lot j from each period to each of its lines; inf where it comes too late."""
    lines = slice(a.line_start[j], a.line_start[j + 1])
    first, last = a.first[lines], a.last[lines]
    kept = a.held[j, first][None, :] - a.held[j, period][:, None]
    waited = a.waiting[lines][None, :] * (period[:, None] - first[None, :])
    late = a.late[lines][:, period].T if len(a.late) else waited
    return np.asarray(np.where(period[:, None] <= first, kept, np.where(period[:, None] <= last, late, np.inf)))
